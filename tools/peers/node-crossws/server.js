// An echo server on crossws, its adapter for Node (npm's ws below): node server.js PORT.
const http = require('http');
const path = require('path');

async function main() {
  // A package of modules only: NODE_PATH does not count for those.
  const adapter = await import(path.join(process.env.NODE_PATH, 'crossws/dist/adapters/node.mjs'));
  const websocket = adapter.default({
    serverOptions: {
      maxPayload: 128 * 1024 * 1024,
      maxFragments: 0,
      maxBufferedChunks: 0,
      perMessageDeflate: true,
      handleProtocols: (offered) => (offered.has('echo') ? 'echo' : false),
    },
    hooks: {
      message: (peer, message) =>
        peer.send(typeof message.rawData === 'string' ? message.rawData : message.uint8Array()),
    },
  });
  const server = http.createServer((request, response) => response.end());
  server.on('upgrade', websocket.handleUpgrade);
  server.listen(Number(process.argv[2]), '127.0.0.1');
}

main();
