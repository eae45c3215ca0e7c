#!/usr/bin/python3
"""A WebSocket echo client that is correct, or wrong in the one way that --fault names (see faults_of_clients.py).

faulty_client.py [--fault NAME] URL: connects to the URL, echoes, ends with the connection; the contract is that of
tools/shims/PORTING.md. It shares no code with the engine, nor with the judge's wire layer, and imports little: it starts
once for each case.
"""

import heapq
import os
import select
import socket
import struct
import sys
import time
from collections import deque

from peer_frames import BINARY, CLOSE, PING, PONG, TEXT
from peer_offer import BadAnswer
from peer_opening import Opening, Target, Wish, is_token
from peer_session import Session

UNSUPPORTED = 89
REASON_MAX = 123
HEAD_MAX = 256 << 10
DRAIN = 2.0  # seconds of reading on after FIN, so that no RST overtakes the Close
PATIENCE = 5.0  # seconds for the server to end TCP after the closing handshake (§7.1.1)


class Refused(Exception):
    """The server's answer opens no connection."""

    def __init__(self, head):
        super().__init__()
        self.head = head


class Link:
    """One TCP connection and what is to happen on it, in one thread."""

    def __init__(self, stream, faults):
        self.stream = stream
        self.faults = faults
        self.queue = deque()  # pieces to be sent; None: FIN
        self.timers = []
        self.timer_count = 0
        self.delay = 0.1 if "slow-echoes" in faults else 0.0
        self.delayed = deque()
        self.is_over = False  # no more is wanted
        self.is_closed = False
        self.has_ended = False  # nothing more comes
        self.take = lambda data: None
        self.at_end = lambda: None

    # What a session asks for.

    def write(self, data):
        self.do(lambda: self.write_now(data))

    def finish(self):
        """FIN, then reading on for a while; all in the order of the writes."""
        self.do(self.finish_now)

    def finish_closing(self):
        """§5.5.1: the client waits for the server to end TCP."""
        if "ends-tcp-first" in self.faults:
            self.finish()
            return
        self.is_over = True
        self.later(PATIENCE, self.close)

    def reset(self):
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def later(self, seconds, call):
        self.timer_count += 1
        heapq.heappush(self.timers, (time.monotonic() + seconds, self.timer_count, call))

    def do(self, action):
        if not self.delay:
            action()
            return
        self.delayed.append(action)
        self.later(self.delay, lambda: self.delayed.popleft()())

    def write_now(self, data):
        slow = 256 if "byte-by-byte" in self.faults else 0
        self.queue.extend(data[at : at + 1] for at in range(min(slow, len(data))))
        if data[slow:]:
            self.queue.append(memoryview(data[slow:]))

    def finish_now(self):
        if not self.is_over:
            self.is_over = True
            self.queue.append(None)
            self.later(DRAIN, self.close)

    def close(self):
        if not self.is_closed:
            self.is_closed = True
            self.stream.close()

    # The loop.

    def run(self):
        self.stream.setblocking(False)
        while not self.is_closed:
            wait = max(0.0, self.timers[0][0] - time.monotonic()) if self.timers else None
            readers = [] if self.has_ended else [self.stream]
            readable, writable, _ = select.select(readers, [self.stream] if self.queue else [], [], wait)
            if writable:
                self.send_some()
            if readable:
                self.receive()
            while not self.is_closed and self.timers and self.timers[0][0] <= time.monotonic():
                heapq.heappop(self.timers)[2]()

    def send_some(self):
        try:
            while self.queue:
                if self.queue[0] is None:
                    self.queue.popleft()
                    end_writing(self.stream)
                    continue
                piece = self.queue[0]
                sent = self.stream.send(piece)
                if sent == len(piece):
                    self.queue.popleft()
                else:
                    self.queue[0] = piece[sent:]
        except OSError as error:
            if not is_for_later(error):
                self.queue.clear()  # what came before may still be read

    def receive(self):
        while not self.is_closed:
            try:
                data = self.stream.recv(65536)
            except OSError as error:
                if is_for_later(error):
                    return
                data = b""
            if not data:
                self.take_end()
                return
            self.take(data)
            if not hasattr(self.stream, "pending") or not self.stream.pending():
                return

    def take_end(self):
        """The server has ended TCP: so do we, once what is queued has gone (§7.2.1)."""
        self.has_ended = True
        self.at_end()
        if "keeps-tcp-open-at-end" in self.faults:
            self.later(60, self.close)
        elif self.queue or self.delayed:
            self.finish()
        else:
            self.close()


