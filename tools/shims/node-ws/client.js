// npm's ws as a client under test.
const WebSocket = require('ws');
const asked = require('../asked.js');

const options = { perMessageDeflate: asked.deflate ?? true, maxPayload: 128 << 20, maxFragments: 0, maxBufferedChunks: 0 };
const client = new WebSocket(asked.url, asked.subprotocols, { ...options, headers: asked.headers, ca: asked.ca });
client.on('error', () => {});
client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
client.on('open', () =>
  asked.doAction({
    text: (words) => client.send(words),
    binary: (octets) => client.send(octets),
    ping: (octets) => client.ping(octets),
    close: (code, reason) => client.close(code, reason),
  }),
);
