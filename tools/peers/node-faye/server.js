// An echo server on npm's faye-websocket with permessage-deflate: node server.js PORT.
const http = require('http');
const WebSocket = require('faye-websocket');
const deflate = require('permessage-deflate');

const server = http.createServer();
server.on('upgrade', (request, socket, body) => {
  if (!WebSocket.isWebSocket(request)) {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  const options = { maxLength: 128 * 1024 * 1024, extensions: [deflate] };
  const connection = new WebSocket(request, socket, body, ['echo'], options);
  connection.on('message', (event) => connection.send(event.data));
});
server.listen(Number(process.argv[2]), '127.0.0.1');
