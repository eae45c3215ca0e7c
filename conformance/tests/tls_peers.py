"""The faulty peer within TLS, and what can go wrong there: tls_peers.py NAME --cert FILE --key FILE.

Prints `listening on wss://…` once it accepts. What goes wrong behind the handshake does so at the first binary message:
by then the judge has found that the server echoes.
"""

import argparse
import asyncio
import random
import socket
import ssl
import struct
import sys

import faulty_peer
import peer_session

HANDSHAKE_FAILURE = b"\x15\x03\x03\x00\x02\x02\x28"  # RFC 8446 §6: an alert, fatal, handshake_failure
FORGED = b"\x17\x03\x03\x00\x20" + bytes(32)  # a record that nobody with the keys has encrypted


class Bare(asyncio.Protocol):
    """One TCP connection that goes wrong in the TLS handshake."""

    def connection_made(self, transport):
        self.transport = transport
        self.heard = 0

    def data_received(self, data):
        if not self.heard:
            self.answer()
        self.heard += len(data)

    def answer(self):
        pass

    def reset(self):
        end = self.transport.get_extra_info("socket")
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()


class Hangs(Bare):
    pass


class Garbage(Bare):
    def answer(self):
        self.transport.write(random.Random(1).randbytes(4096))


class PlainHttp(Bare):
    def answer(self):
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        self.transport.close()


class Closes(Bare):
    def answer(self):
        self.transport.close()


class Resets(Bare):
    def answer(self):
        self.reset()


class Alerts(Bare):
    def answer(self):
        self.transport.write(HANDSHAKE_FAILURE)
        self.transport.close()


class ServerHelloAlone(Bare):
    """The beginning of a record, and then nothing more, or the end."""

    def answer(self):
        self.transport.write(b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + bytes(20))


class CutServerHello(ServerHelloAlone):
    def answer(self):
        super().answer()
        self.transport.close()


class Drips(Bare):
    """A record that never ends: a byte a second."""

    def answer(self):
        self.transport.write(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03")
        self.drip()

    def drip(self):
        if not self.transport.is_closing():
            self.transport.write(b"\0")
            asyncio.get_running_loop().call_later(1, self.drip)


class Within:
    """What a Link takes for its transport: the plain side of the TLS."""

    def __init__(self, outer):
        self.outer = outer

    def write(self, data):
        self.outer.write(data)

    def can_write_eof(self):
        return True  # a close_notify, and FIN

    def write_eof(self):
        self.outer.end()

    def close(self):
        self.outer.end()
        self.outer.transport.close()

    def abort(self):
        self.outer.transport.abort()

    def is_closing(self):
        return self.outer.transport.is_closing()

    def pause_reading(self):
        self.outer.transport.pause_reading()

    def resume_reading(self):
        self.outer.transport.resume_reading()

    def get_extra_info(self, name):
        return self.outer.transport.get_extra_info(name)


class Link(faulty_peer.Link):
    """Does `strike` in place of echoing a binary message."""

    def __init__(self, strike):
        super().__init__(frozenset())
        self.strike = strike

    def write(self, data):
        if self.strike and data[0] == 0x80 | peer_session.BINARY:
            self.strike()
        else:
            super().write(data)


class Correct(Bare):
    """The correct peer within TLS."""

    context = None  # for all
    record_size = 16384  # bytes of plain text, at most
    notifies = True  # close_notify before FIN (RFC 8446 §6.1)
    strike = None

    def connection_made(self, transport):
        super().connection_made(transport)
        self.received, self.sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = self.context.wrap_bio(self.received, self.sent, server_side=True)
        self.is_agreed = self.has_ended = self.is_shut = False
        self.link = Link(self.strike)
        self.link.connection_made(Within(self))

    def data_received(self, data):
        self.received.write(data)
        try:
            while self.step():
                pass
        except ssl.SSLError:
            self.flush()  # the alert that says so
            self.transport.close()

    def step(self):
        """Goes on with the handshake or reads; False if that takes more bytes, or nothing is left to do."""
        try:
            if not self.is_agreed:
                self.tls.do_handshake()
                self.is_agreed = True
                self.flush()
                return True
            data = self.tls.read(1 << 16)
        except ssl.SSLWantReadError:
            self.flush()
            return False
        except ssl.SSLZeroReturnError:
            data = b""
        if not data:
            self.link.eof_received()
            return False
        self.link.data_received(data)
        return not self.transport.is_closing()

    def write(self, data):
        if self.has_ended:
            return
        for at in range(0, len(data), self.record_size):
            self.tls.write(data[at : at + self.record_size])
            self.flush()

    def flush(self):
        """Sends what TLS has made; after FIN nothing more."""
        data = self.sent.read()
        if not self.is_shut:
            self.put(data)

    def put(self, data):
        self.transport.write(data)

    def end(self):
        if self.has_ended:
            return
        self.has_ended = True
        if self.notifies and self.is_agreed:
            try:
                self.tls.unwrap()
            except ssl.SSLError:
                pass  # it waits for the other close_notify, and we do not
            self.flush()
        self.is_shut = True
        if not self.transport.is_closing():
            self.transport.write_eof()

    def eof_received(self):
        self.link.eof_received()
        return True

    def connection_lost(self, error):
        self.link.connection_lost(error)


class NoCloseNotify(Correct):
    notifies = False


class RecordsOfOneByte(Correct):
    record_size = 1


class TcpByteByByte(Correct):
    """Each byte of the handshake, and of small records, leaves alone."""

    def connection_made(self, transport):
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)

    def put(self, data):
        for at in range(min(len(data), 4096)):
            if self.transport.is_closing():
                return
            self.transport.write(data[at : at + 1])
        self.transport.write(data[4096:])


