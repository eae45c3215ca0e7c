"""Python's websockets as a client under test."""

import asyncio

import websockets

import asked


async def close(connection, code, reason):
    await connection.close(1000 if code is None else code, reason)


async def main():
    connect = websockets.connect(
        asked.url,
        subprotocols=asked.subprotocols or None,
        compression=None if asked.deflate is False else "deflate",
        extra_headers=asked.headers,
        max_size=128 << 20,
        ping_interval=None,
        ssl=asked.tls,
    )
    async with connect as connection:
        actions = {
            "text": connection.send,
            "binary": connection.send,
            "ping": connection.ping,
            "close": lambda code, reason: close(connection, code, reason),
        }
        await (asked.action(actions) or asyncio.sleep(0))
        async for message in connection:
            await connection.send(message)


try:
    asyncio.run(main())
except (OSError, websockets.WebSocketException, asyncio.TimeoutError):
    pass  # the connection is over, or was none
