"""An echo server on Python's websockets: python_server.py plain, or the window bits and whether there is no takeover."""

import asyncio
import logging
import sys

import websockets
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory


async def echo(connection, _path=None):
    try:
        async for message in connection:
            await connection.send(message)
    except websockets.ConnectionClosed:
        pass


async def main():
    logging.getLogger("websockets").setLevel(logging.CRITICAL)
    extensions = None
    if sys.argv[1] != "plain":
        bits, alone = int(sys.argv[1]), sys.argv[2] == "alone"
        extensions = [ServerPerMessageDeflateFactory(alone, alone, bits, bits)]
    options = {"max_size": 64 << 20, "subprotocols": ["echo"], "extensions": extensions, "compression": None}
    async with websockets.serve(echo, "127.0.0.1", 0, **options) as server:
        print(f"listening on ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main())
