// Bun's own WebSocket as a client under test.
const asked = require('../asked.js');

if (asked.deflate === false) asked.unsupported();
const client = new WebSocket(asked.url, { protocols: asked.subprotocols, headers: asked.headers, tls: { ca: asked.ca } });
client.binaryType = 'arraybuffer';
client.onerror = () => {};
client.onclose = () => process.exit(0);
client.onmessage = (event) => client.send(event.data);
client.onopen = () =>
  asked.doAction({
    text: (words) => client.send(words),
    binary: (octets) => client.send(octets),
    ping: (octets) => client.ping(octets),
    close: (code, reason) => (code === undefined ? client.close() : client.close(code, reason)),
  });
