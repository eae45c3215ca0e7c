// An echo server on npm's nodejs-websocket: node server.js PORT. A binary message is a stream, whose end is told later than
// the text behind it: the answers wait for their turn.
const websocket = require('nodejs-websocket');

websocket.setMaxBufferLength(128 * 1024 * 1024);
const options = { selectProtocol: (connection, offered) => (offered.includes('echo') ? 'echo' : undefined) };
const server = websocket.createServer(options, (connection) => {
  let last = Promise.resolve();
  const inTurn = (answer) => {
    last = Promise.all([last, answer]).then(([, send]) => send()).catch(() => {});
  };
  connection.on('error', () => {});
  connection.on('text', (text) => inTurn(() => connection.sendText(text)));
  connection.on('binary', (stream) => {
    const parts = [];
    stream.on('data', (part) => parts.push(part));
    inTurn(new Promise((done) => stream.on('end', () => done(() => connection.sendBinary(Buffer.concat(parts))))));
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1');
