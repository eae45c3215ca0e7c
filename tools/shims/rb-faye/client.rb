# Ruby's faye-websocket as a client under test. It has no permessage-deflate here.
require 'eventmachine'
require 'faye/websocket'

UNSUPPORTED = 89
verb, rest = (ENV['WSPROOF_ACTION'].to_s.empty? ? 'echo' : ENV['WSPROOF_ACTION']).split(':', 2)
exit UNSUPPORTED if ENV['WSPROOF_DEFLATE'] == '1' || !%w[echo text binary ping close].include?(verb)
headers = ENV['WSPROOF_HEADERS'].to_s.lines(chomp: true).to_h { |line| line.split(/:\s*/, 2) }
options = { headers: headers, max_length: 128 << 20 }
options[:tls] = { root_cert_file: ENV['WSPROOF_CA'] } unless ENV['WSPROOF_CA'].to_s.empty?

EM.run do
  client = Faye::WebSocket::Client.new(ARGV[0], ENV['WSPROOF_SUBPROTOCOLS'].to_s.split(','), options)
  client.on(:message) { |event| client.send(event.data) }
  client.on(:close) { EM.stop }
  client.on(:open) do
    case verb
    when 'text' then client.send(rest)
    when 'binary' then client.send([rest].pack('H*').bytes)
    when 'ping' then client.ping(rest)
    when 'close'
      code, reason = rest.to_s.split(':', 2)
      begin
        code ? client.close(code.to_i, reason.to_s) : client.close
      rescue ArgumentError
        exit! UNSUPPORTED
      end
    end
  end
end
