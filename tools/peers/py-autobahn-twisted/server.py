"""An echo server on Autobahn|Python, twisted: server.py PORT. Its limits are far above what any scenario sends."""

import sys

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept
from twisted.internet import reactor

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
    factory = WebSocketServerFactory(f"ws://127.0.0.1:{sys.argv[1]}", protocols=["echo"])
    factory.protocol = Echo
    factory.setProtocolOptions(
        perMessageCompressionAccept=accept, maxMessagePayloadSize=128 << 20, maxFramePayloadSize=128 << 20, failByDrop=False
    )
    reactor.listenTCP(int(sys.argv[1]), factory, interface="127.0.0.1")
    reactor.run()


if __name__ == "__main__":
    main()
