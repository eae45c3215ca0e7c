// Deno's own WebSocket as a client under test. It has no permessage-deflate, and sends no Ping when asked.
const asked = require('../asked.js');

if (asked.deflate || asked.ca) asked.unsupported();
const client = new WebSocket(asked.url, { protocols: asked.subprotocols, headers: asked.headers });
client.binaryType = 'arraybuffer';
client.onerror = () => {};
client.onclose = () => process.exit(0);
client.onmessage = (event) => client.send(event.data);
client.onopen = () =>
  asked.doAction({
    text: (words) => client.send(words),
    binary: (octets) => client.send(octets),
    close: (code, reason) => (code === undefined ? client.close() : client.close(code, reason)),
  });
