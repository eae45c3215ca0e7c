"""A client under test and its driver, as projects write them for Autobahn's fuzzingserver. Standard library only.

    autobahn_driver.py ws://127.0.0.1:9001 AGENT [NUMBER...]

asks how many cases there are, runs each on a connection of its own, echoing messages, and has the reports written.
"""

import base64
import os
import socket
import struct
import sys
import urllib.parse

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Refused(Exception):
    """The server did not open the WebSocket."""


class Failed(Exception):
    """The server broke the protocol; the Close that says so has this code."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Client:
    """A correct WebSocket client without extensions."""

    def __init__(self, base, resource):
        url = urllib.parse.urlsplit(base)
        self.socket = socket.create_connection((url.hostname, url.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {resource} HTTP/1.1\r\nHost: {url.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        status = self.stream.readline().decode()
        fields = {}
        while line := self.stream.readline().decode().strip():
            name, _, value = line.partition(":")
            fields[name.lower()] = value.strip()
        if " 101 " not in status:
            body = self.stream.read(int(fields.get("content-length", 0))).decode()
            self.socket.close()
            raise Refused(f"{status.strip()}: {body.strip()}")

    def send(self, opcode, payload):
        key = os.urandom(4)
        size = len(payload)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += bytes([0x80 | 126]) + struct.pack("!H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack("!Q", size)
        repeated = int.from_bytes((key * (size // 4 + 1))[:size], "little")
        masked = (int.from_bytes(payload, "little") ^ repeated).to_bytes(size, "little")
        self.socket.sendall(head + key + masked)

    def exactly(self, size):
        data = self.stream.read(size)
        if len(data) < size:
            raise ConnectionError("the end inside a frame")
        return data

    def frame(self):
        first, second = self.exactly(2)
        opcode, fin, size = first & 15, first >= 128, second & 127
        if first & 0x70 or opcode not in (0, TEXT, BINARY, CLOSE, PING, PONG) or second & 0x80:
            raise Failed(1002)
        if opcode >= CLOSE and (not fin or size > 125):
            raise Failed(1002)
        if size == 126:
            (size,) = struct.unpack("!H", self.exactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self.exactly(8))
        return opcode, fin, self.exactly(size)

    def messages(self):
        """Yields (opcode, payload) up to the server's Close."""
        kind, parts = None, []
        while True:
            opcode, fin, payload = self.frame()
            if opcode == CLOSE:
                self.answer_close(payload)
                return
            if opcode == PING:
                self.send(PONG, payload)
            if opcode in (PING, PONG):
                continue
            if (opcode == 0) != (kind is not None):
                raise Failed(1002)
            kind = kind or opcode
            parts.append(payload)
            if kind == TEXT:
                check_text(b"".join(parts) if len(parts) < 64 or fin else b"", fin)
            if fin:
                yield kind, b"".join(parts)
                kind, parts = None, []

    def answer_close(self, body):
        if len(body) == 1:
            raise Failed(1002)
        if len(body) >= 2:
            (code,) = struct.unpack("!H", body[:2])
            if not (1000 <= code <= 1014 or 3000 <= code <= 4999) or code in (1004, 1005, 1006):
                raise Failed(1002)
            check_text(body[2:], True)
        self.send(CLOSE, body[:2])

    def run(self, on_message):
        """Gives each message to on_message; returns when TCP has ended."""
        try:
            try:
                for opcode, payload in self.messages():
                    on_message(self, opcode, payload)
            except Failed as failed:
                self.send(CLOSE, struct.pack("!H", failed.code))
            self.socket.shutdown(socket.SHUT_WR)
            while self.stream.read(65536):
                pass
        except OSError:
            pass  # the server has ended it
        finally:
            self.socket.close()


def check_text(payload, is_whole):
    """Fails as soon as it is known that this cannot become UTF-8."""
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError as error:
        if is_whole or error.reason != "unexpected end of data":
            raise Failed(1007) from None


def echo(client, opcode, payload):
    client.send(opcode, payload)


def ask(base, resource):
    """The text that an endpoint answers with; empty if it has none."""
    said = []
    Client(base, resource).run(lambda _client, _opcode, payload: said.append(payload.decode()))
    return "".join(said)


def drive(base, agent, numbers=()):
    """Runs the numbers, or else all cases by their place. The count of cases that were run."""
    quoted = urllib.parse.quote(agent, safe="")
    if numbers:
        chosen = [f"casetuple={number}" for number in numbers]
    else:
        chosen = [f"case={place}" for place in range(1, int(ask(base, "/getCaseCount")) + 1)]
    for case in chosen:
        Client(base, f"/runCase?{case}&agent={quoted}").run(echo)
    ask(base, f"/updateReports?agent={quoted}")
    return len(chosen)


if __name__ == "__main__":
    print(drive(sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3:]))