class AlertsLater(Correct):
    """A fatal alert, properly encrypted: the one for a record that does not decrypt."""

    def strike(self):
        self.received.write(FORGED)


class GarbageLater(Correct):
    def strike(self):
        self.has_ended = True
        self.transport.write(random.Random(1).randbytes(4096))


class ResetsLater(Correct):
    def strike(self):
        self.has_ended = True
        self.reset()


class HangsLater(Correct):
    def strike(self):
        self.has_ended = True


class TruncatesLater(Correct):
    """FIN without close_notify, in the middle of a frame."""

    notifies = False

    def strike(self):
        self.write(b"\x82\x7e\x01\x00half")
        self.end()


class NotifiesWithoutFin(Correct):
    """close_notify, but TCP stays."""

    def end(self):
        if not self.has_ended:
            self.has_ended = True
            try:
                self.tls.unwrap()
            except ssl.SSLError:
                pass
            self.flush()


PEERS = {
    "correct": Correct,
    "hangs": Hangs,
    "garbage": Garbage,
    "plain-http": PlainHttp,
    "closes": Closes,
    "resets": Resets,
    "alerts": Alerts,
    "server-hello-alone": ServerHelloAlone,
    "cut-server-hello": CutServerHello,
    "drips": Drips,
    "no-close-notify": NoCloseNotify,
    "notifies-without-fin": NotifiesWithoutFin,
    "records-of-one-byte": RecordsOfOneByte,
    "tcp-byte-by-byte": TcpByteByByte,
    "alerts-later": AlertsLater,
    "garbage-later": GarbageLater,
    "resets-later": ResetsLater,
    "hangs-later": HangsLater,
    "truncates-later": TruncatesLater,
}


async def serve(peer, port):
    server = await asyncio.get_running_loop().create_server(peer, "127.0.0.1", port, backlog=512)
    print(f"listening on wss://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
    await server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(PEERS))
    parser.add_argument("--cert", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls12", action="store_true", help="no TLS 1.3")
    options = parser.parse_args()
    Correct.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    Correct.context.load_cert_chain(options.cert, options.key)
    if options.tls12:
        Correct.context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        asyncio.run(serve(PEERS[options.name], options.port))
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
