"""An echo server on trio-websocket (wsproto below): server.py PORT."""

import logging
import sys

import trio
from trio_websocket import ConnectionClosed, serve_websocket


async def echo(request):
    connection = await request.accept(subprotocol="echo" if "echo" in request.proposed_subprotocols else None)
    try:
        while True:
            await connection.send_message(await connection.get_message())
    except ConnectionClosed:
        pass


async def main():
    logging.disable(logging.CRITICAL)  # peers misbehave by design here
    await serve_websocket(echo, "127.0.0.1", int(sys.argv[1]), ssl_context=None, max_message_size=128 << 20)


if __name__ == "__main__":
    trio.run(main)