def end_writing(stream):
    try:
        if hasattr(stream, "unwrap"):
            stream.unwrap()
    except OSError as error:
        if not is_for_later(error):
            raise
    stream.shutdown(socket.SHUT_WR)


def is_for_later(error):
    return isinstance(error, BlockingIOError) or type(error).__name__ in ("SSLWantReadError", "SSLWantWriteError")


def connect(target, wish):
    stream = socket.create_connection((target.host, target.port), 10)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not target.is_secure:
        return stream
    import ssl  # takes longer than all the rest

    context = ssl.create_default_context(cafile=wish.authorities or None)
    return context.wrap_socket(stream, server_hostname=target.host)


class Client:
    """One try to connect, and what comes of it."""

    def __init__(self, target, wish, faults):
        self.wish = wish
        self.faults = faults
        self.opening = Opening(target, wish, faults)
        self.link = Link(connect(target, wish), faults)
        self.link.take = self.take_answer
        self.link.at_end = self.take_end
        self.head = bytearray()
        self.session = None
        self.refusal = None  # the head of an answer that opened nothing

    def run(self):
        request = b"" if "request-never" in self.faults else self.opening.request()
        if "request-frames-early" in self.faults:
            request += b"\x81\x85\x01\x02\x03\x04" + bytes((104 ^ 1, 101 ^ 2, 108 ^ 3, 108 ^ 4, 111 ^ 1))
        self.link.write(request)
        if "connects-twice" in self.faults:
            self.link.send_some()
            self.connect_once_more()
        self.link.run()
        if self.refusal is not None:
            raise Refused(self.refusal)
        if not self.session:
            raise Refused(b"")

    def connect_once_more(self):
        self.other = connect(self.opening.target, self.wish)
        self.other.send(Opening(self.opening.target, self.wish, self.faults).request())

    def take_answer(self, data):
        self.head += data
        end = self.head.find(b"\r\n\r\n")
        while end >= 0:
            head, rest = bytes(self.head[:end]), bytes(self.head[end + 4 :])
            is_interim = head[9:10] == b"1" and head[9:12] != b"101"
            if not is_interim or "refuses-interim-answers" in self.faults:
                self.take_final_answer(head, rest)
                return
            self.head = bytearray(rest)
            end = self.head.find(b"\r\n\r\n")
        if len(self.head) > HEAD_MAX or "wants-answer-in-one-read" in self.faults:
            self.refuse(b"")

    def take_end(self):
        """TCP ended inside the head: there is no answer."""
        if not self.session and self.head and "takes-cut-head" in self.faults:
            self.session = Session(self.link, self.faults, is_client=True)
            self.session.send(TEXT, b"all the same")

    def take_final_answer(self, head, rest):
        try:
            self.opening.judge(head)
        except BadAnswer:
            self.refuse(head)
            return
        self.session = Session(self.link, self.faults, self.opening.deflate, is_client=True)
        self.link.take = self.session.feed
        self.session.begin()
        start_action(self.session, self.wish.action)
        if "closes-idle" in self.faults:
            self.link.later(5, self.session.fell_silent)
        if rest and "loses-early-frames" not in self.faults:
            self.session.feed(rest)

    def refuse(self, head):
        """§4.1: fails the connection; there is none yet on which a Close could go."""
        self.refusal = head
        self.link.take = lambda data: None
        if "keeps-tcp-open-after-refusing" in self.faults:
            self.link.later(60, self.link.close)
            return
        if "1010-at-bad-answer" in self.faults:
            session = Session(self.link, self.faults, is_client=True)
            session.send(CLOSE, (1010).to_bytes(2, "big"))
        if "goes-on-after-refusing" in self.faults:
            session = Session(self.link, self.faults, is_client=True)
            session.send(TEXT, b"all the same")
        self.link.finish()


