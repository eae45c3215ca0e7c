"""Autobahn|Python, asyncio, as a client under test."""

import asyncio

from autobahn.asyncio.websocket import WebSocketClientFactory, WebSocketClientProtocol
from autobahn.websocket.compress import (
    PerMessageDeflateOffer,
    PerMessageDeflateResponse,
    PerMessageDeflateResponseAccept,
)

import asked


class Echo(WebSocketClientProtocol):
    def onOpen(self):
        actions = {
            "text": lambda words: self.sendMessage(words.encode(), False),
            "binary": lambda octets: self.sendMessage(octets, True),
            "ping": self.sendPing,
            "close": lambda code, reason: self.sendClose(code, reason or None),
        }
        try:
            asked.action(actions)
        except (Exception, SystemExit):  # pylint: disable=broad-except  # what it raises for a code that it does not send
            self.factory.exit_code = asked.UNSUPPORTED
            self.factory.loop.stop()

    def onMessage(self, payload, isBinary):
        self.sendMessage(payload, isBinary)

    def connection_lost(self, exc):
        super().connection_lost(exc)
        self.factory.loop.call_soon(self.factory.loop.stop)


def accept(response):
    return PerMessageDeflateResponseAccept(response) if isinstance(response, PerMessageDeflateResponse) else None


def main():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    factory = WebSocketClientFactory(asked.url, protocols=asked.subprotocols, headers=dict(asked.headers), loop=loop)
    factory.protocol = Echo
    factory.exit_code = 0
    factory.setProtocolOptions(
        perMessageCompressionOffers=[] if asked.deflate is False else [PerMessageDeflateOffer()],
        perMessageCompressionAccept=accept,
        maxMessagePayloadSize=128 << 20,
        maxFramePayloadSize=128 << 20,
        failByDrop=False,
    )
    loop.run_until_complete(loop.create_connection(factory, factory.host, factory.port, ssl=asked.tls))
    loop.run_forever()
    raise SystemExit(factory.exit_code)


if __name__ == "__main__":
    main()
