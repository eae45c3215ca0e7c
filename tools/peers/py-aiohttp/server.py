"""An echo server on aiohttp: server.py PORT."""

import logging
import sys

from aiohttp import WSMsgType, web


async def echo(request):
    connection = web.WebSocketResponse(max_msg_size=128 << 20, protocols=("echo",))
    await connection.prepare(request)
    async for message in connection:
        if message.type == WSMsgType.TEXT:
            await connection.send_str(message.data)
        elif message.type == WSMsgType.BINARY:
            await connection.send_bytes(message.data)
    return connection


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # peers misbehave by design here
    application = web.Application()
    application.router.add_get("/{path:.*}", echo)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), print=None)
