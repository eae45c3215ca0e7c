// npm's undici, Node's own WebSocket, as a client under test. It always offers permessage-deflate.
const { Agent, WebSocket, ping } = require('undici');
const asked = require('../asked.js');

if (asked.deflate === false || (asked.verb === 'ping' && !ping)) asked.unsupported();
const dispatcher = new Agent({ connect: { ca: asked.ca }, webSocket: { maxPayloadSize: 128 << 20 } });
const client = new WebSocket(asked.url, { protocols: asked.subprotocols, headers: asked.headers, dispatcher });
client.binaryType = 'arraybuffer';
client.onerror = () => {};
client.onclose = () => dispatcher.destroy();
client.onmessage = (event) => client.send(event.data);
client.onopen = () =>
  asked.doAction({
    text: (words) => client.send(words),
    binary: (octets) => client.send(octets),
    ping: (octets) => ping(client, octets),
    close: (code, reason) => (code === undefined ? client.close() : client.close(code, reason)),
  });
