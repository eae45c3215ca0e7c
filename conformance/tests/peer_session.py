"""The faulty peer's connection once it is open (RFC 6455 §5-§8): echoes, Pongs and Closes, as server or as client.

Strict and complete; each switch changes one thing, where it stands.
"""

import os

from peer_deflate import BadStream, Deflater, Direction, Inflater
from peer_frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Failure, FrameReader, encode, header
from peer_masks import Masks
from peer_process import die

FRAGMENTS = {"fragments-echoes", "pings-inside-echoes", "deflate-rsv1-on-fragments", "mask-key-per-message"}
FORBIDDEN = (range(0, 1000), range(1004, 1007), range(1015, 3000), range(5000, 65536))  # §7.4


class Session(FrameReader):
    """One open connection, in one role.

    `link` has write(bytes), finish(), finish_closing() (after both Closes), reset() and later(seconds, call).
    """

    def __init__(self, link, faults, deflate=None, is_client=False):
        super().__init__(faults, is_client)
        self.link = link
        self.masks = Masks(faults) if is_client else None
        self.deflater = None
        if deflate:
            ours, theirs = (deflate.client, deflate.server) if is_client else (deflate.server, deflate.client)
            self.inflater = Inflater(theirs, faults)
            self.deflater = Deflater(ours, faults)
        elif "deflate-without-agreement" in faults:
            self.deflater = Deflater(Direction(), faults)
        self.is_open = True
        self.answers_only = None  # after a Close: the one opcode that is still looked at
        self.has_failed = False
        self.stale = b""
        self.held_pongs = []
        self.held_echoes = []

    def begin(self):
        if "greets" in self.faults:
            self.send(TEXT, b"welcome")
        if "pong-after-handshake" in self.faults:
            self.send(PONG, b"unsolicited")
        if "heartbeat" in self.faults:
            self.beat()

    def beat(self):
        if self.is_open:
            self.send(PING, b"beat")
            self.link.later(0.05, self.beat)

    # In: bytes to frames.

    def feed(self, data):
        if not self.is_open:
            return
        self.buffer += data
        try:
            while self.is_open and self.step():
                if "one-frame-a-read" in self.faults and self.frame is None:
                    break
                if "forgets-rest-of-read" in self.faults and self.frame is None:
                    self.buffer.clear()
            self.flush_echoes()
            if "pong-after-message" not in self.faults or self.type is None:
                self.flush_pongs()
        except Failure as failure:
            if "skips-what-is-no-frame" in self.faults and failure.code == 1002:
                self.buffer.clear()
                self.frame = None
                return
            self.fail(failure.code)

    def violate(self, code):
        """A violation by the peer: normally the end."""
        if not self.faults & {"goes-on-after-failing", "pongs-after-failing"}:
            raise Failure(code)
        if not self.has_failed:
            self.fail(code)
            self.is_open = True
            self.answers_only = PING if "pongs-after-failing" in self.faults else None

    # Frames to messages and answers.

    def end_frame(self, frame, payload):
        if self.answers_only is not None and frame.opcode != self.answers_only:
            return
        if frame.opcode == PING:
            self.got_ping(payload)
        elif frame.opcode == PONG:
            self.got_pong(payload)
        elif frame.opcode == CLOSE:
            self.got_close(payload)
        elif frame.opcode in (CONTINUATION, TEXT, BINARY):
            self.got_data(frame, payload)

    def got_data(self, frame, payload):
        if "echoes-each-fragment" in self.faults:
            self.echo(self.type, payload)
            self.type = None if frame.fin else self.type
            return
        self.parts.append(payload)
        if len(self.parts) > 5 and "five-fragments-at-most" in self.faults:
            raise Failure(1008)
        is_early = "delivers-before-fin" in self.faults and len(self.parts) == 2
        if is_early:
            self.echo(self.type, b"".join(self.parts))
        if not frame.fin:
            return
        is_fragmented = frame.opcode == CONTINUATION
        if is_fragmented and not payload and "drops-empty-last-fragment" in self.faults:
            return
        if "delivers-before-fin" not in self.faults or len(self.parts) == 1:
            parts = reversed(self.parts) if "reverses-fragments" in self.faults else self.parts
            self.deliver(self.inflated(list(parts)), is_fragmented)
        self.type, self.parts = None, []

    def inflated(self, parts):
        """The message that these payloads are (RFC 7692 §6.2)."""
        message = b"".join(parts)
        if not self.inflater:
            return message
        if "deflate-inflates-everything" in self.faults and not self.is_compressed:
            try:
                return self.inflater.message(message)
            except BadStream:
                return message
        if not self.is_compressed:
            if "deflate-window-of-all" in self.faults:
                self.inflater.remember(message)
            return message
        try:
            if "deflate-inflates-reads" in self.faults:
                message = b"".join(self.inflater.message(piece) for piece in self.pieces)
            elif "deflate-inflates-fragments" in self.faults:
                message = b"".join(self.inflater.message(part) for part in parts)
            else:
                message = self.inflater.message(message)
            if self.text and "deflate-text-unchecked" not in self.faults:
                self.text.feed(message, True, True)
        except BadStream as bad:
            raise Failure(bad.code) from None
        except ValueError:
            raise Failure(1007) from None
        return message

    def deliver(self, message, is_fragmented):
        opcode = self.type
        if "replaces-invalid-text" in self.faults and opcode == TEXT:
            message = message.decode("utf-8", "replace").encode()
        if "strips-bom" in self.faults and opcode == TEXT:
            message = message.removeprefix(b"\xef\xbb\xbf")
        if "cuts-at-64-kib" in self.faults:
            message = message[:65536]
        if "cuts-one-size" in self.faults and len(message) == 777:
            message = message[:-1]
        if "stops-at-nul" in self.faults:
            message = message.partition(b"\0")[0]
        if "text-as-binary" in self.faults or ("type-of-last-frame" in self.faults and is_fragmented):
            opcode = BINARY
        if "keeps-old-fragments" in self.faults:
            message = self.stale + message
            self.stale = message if is_fragmented else b""
        self.echo(opcode, message)

    def got_ping(self, payload):
        if "deflate-ping-ends-compression" in self.faults:
            self.is_compressed = False
        if len(payload) == 125 and "dies-of-long-ping" in self.faults:
            die()
        if "no-pong" in self.faults or ("no-pong-in-message" in self.faults and self.type is not None):
            return
        if "pong-of-text-alone" in self.faults:
            try:
                payload.decode("utf-8")
            except UnicodeDecodeError:
                raise Failure(1007) from None
        if "ping-corrupts-message" in self.faults and self.type is not None:
            self.parts.append(payload)
        if "ping-ends-message" in self.faults:
            self.type = None
        if "delivers-ping" in self.faults:
            self.echo(BINARY, payload)
        if "empty-pong" in self.faults:
            payload = b""
        if "cuts-pong" in self.faults:
            payload = payload[:100]
        if "late-pong" in self.faults:
            self.link.later(3, lambda: self.send(PONG, payload) if self.is_open else None)
            return
        if "coalesces-pongs" in self.faults:
            self.held_pongs.clear()
        self.held_pongs.append(payload)
        if not self.faults & {"coalesces-pongs", "pong-after-message", "pong-after-echo"}:
            self.flush_pongs()

    def flush_pongs(self):
        for payload in self.held_pongs:
            self.send(PONG, payload)
        self.held_pongs.clear()

    def got_pong(self, payload):
        if "closes-on-pong" in self.faults:
            raise Failure(1002)
        if "answers-pong" in self.faults:
            self.send(PONG, payload)
        if "delivers-pong" in self.faults:
            self.echo(BINARY, payload)

    # Out.

    def echo(self, opcode, payload):
        if "drops-echo-before-close" in self.faults:
            self.held_echoes.append((opcode, payload))
        else:
            self.send_message(opcode, payload)

    def flush_echoes(self):
        for opcode, payload in self.held_echoes:
            self.send_message(opcode, payload)
        self.held_echoes.clear()

    def send_message(self, opcode, payload):
        if "pings-before-echoes" in self.faults:
            self.send(PING, b"before")
        rsv = 0
        if self.deflater and "deflate-never-compresses" not in self.faults:
            rsv = 0 if "deflate-forgets-rsv1" in self.faults else 4
            if "deflate-rsv1-on-plain" not in self.faults:
                stream = self.deflater.message(payload)
                if "deflate-counts-plain" in self.faults and len(stream) >= len(payload):
                    rsv = 0
                else:
                    payload = stream
        if not self.faults & FRAGMENTS:
            self.send(opcode, payload, rsv=rsv)
            return
        third = len(payload) // 3
        self.send(opcode, payload[:third], fin=False, rsv=rsv)
        if "pings-inside-echoes" in self.faults:
            self.send(PING, b"inside")
        rsv = rsv if "deflate-rsv1-on-fragments" in self.faults else 0
        self.send(CONTINUATION, payload[third : 2 * third], fin=False, rsv=rsv)
        self.send(CONTINUATION, payload[2 * third :], rsv=rsv)

    def send(self, opcode, payload, fin=True, rsv=0):
        if opcode == PONG and self.deflater and "deflate-compresses-pongs" in self.faults:
            payload = self.deflater.message(payload)[:125]
        is_long = "sends-long-lengths" in self.faults and opcode in (TEXT, BINARY)
        is_long = is_long or ("sends-long-length-of-pong" in self.faults and opcode == PONG)
        if "sets-rsv1" in self.faults and opcode in (TEXT, BINARY):
            rsv = 4
        if "forgets-fin" in self.faults and opcode in (TEXT, BINARY):
            fin = False
        if "announces-more-than-it-sends" in self.faults and opcode in (TEXT, BINARY):
            self.link.write(header(opcode, len(payload) + 1, fin, rsv) + payload)
            return
        if self.masks:
            self.link.write(self.masks.frame(opcode, payload, fin, rsv, is_long))
            return
        key = os.urandom(4) if "masks-frames" in self.faults else None
        self.link.write(encode(opcode, payload, fin, rsv, is_long, key))

    # Closing (§5.5.1, §7).

    def got_close(self, payload):
        if "ignores-close" in self.faults:
            return
        if "ignores-close-in-message" in self.faults and self.type is not None:
            return
        if self.answers_only == CLOSE and "answers-a-crossing-close" not in self.faults:  # it answers our own
            self.finish_closing()
            return
        if len(payload) == 1 and "accepts-one-byte-close" not in self.faults:
            self.violate(1002)
        code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else None
        if "accepts-invalid-reason" not in self.faults:
            try:
                payload[2:].decode("utf-8")
            except UnicodeDecodeError:
                self.violate(1007)
        if code is not None:
            code = self.judge_code(code)
        self.held_echoes.clear()
        self.flush_pongs()
        without_word = "no-close-reply" in self.faults or (code is None and "no-reply-to-empty-close" in self.faults)
        if without_word or ("refuses-private-codes" in self.faults and code in range(4000, 5000)):
            self.finish()
            return
        if "late-close-reply" in self.faults:
            self.is_open = False
            self.link.later(3, lambda: self.reply_to_close(code, payload[2:]))
            return
        self.reply_to_close(code, payload[2:])

    def judge_code(self, code):
        if any(code in each for each in FORBIDDEN):
            if "takes-any-code" in self.faults:
                return 1000
            if "echoes-any-code" not in self.faults:
                self.violate(1002)
        if "refuses-1012" in self.faults and code in range(1012, 1015):
            raise Failure(1002)
        if "refuses-registered-codes" in self.faults and code in range(3000, 4000):
            raise Failure(1002)
        return code

    def reply_to_close(self, code, reason):
        body = b"" if code is None else code.to_bytes(2, "big")
        if code is None and "sends-1005" in self.faults:
            body = (1005).to_bytes(2, "big")
        if "always-1000" in self.faults:
            body = (1000).to_bytes(2, "big")
        if "returns-close-reason" in self.faults:
            body += reason
        if "empty-close-replies" in self.faults:
            body = b""
        if "sends-invalid-reason" in self.faults:
            body = (body or b"\x03\xe8") + b"caf\xe9"
        if "sends-one-byte-close" in self.faults:
            body = b"\x03"
        if "sends-long-close" in self.faults:
            body = b"\x03\xe8" + b"x" * 124
        self.send(CLOSE, body)
        if "data-after-close" in self.faults:
            self.send(TEXT, b"after")
        if "echoes-after-close" in self.faults:
            self.link.later(0.5, self.finish)
            return
        if "pongs-after-close" in self.faults:
            self.answers_only = PING
            self.link.later(0.2, self.finish)
            return
        self.is_open = False
        if "waits-before-fin" in self.faults:
            self.link.later(1, self.finish)
        elif "keeps-tcp-open" not in self.faults:
            self.finish_closing()

    def fail(self, code):
        self.has_failed = True
        self.is_open = False
        if self.answers_only == CLOSE:  # ours has gone already
            self.finish()
            return
        if "resets-after-violation" in self.faults:
            self.link.reset()
            return
        if "no-close-after-violation" in self.faults:
            self.finish()
            return
        own = {"code-1011-after-violation": 1011, "sends-1006": 1006, "sends-1010": 1010}
        code = next((each for name, each in own.items() if name in self.faults), code)
        self.send(CLOSE, code.to_bytes(2, "big"))
        if "waits-for-close-after-violation" in self.faults:
            self.link.later(4, self.finish)
        elif self.faults & {"goes-on-after-failing", "pongs-after-failing"}:
            self.link.later(1, self.finish)
        elif "keeps-tcp-open-after-failing" not in self.faults:
            self.finish()

    def finish(self):
        self.is_open = False
        self.link.finish()

    def finish_closing(self):
        self.is_open = False
        self.link.finish_closing()

    def start_closing(self, body):
        self.send(CLOSE, body)
        self.answers_only = CLOSE
        if "data-after-own-close" in self.faults:
            self.send(TEXT, b"after")

    def fell_silent(self):
        """Nothing came for a while (the switch `closes-idle`)."""
        if self.is_open and self.answers_only is None:
            self.start_closing((1001).to_bytes(2, "big"))
            self.link.later(4, self.finish)
