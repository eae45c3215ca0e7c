// An echo server on npm's ws: node node_server.cjs OPTIONS(JSON of perMessageDeflate, or false).
const { WebSocketServer } = require('ws');

const server = new WebSocketServer({
  host: '127.0.0.1', port: 0, maxPayload: 64 << 20, perMessageDeflate: JSON.parse(process.argv[2]),
  handleProtocols: (offered) => (offered.has('echo') ? 'echo' : false),
});
server.on('connection', (connection) => {
  connection.on('message', (data, isBinary) => connection.send(data, { binary: isBinary }));
});
server.on('listening', () => console.log(`listening on ws://127.0.0.1:${server.address().port}/`));
