"""Talks to an echo server with Python's websockets: python_client.py URL plain, or the window bits and `alone`."""

import asyncio
import random
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory


def messages():
    chosen = random.Random(1)
    yield from ("", "Hello", "x" * 4000, "x" * 4000, "é€😀" * 20000, b"", bytes(65536), chosen.randbytes(70000))
    yield bytes(chosen.choices(b"abc", k=300000))


async def main():
    extensions = None
    if sys.argv[2] != "plain":
        bits, alone = int(sys.argv[2]), sys.argv[3] == "alone"
        extensions = [ClientPerMessageDeflateFactory(alone, alone, bits, bits)]
    options = {"extensions": extensions, "compression": None, "max_size": 64 << 20, "subprotocols": ["other", "echo"]}
    async with websockets.connect(sys.argv[1], **options) as connection:
        for message in [*[*messages()] * 3, b"ab" * (8 << 20)]:
            await connection.send(message)
            assert await connection.recv() == message, len(message)
        await connection.send(["frag", "", "ments"])
        assert await connection.recv() == "fragments"
        await (await connection.ping(b"p"))
        print("extensions", *connection.extensions)
        print("subprotocol", connection.subprotocol)
        await connection.close(3001, "bye")
        print("close", connection.close_code)


if __name__ == "__main__":
    asyncio.run(main())
