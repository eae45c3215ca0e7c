# An echo server on Ruby's faye-websocket, for Thin. Its limit is far above what any scenario sends.
require 'faye/websocket'
Faye::WebSocket.load_adapter('thin')

run(lambda do |env|
  return [400, { 'Content-Type' => 'text/plain' }, ['']] unless Faye::WebSocket.websocket?(env)

  connection = Faye::WebSocket.new(env, ['echo'], max_length: 128 << 20)
  connection.on(:message) { |event| connection.send(event.data) }
  connection.rack_response
end)
