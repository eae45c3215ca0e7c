// An echo server on Fastify and @fastify/websocket (npm's ws below): node server.js PORT.
const fastify = require('fastify')();

fastify.register(require('@fastify/websocket'), {
  options: {
    maxPayload: 128 * 1024 * 1024,
    maxFragments: 0,
    maxBufferedChunks: 0,
    perMessageDeflate: true,
    handleProtocols: (offered) => (offered.has('echo') ? 'echo' : false),
  },
});
fastify.register(async (scope) => {
  scope.get('/*', { websocket: true }, (connection) => {
    connection.on('error', () => {});
    connection.on('message', (data, isBinary) => connection.send(data, { binary: isBinary }));
  });
});
fastify.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
