// npm's faye-websocket with faye's permessage-deflate as a client under test.
const { Client } = require('faye-websocket');
const deflate = require('permessage-deflate');
const asked = require('../asked.js');

const client = new Client(asked.url, asked.subprotocols, {
  maxLength: 128 << 20,
  extensions: asked.deflate === false ? [] : [deflate],
  headers: asked.headers,
  tls: { ca: asked.ca },
});
client.on('error', () => {});
client.on('message', (event) => client.send(event.data));
client.on('open', () =>
  asked.doAction({
    text: (words) => client.send(words),
    binary: (octets) => client.send(octets),
    ping: (octets) => client.ping(octets.toString()),
    close: (code, reason) => client.close(code, reason),
  }),
);
