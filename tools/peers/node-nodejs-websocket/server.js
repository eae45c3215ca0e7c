// An echo server on npm's nodejs-websocket: node server.js PORT.
const websocket = require('nodejs-websocket');

websocket.setMaxBufferLength(128 * 1024 * 1024);
const options = { selectProtocol: (connection, offered) => (offered.includes('echo') ? 'echo' : undefined) };
const server = websocket.createServer(options, (connection) => {
  connection.on('error', () => {});
  connection.on('text', (text) => connection.sendText(text));
  connection.on('binary', (stream) => {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    stream.on('end', () => connection.sendBinary(Buffer.concat(parts)));
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1');
