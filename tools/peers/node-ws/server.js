// An echo server on npm's ws: node server.js PORT. Its limits are off, or far above what any scenario sends.
const { WebSocketServer } = require('ws');

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  maxPayload: 128 * 1024 * 1024,
  maxFragments: 0,
  maxBufferedChunks: 0,
  perMessageDeflate: true,
  handleProtocols: (offered) => (offered.has('echo') ? 'echo' : false),
});
server.on('connection', (connection) => {
  connection.on('error', () => {});
  connection.on('message', (data, isBinary) => connection.send(data, { binary: isBinary }));
});
