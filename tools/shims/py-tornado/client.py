"""Tornado as a client under test."""

import asyncio
import logging

from tornado.httpclient import HTTPError, HTTPRequest
from tornado.httputil import HTTPHeaders
from tornado.websocket import WebSocketClosedError, WebSocketError, websocket_connect

import asked


async def close(connection, code, reason):
    connection.close(code, reason or None)


async def main():
    headers = HTTPHeaders()
    for name, value in asked.headers:
        headers.add(name, value)
    connection = await websocket_connect(
        HTTPRequest(asked.url, headers=headers, ca_certs=asked.ca),
        subprotocols=asked.subprotocols or None,
        compression_options=None if asked.deflate is False else {},
        max_message_size=128 << 20,
    )

    async def ping(octets):
        connection.ping(octets)

    actions = {
        "text": connection.write_message,
        "binary": lambda octets: connection.write_message(octets, binary=True),
        "ping": ping,
        "close": lambda code, reason: close(connection, code, reason),
    }
    await (asked.action(actions) or asyncio.sleep(0))
    while (message := await connection.read_message()) is not None:
        await connection.write_message(message, binary=isinstance(message, bytes))


logging.disable(logging.CRITICAL)  # peers misbehave by design here
try:
    asyncio.run(main())
except (OSError, HTTPError, WebSocketError, WebSocketClosedError, asyncio.CancelledError):
    pass  # the connection is over, or was none
