"""An echo server on Autobahn|Python, asyncio: server.py PORT. Its limits are far above what any scenario sends."""

import asyncio
import sys

from autobahn.asyncio.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept

class Echo(WebSocketServerProtocol):
    def onConnect(self, request):
        return "echo" if "echo" in request.protocols else None

    def onMessage(self, payload, isBinary):
        self.sendMessage(payload, isBinary)


def accept(offers):
    for offer in offers:
        if isinstance(offer, PerMessageDeflateOffer):
            return PerMessageDeflateOfferAccept(offer)
    return None


def main():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    url = f"ws://127.0.0.1:{sys.argv[1]}"
    factory = WebSocketServerFactory(url, protocols=["echo"], loop=loop)  # without loop= the handshake hangs
    factory.protocol = Echo
    factory.setProtocolOptions(
        perMessageCompressionAccept=accept, maxMessagePayloadSize=128 << 20, maxFramePayloadSize=128 << 20, failByDrop=False
    )
    loop.run_until_complete(loop.create_server(factory, "127.0.0.1", int(sys.argv[1])))
    loop.run_forever()


if __name__ == "__main__":
    main()
