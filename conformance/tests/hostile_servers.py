"""Servers that a judge has to survive: hostile_servers.py NAME [--port N]. Prints `listening on ws://…` once it accepts.

Each handler gets one accepted connection in a thread of its own, and its number from 1.
"""

import argparse
import asyncio
import os
import random
import re
import socket
import struct
import sys
import threading
import time

import peer_session
from faulty_peer import Link
from peer_handshake import Handshake

PORT_LINE = "listening on ws://127.0.0.1:{}/"
DEATH = 40  # the connection at which `dies` dies
LONG = 8192  # bytes


def read_head(connection):
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(65536)
        if not data:
            raise ConnectionError
        head += data
    return head


def answer_to(head):
    """The right 101 to a request, however odd the rest of it."""
    key = re.search(rb"(?mi)^Sec-WebSocket-Key: *([^\r\n ]*)", head)
    plain = b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    plain += b"Sec-WebSocket-Key: " + (key[1] if key else b"")
    return Handshake(plain, frozenset({"accepts-short-key", "accepts-no-key"})).answer()


def silent(connection, _number):
    while connection.recv(65536):
        pass


def drips_the_head(connection, _number):
    for octet in answer_to(read_head(connection)):
        connection.sendall(bytes([octet]))
        time.sleep(1)
    while True:
        connection.sendall(b"x")
        time.sleep(1)


def floods_noise(connection, _number):
    noise = random.Random(1).randbytes(1 << 16)
    while True:
        connection.sendall(noise)


def floods_noise_as_frames(connection, _number):
    connection.sendall(answer_to(read_head(connection)))
    floods_noise(connection, _number)


def floods_messages(connection, _number):
    connection.sendall(answer_to(read_head(connection)))
    frames = peer_session.encode(peer_session.TEXT, b"flood") * 1000
    while True:
        connection.sendall(frames)


def floods_pings(connection, _number):
    connection.sendall(answer_to(read_head(connection)))
    frames = peer_session.encode(peer_session.PING, b"flood") * 1000
    threading.Thread(target=silent, args=(connection, 0), daemon=True).start()
    while True:
        connection.sendall(frames)


def floods_a_fragmented_message(connection, _number):
    connection.sendall(answer_to(read_head(connection)))
    connection.sendall(peer_session.encode(peer_session.BINARY, b"", fin=False))
    fragment = peer_session.encode(peer_session.CONTINUATION, bytes(1 << 16), fin=False)
    while True:
        connection.sendall(fragment)


def announces_a_huge_frame(connection, _number):
    connection.sendall(answer_to(read_head(connection)) + b"\x82\x7f\x7f" + b"\xff" * 7)
    silent(connection, 0)


def is_not_http(connection, _number):
    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")
    silent(connection, 0)


def not_found(connection, _number):
    read_head(connection)
    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def closes_at_once(_connection, _number):
    pass


def resets_at_once(connection, _number):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def endless_head(connection, _number):
    read_head(connection)
    connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\n")
    while True:
        connection.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")


def opens_and_hangs(connection, _number):
    connection.sendall(answer_to(read_head(connection)))
    silent(connection, 0)


def opens_and_reads_nothing(connection, _number):
    connection.sendall(answer_to(read_head(connection)))
    time.sleep(1_000_000)


def opens_and_resets(connection, _number):
    connection.sendall(answer_to(read_head(connection)))
    resets_at_once(connection, 0)


class OneAtATime(Link):
    """Reads from a connection once those before it have ended."""

    waiting = []

    def connection_made(self, transport):
        super().connection_made(transport)
        OneAtATime.waiting.append(self)
        # Not at once: Python 3.11 starts reading behind this call, paused or not.
        asyncio.get_running_loop().call_soon(self.wait_for_turn)

    def wait_for_turn(self):
        if OneAtATime.waiting and OneAtATime.waiting[0] is not self and not self.transport.is_closing():
            self.transport.pause_reading()

    def connection_lost(self, error):
        super().connection_lost(error)
        OneAtATime.waiting.remove(self)
        if OneAtATime.waiting and not OneAtATime.waiting[0].transport.is_closing():
            OneAtATime.waiting[0].transport.resume_reading()


