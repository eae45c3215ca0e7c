// Talks to an echo server with npm's ws: node node_client.cjs URL OPTIONS(JSON of perMessageDeflate, or false).
const assert = require('assert');
const WebSocket = require('ws');

const [url, deflate] = [process.argv[2], JSON.parse(process.argv[3])];
const socket = new WebSocket(url, ['other', 'echo'], { perMessageDeflate: deflate, maxPayload: 64 << 20 });
const messages = ['', 'Hello', 'x'.repeat(4000), 'é€😀'.repeat(20000), Buffer.alloc(65536, 7)];
const queue = [...messages, ...messages, ...messages, Buffer.alloc(16 << 20, 'ab')];
let next = 0;
let pongs = 0;

const fail = (why) => { console.log('not so:', why); process.exit(1); };
const send = () => {
  if (next < queue.length) {
    socket.send(queue[next], { compress: next % 4 !== 3 });
  } else {
    socket.send('frag', { fin: false });
    socket.send('', { fin: false });
    socket.send('ments', { fin: true });
  }
};
socket.on('open', () => {
  socket.ping('p');
  send();
});
socket.on('pong', (data) => { pongs += String(data) === 'p' ? 1 : 0; });
socket.on('message', (data, isBinary) => {
  if (next === queue.length) {
    assert.strictEqual(String(data), 'fragments');
    socket.close(3001, 'bye');
    return;
  }
  const sent = queue[next];
  assert.strictEqual(isBinary, typeof sent !== 'string');
  assert(Buffer.from(sent).equals(data), `message ${next} of ${sent.length}`);
  next += 1;
  send();
});
socket.on('error', fail);
socket.on('close', (code) => {
  if (next !== queue.length || pongs !== 1) fail(`${next} messages, ${pongs} pongs`);
  console.log(`extensions ${socket.extensions}`);
  console.log(`subprotocol ${socket.protocol}`);
  console.log(`close ${code}`);
});