def start_action(session, action):
    """What WSPROOF_ACTION asks for; is_known has looked at it before."""
    name, _, argument = action.partition(":")
    if name == "text":
        session.send_message(TEXT, argument.encode())
    elif name == "binary":
        session.send_message(BINARY, bytes.fromhex(argument))
    elif name == "ping":
        session.send(PING, argument.encode())
    elif name == "pong":
        session.send(PONG, argument.encode())
    elif name == "close":
        if "closes-tcp-alone" in session.faults:
            session.finish()
            return
        code, _, reason = argument.partition(":")
        session.start_closing(int(code).to_bytes(2, "big") + cut(reason, session.faults) if code else b"")


def cut(reason, faults):
    """§5.5: a Close carries 123 bytes of reason; and whole characters alone (§5.5.1)."""
    octets = reason.encode()
    if "sends-any-reason" in faults:
        return octets
    octets = octets[:REASON_MAX]
    return octets if "cuts-reason-anywhere" in faults else octets.decode(errors="ignore").encode()


def is_known(action, faults):
    name, _, argument = action.partition(":")
    if name in ("", "echo"):
        return not argument
    if name == "close":
        code = argument.partition(":")[0]
        return not argument or (code.isdecimal() and may_send(int(code), faults))
    return name in ("text", "binary", "ping", "pong")


def may_send(code, faults):
    """Codes of the RFC, the registry, libraries and applications (§7.4); not those that stand for no code."""
    if code in (0, 999, 1005, 1006, 1015):
        return "sends-any-close-code" in faults
    return code in range(1000, 1004) or code in range(1007, 1015) or 3000 <= code < 5000 or "sends-meaningless-code" in faults


def can_offer(protocols, faults):
    """Subprotocols are tokens (§4.1)."""
    if protocols and "knows-no-subprotocols" in faults:
        return False
    return "injects-lines" in faults or all(map(is_token, protocols))


def connect_and_echo(url, wish, faults):
    """0 when a connection was open, 1 when none could be opened."""
    tries = 20 if faults & {"reconnects-after-refusal", "reconnects-after-end"} else 1
    tries += "follows-redirects" in faults
    code = 1
    while tries:
        tries -= 1
        try:
            Client(Target(url, faults), wish, faults).run()
        except Refused as refused:
            if "follows-redirects" in faults:
                url = location_of(refused.head)
            if not url or ("reconnects-after-end" in faults and code):
                break
        except OSError:
            break
        else:
            code = 0
            if "reconnects-after-end" not in faults:
                break
    return code


def location_of(head):
    lines = head.split(b"\r\n")
    if lines[0][9:10] != b"3":
        return None
    for line in lines:
        if line[:9].lower() == b"location:":
            return line[9:].strip().decode("latin-1").replace("http", "ws", 1)
    return None


def main(arguments):
    fault = arguments[1] if arguments[:1] == ["--fault"] else None
    arguments = arguments[2:] if fault else arguments
    if len(arguments) != 1:
        print("faulty_client.py [--fault NAME] URL", file=sys.stderr)
        return 2
    faults = frozenset([fault] if fault else [])
    wish = Wish(faults)
    if not is_known(wish.action, faults) or not can_offer(wish.protocols, faults):
        return UNSUPPORTED
    if "connects-late" in faults:
        time.sleep(1)
    code = connect_and_echo(arguments[0], wish, faults)
    if "stays-a-while" in faults:
        time.sleep(2)
    return 7 if "exits-with-7" in faults else code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (ValueError, KeyboardInterrupt) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
