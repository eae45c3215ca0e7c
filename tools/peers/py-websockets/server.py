"""An echo server on Python's websockets: server.py PORT. Its limits are far above what any scenario sends."""

import asyncio
import logging
import sys

import websockets


async def echo(connection, _path=None):
    try:
        async for message in connection:
            await connection.send(message)
    except websockets.ConnectionClosed:
        pass


async def main():
    logging.getLogger("websockets").setLevel(logging.CRITICAL)  # peers misbehave by design here
    options = {"max_size": 128 << 20, "ping_interval": None, "subprotocols": ["echo"]}
    async with websockets.serve(echo, "127.0.0.1", int(sys.argv[1]), **options):
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main())
