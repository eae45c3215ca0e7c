"""A WebSocket echo server that is correct, or wrong in the one way that --fault names (see faults.py).

It shares no code with the engine, nor with the judge's wire layer. Prints `listening on ws://…` once it accepts.
"""

import argparse
import asyncio
import os
import select
import socket
import ssl
import struct
import sys
import tempfile
from collections import deque

import faults as table
from certificates import openssl
from peer_handshake import Handshake, Refusal, refusal_of
from peer_session import Session

HEAD_MAX = 256 << 10
DRAIN = 2.0  # seconds of reading on after FIN, so that no RST overtakes the Close


class Link(asyncio.Protocol):
    """One TCP connection: the opening handshake, then a session."""

    delay = 0.0  # of all that is sent, in seconds

    def __init__(self, faults):
        self.faults = faults
        self.head = bytearray()
        self.session = None
        self.is_over = False
        self.delayed = deque()
        self.idle = None
        if "slow-echoes" in faults:
            self.delay = 0.1
        self.head_max = 2 << 10 if "limits-heads" in faults else HEAD_MAX

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        if self.is_over:
            return
        if self.session:
            self.session.feed(data)
            self.watch_silence()
            return
        self.head += data
        if b"\r\n\r\n" not in self.head and "hangs-at-half-a-head" in self.faults:
            self.block_until_head()
        end = self.head.find(b"\r\n\r\n")
        is_cut = "blank-line-in-one-read" in self.faults and b"\r\n\r\n" not in data and end >= 0
        if is_cut or ("wants-head-in-one-read" in self.faults and end < 0):
            self.refuse(Refusal(400))
        elif end > self.head_max or (end < 0 and len(self.head) > self.head_max):
            self.refuse(Refusal(431))
        elif end >= 0:
            self.open(bytes(self.head[:end]), bytes(self.head[end + 4 :]))

    def open(self, head, early):
        try:
            handshake = Handshake(head, self.faults)
        except Refusal as refusal:
            self.refuse(refusal)
            return
        self.session = Session(self, self.faults, handshake.deflate)
        if early and "answers-early-frames-first" in self.faults:
            self.session.feed(early)
            early = b""
        self.write(handshake.answer())
        self.session.begin()
        if early and "drops-early-frames" not in self.faults:
            self.session.feed(early)
        self.watch_silence()

    def refuse(self, refusal):
        answer, ends = refusal_of(refusal, self.faults)
        self.write(answer)
        if ends:
            self.finish()
        else:
            self.head.clear()

    def block_until_head(self):
        """Waits in the one thread there is, as a server does that reads heads one after the other."""
        descriptor = self.transport.get_extra_info("socket").fileno()
        while b"\r\n\r\n" not in self.head:
            select.select([descriptor], [], [])
            data = os.read(descriptor, 65536)
            if not data:
                return
            self.head += data

    def watch_silence(self):
        if "closes-idle" in self.faults and self.session:
            if self.idle:
                self.idle.cancel()
            self.idle = self.later(5, self.session.fell_silent)

    def eof_received(self):
        if self.head and not self.session and not self.is_over:
            self.refuse(Refusal(400))  # half a head
        self.do(self.transport.close)  # which sends first what is queued
        return True

    def connection_lost(self, _error):
        self.is_over = True
        if self.session:
            self.session.is_open = False

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()

    # What a session asks for.

    def write(self, data):
        self.do(lambda: self.write_now(data))

    def finish(self):
        """FIN, then reading on for a while; all in the order of the writes."""
        self.do(self.finish_now)

    def finish_closing(self):
        """§5.5.1: the server ends TCP at once."""
        self.finish()

    def reset(self):
        self.is_over = True
        end = self.transport.get_extra_info("socket")
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def later(self, seconds, call):
        return asyncio.get_running_loop().call_later(seconds, call)

    def do(self, action):
        if not self.delay:
            action()
            return
        self.delayed.append(action)
        self.later(self.delay, lambda: self.delayed.popleft()())

    def write_now(self, data):
        if self.transport.is_closing():
            return
        slow = 256 if "byte-by-byte" in self.faults else 0
        for at in range(min(slow, len(data))):
            self.transport.write(data[at : at + 1])
        if data[slow:]:
            self.transport.write(data[slow:])

    def finish_now(self):
        if self.is_over:
            return
        self.is_over = True
        if self.transport.is_closing():
            return
        if not self.transport.can_write_eof():  # TLS ends both ways at once
            self.transport.close()
        else:
            self.transport.resume_reading()
            self.transport.write_eof()
            self.later(DRAIN, self.transport.close)


def own_context(directory):
    """TLS with a certificate that is made for the occasion."""
    chain, key = os.path.join(directory, "own.pem"), os.path.join(directory, "own.key")
    openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 2,
        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", chain,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return context


async def serve_tls_or_not(port, faults):
    """The fault `takes-plain-on-tls-port`: what does not begin a TLS handshake is served all the same."""
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as directory:
        context = own_context(directory)
    listener = socket.create_server(("127.0.0.1", port), backlog=512)
    listener.setblocking(False)
    print(f"listening on wss://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    tasks = set()

    async def begin(end):
        while not select.select([end], [], [], 0)[0]:
            await asyncio.sleep(0.005)
        try:
            is_tls = end.recv(1, socket.MSG_PEEK) == b"\x16"
            await loop.connect_accepted_socket(lambda: Link(faults), end, ssl=context if is_tls else None)
        except OSError:
            end.close()

    while True:
        end, _ = await loop.sock_accept(listener)
        end.setblocking(False)
        task = asyncio.ensure_future(begin(end))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def serve(port, faults):
    if "takes-plain-on-tls-port" in faults:
        await serve_tls_or_not(port, faults)
    loop = asyncio.get_running_loop()
    host = "::1" if "ipv6" in faults else "127.0.0.1"
    server = await loop.create_server(lambda: Link(faults), host, port, backlog=512)
    where = f"[{host}]" if ":" in host else host
    print(f"listening on ws://{where}:{server.sockets[0].getsockname()[1]}/", flush=True)
    await server.serve_forever()


def main():
    known = table.FAULTS.keys() | table.NEAR_MISSES.keys()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", metavar="NAME", choices=sorted(known), help="see --list")
    parser.add_argument("--list", action="store_true", help="print what it can do wrong, and what is odd but legal")
    options = parser.parse_args()
    if options.list:
        for each in (*table.FAULTS.values(), *table.NEAR_MISSES.values()):
            print(f"{each.name:32} {each.does}")
        return 0
    try:
        asyncio.run(serve(options.port, frozenset([options.fault] if options.fault else [])))
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
