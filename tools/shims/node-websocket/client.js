// npm's websocket (WebSocket-Node) as a client under test. It has no permessage-deflate.
const { client: Client } = require('websocket');
const asked = require('../asked.js');

if (asked.deflate) asked.unsupported();
const client = new Client({
  maxReceivedFrameSize: 128 << 20,
  maxReceivedMessageSize: 128 << 20,
  fragmentOutgoingMessages: false,
  tlsOptions: { ca: asked.ca },
});
client.on('connectFailed', () => {});
client.on('connect', (connection) => {
  connection.on('error', () => {});
  connection.on('message', (message) =>
    message.type === 'utf8' ? connection.sendUTF(message.utf8Data) : connection.sendBytes(message.binaryData),
  );
  asked.doAction({
    text: (words) => connection.sendUTF(words),
    binary: (octets) => connection.sendBytes(octets),
    ping: (octets) => connection.ping(octets),
    close: (code, reason) => connection.close(code, reason),
  });
});
client.connect(asked.url, asked.subprotocols, null, asked.headers);
