"""aiohttp as a client under test."""

import asyncio

import aiohttp

import asked


async def main():
    async with aiohttp.ClientSession() as session:
        connect = session.ws_connect(
            asked.url,
            protocols=asked.subprotocols,
            compress=0 if asked.deflate is False else 15,
            headers=asked.headers,
            max_msg_size=128 << 20,
            ssl=asked.tls,
        )
        async with connect as connection:
            actions = {
                "text": connection.send_str,
                "binary": connection.send_bytes,
                "ping": connection.ping,
                "close": lambda code, reason: connection.close(code=1000 if code is None else code, message=reason.encode()),
            }
            await (asked.action(actions) or asyncio.sleep(0))
            async for message in connection:
                if message.type == aiohttp.WSMsgType.TEXT:
                    await connection.send_str(message.data)
                elif message.type == aiohttp.WSMsgType.BINARY:
                    await connection.send_bytes(message.data)


try:
    asyncio.run(main())
except (OSError, aiohttp.ClientError):
    pass  # the connection is over, or was none
