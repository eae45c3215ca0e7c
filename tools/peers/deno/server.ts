// An echo server on Deno: deno run --allow-net server.ts PORT.
Deno.serve({ hostname: '127.0.0.1', port: Number(Deno.args[0]), onListen() {} }, (request) => {
  if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') return new Response('', { status: 426 });
  const offered = (request.headers.get('sec-websocket-protocol') ?? '').split(',').map((name) => name.trim());
  const options = { idleTimeout: 0, ...(offered.includes('echo') ? { protocol: 'echo' } : {}) };
  let upgraded;
  try {
    upgraded = Deno.upgradeWebSocket(request, options);
  } catch {
    return new Response('', { status: 400 });
  }
  const { socket, response } = upgraded;
  socket.binaryType = 'arraybuffer';
  socket.onmessage = (event) => socket.send(event.data);
  socket.onerror = () => {};
  return response;
});