class Mortal(Link):
    count = 0

    def connection_made(self, transport):
        super().connection_made(transport)
        Mortal.count += 1
        if Mortal.count == DEATH:
            os._exit(1)


class LateVictim(Link):
    """Dies of a Ping of 125 bytes a moment after it has answered it."""

    def data_received(self, data):
        if self.session and data.startswith(b"\x89\xfd"):
            self.later(0.005, lambda: os._exit(1))
        super().data_received(data)


class Sleeper(Link):
    """Falls asleep for good at a Ping of 125 bytes."""

    def data_received(self, data):
        if self.session and data.startswith(b"\x89\xfd"):
            time.sleep(1_000_000)
        super().data_received(data)


class Overloaded(Link):
    """Turns every third connection away."""

    count = 0

    def open(self, head, early):
        Overloaded.count += 1
        if Overloaded.count % 3 == 0:
            self.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self.finish()
        else:
            super().open(head, early)


class Slow(Link):
    """Answers everything 300 ms late, in order."""

    delay = 0.3


class DiesOfLongMessages(Link):
    """Echoes messages of up to LONG bytes; a longer one is its end."""

    def open(self, head, early):
        super().open(head, early)
        if self.session:
            deliver = self.session.deliver
            self.session.deliver = lambda message, *rest: self.meet(message) or deliver(message, *rest)

    def meet(self, message):
        """Whether a message is dealt with here."""
        if len(message) > LONG:
            os._exit(1)


class DropsLongMessages(DiesOfLongMessages):
    """The same, but does nothing about longer ones."""

    def meet(self, message):
        return len(message) > LONG


HANDLERS = {
    "silent": silent,
    "drips-the-head": drips_the_head,
    "floods-noise": floods_noise,
    "floods-noise-as-frames": floods_noise_as_frames,
    "floods-messages": floods_messages,
    "floods-pings": floods_pings,
    "floods-a-fragmented-message": floods_a_fragmented_message,
    "announces-a-huge-frame": announces_a_huge_frame,
    "is-not-http": is_not_http,
    "not-found": not_found,
    "closes-at-once": closes_at_once,
    "resets-at-once": resets_at_once,
    "endless-head": endless_head,
    "opens-and-hangs": opens_and_hangs,
    "opens-and-reads-nothing": opens_and_reads_nothing,
    "opens-and-resets": opens_and_resets,
}
PROTOCOLS = {
    "one-at-a-time": OneAtATime,
    "dies": Mortal,
    "dies-late": LateVictim,
    "dies-of-long-messages": DiesOfLongMessages,
    "drops-long-messages": DropsLongMessages,
    "falls-asleep": Sleeper,
    "overloaded": Overloaded,
    "slow": Slow,
}


def run_thread(handler, connection, number):
    with connection:
        try:
            handler(connection, number)
        except OSError:
            pass  # the judge has gone


def serve_threads(handler, port):
    with socket.create_server(("127.0.0.1", port), backlog=512) as listener:
        print(PORT_LINE.format(listener.getsockname()[1]), flush=True)
        number = 0
        while True:
            connection, _ = listener.accept()
            number += 1
            threading.Thread(target=run_thread, args=(handler, connection, number), daemon=True).start()


async def serve_protocol(protocol, port):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: protocol(frozenset()), "127.0.0.1", port, backlog=512)
    print(PORT_LINE.format(server.sockets[0].getsockname()[1]), flush=True)
    await server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(HANDLERS.keys() | PROTOCOLS.keys()))
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    try:
        if options.name in HANDLERS:
            serve_threads(HANDLERS[options.name], options.port)
        else:
            asyncio.run(serve_protocol(PROTOCOLS[options.name], options.port))
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
