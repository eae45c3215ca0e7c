// An echo server on npm's websocket: node server.js PORT. Its limits are far above what any scenario sends.
const http = require('http');
const { server: WebSocketServer } = require('websocket');

const httpServer = http.createServer((request, response) => {
  response.writeHead(404);
  response.end();
});
httpServer.listen(Number(process.argv[2]), '127.0.0.1');
const server = new WebSocketServer({
  httpServer,
  autoAcceptConnections: false,
  keepalive: false,
  maxReceivedFrameSize: 128 * 1024 * 1024,
  maxReceivedMessageSize: 128 * 1024 * 1024,
  fragmentOutgoingMessages: false,
});
server.on('request', (request) => {
  const chosen = request.requestedProtocols.includes('echo') ? 'echo' : null;
  const connection = request.accept(chosen, request.origin);
  connection.on('message', (message) => {
    if (message.type === 'utf8') connection.sendUTF(message.utf8Data);
    else connection.sendBytes(message.binaryData);
  });
});
