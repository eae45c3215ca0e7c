// An echo server on Bun: bun server.ts PORT. Its limits are far above what any scenario sends.
Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.argv[2]),
  fetch(request, server) {
    const offered = (request.headers.get('sec-websocket-protocol') ?? '').split(',').map((name) => name.trim());
    const headers = offered.includes('echo') ? { 'Sec-WebSocket-Protocol': 'echo' } : {};
    if (server.upgrade(request, { headers })) return undefined;
    return new Response('', { status: 400 });
  },
  websocket: {
    maxPayloadLength: 128 * 1024 * 1024,
    backpressureLimit: 256 * 1024 * 1024,
    idleTimeout: 120,
    perMessageDeflate: true,
    message(connection, message) {
      connection.send(message, true);
    },
  },
});
