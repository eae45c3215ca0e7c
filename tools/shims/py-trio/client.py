"""trio-websocket as a client under test. It has no permessage-deflate."""

import trio
from trio_websocket import ConnectionClosed, HandshakeError, open_websocket_url

import asked


async def main():
    opening = open_websocket_url(
        asked.url,
        ssl_context=asked.tls,
        subprotocols=asked.subprotocols,
        extra_headers=[(name.encode(), value.encode()) for name, value in asked.headers],
        max_message_size=128 << 20,
    )
    async with opening as connection:
        actions = {
            "text": connection.send_message,
            "binary": connection.send_message,
            "close": lambda code, reason: connection.aclose(1000 if code is None else code, reason or None),
        }
        await (asked.action(actions) or trio.sleep(0))
        while True:
            await connection.send_message(await connection.get_message())


if asked.deflate or asked.verb == "ping":  # its ping() waits for the Pong
    asked.unsupported()
try:
    trio.run(main)
except (OSError, ConnectionClosed, HandshakeError, trio.MultiError):
    pass  # the connection is over, or was none
