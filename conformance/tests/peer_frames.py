"""The faulty peer's frames (RFC 6455 §5.2-§5.4): bytes in, judged frames out, for either role.

Strict and complete; each switch changes one thing, where it stands.
"""

import time

from peer_process import die
from peer_text import TextCheck

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
LIMIT = 64 << 20  # bytes of a message


class Failure(Exception):
    """_Fail the WebSocket Connection_ (§7.1.7) with this code."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Frame:
    """A frame that is being read."""

    def __init__(self, first, second):
        self.fin = bool(first & 0x80)
        self.rsv = first >> 4 & 7
        self.opcode = first & 15
        self.masked = bool(second & 0x80)
        self.length = second & 127
        self.key = bytes(4)
        self.got = 0
        self.parts = []

    @property
    def is_control(self):
        return self.opcode >= 8


def xor(data, key, offset=0):
    """§5.3: octet i of the payload with octet i modulo 4 of the key; `offset` is the i of the first."""
    offset %= 4
    stream = (key[offset:] + key[:offset]) * (len(data) // 4 + 1)
    value = int.from_bytes(data, "little") ^ int.from_bytes(stream[: len(data)], "little")
    return value.to_bytes(len(data), "little")


def encode(opcode, payload, fin=True, rsv=0, is_long=False, key=None):
    """A frame; masked if there is a key."""
    return header(opcode, len(payload), fin, rsv, is_long, key) + (xor(payload, key) if key else payload)


def header(opcode, size, fin=True, rsv=0, is_long=False, key=None):
    mask = 0x80 if key else 0
    if size < 126 and not is_long:
        length = bytes([mask | size])
    elif size < 65536:
        length = bytes([mask | 126]) + size.to_bytes(2, "big")
    else:
        length = bytes([mask | 127]) + size.to_bytes(8, "big")
    return bytes([(0x80 if fin else 0) | rsv << 4 | opcode]) + length + (key or b"")


class FrameReader:
    """Cuts the bytes of an open connection into frames and judges them.

    A Session says what a violation leads to (`violate`) and takes the frames (`end_frame`).
    """

    def __init__(self, faults, is_client):
        self.faults = faults
        self.is_client = is_client
        self.inflater = None
        self.is_compressed = False  # the message in progress
        self.buffer = bytearray()
        self.frame = None
        self.type = None  # opcode of the message in progress, None between messages
        self.parts = []  # its frames
        self.pieces = []  # what reads brought of them
        self.text = None
        self.previous_key = None
        self.mask_offset = 0
        self.has_met_ping = False
        self.limit = 1 << 20 if "limits-messages" in faults else LIMIT

    def step(self):
        """Reads a header or some payload; False if that takes more bytes."""
        return self.read_header() if self.frame is None else self.read_payload()

    def have(self, size, impatience="wants-header-in-one-read"):
        """Whether the buffer holds the first `size` bytes of the header. A fault is not to wait for them."""
        is_impatient = "wants-header-in-one-read" in self.faults or impatience in self.faults
        if is_impatient and self.buffer and len(self.buffer) < size:
            self.buffer += bytes(size - len(self.buffer))
        return len(self.buffer) >= size

    def read_header(self):
        if not self.have(2):
            return False
        frame = Frame(self.buffer[0], self.buffer[1])
        self.judge_first_bytes(frame)
        size = 2 + {126: 2, 127: 8}.get(frame.length, 0)
        if not self.have(size, {4: "16-bit-length-in-one-read"}.get(size, "64-bit-length-in-one-read")):
            return False
        if size > 2:
            self.read_length(frame, bytes(self.buffer[2:size]))
        key_size = 4 if frame.masked else 0
        if frame.length == 0 and "no-key-of-empty-frame" in self.faults:
            key_size = 0
        if not self.have(size + key_size, "key-in-one-read"):
            return False
        if key_size:
            frame.key = bytes(self.buffer[size : size + 4])
        if "unmasks-with-previous-key" in self.faults:
            frame.key, self.previous_key = self.previous_key or frame.key, frame.key
        del self.buffer[: size + key_size]
        self.frame = frame
        self.begin_frame(frame)
        return True

    def judge_first_bytes(self, frame):
        ignored = {"ignores-rsv1": 4, "ignores-rsv2": 2, "ignores-rsv3": 1}
        rsv = frame.rsv & ~sum(bit for name, bit in ignored.items() if name in self.faults)
        if frame.is_control and "ignores-rsv-on-control" in self.faults:
            rsv = 0
        if frame.opcode == CONTINUATION and "ignores-rsv-on-continuation" in self.faults:
            rsv = 0
        if self.inflater and (frame.opcode in (TEXT, BINARY) or self.ignores_rsv1(frame)):
            rsv &= ~4  # RFC 7692 §6.1
        if rsv:
            self.violate(1002)
        self.judge_opcode(frame)
        if frame.masked == self.is_client and not self.takes_wrong_mask(frame):
            self.violate(1002)
        self.has_met_ping = self.has_met_ping or frame.opcode == PING
        if frame.is_control:
            self.judge_control(frame)
        elif frame.opcode == CONTINUATION and self.type is None:
            if "accepts-orphan-continuation" not in self.faults:
                self.violate(1002)
        elif frame.opcode in (TEXT, BINARY) and self.type is not None:
            if not self.faults & {"accepts-interleaved-message", "joins-interleaved-message"}:
                self.violate(1002)

    def takes_wrong_mask(self, frame):
        """§5.1: clients mask, servers do not."""
        if frame.is_control and self.faults & {"accepts-masked-control", "accepts-unmasked-control"}:
            return True
        if self.has_met_ping and "forgets-masking-after-ping" in self.faults:
            return True
        return "accepts-masked" in self.faults or "accepts-unmasked" in self.faults

    def ignores_rsv1(self, frame):
        return ("deflate-rsv1-on-control" in self.faults and frame.is_control) or (
            "deflate-rsv1-on-continuation" in self.faults and frame.opcode == CONTINUATION
        )

    def judge_opcode(self, frame):
        if frame.opcode in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
            return
        if "accepts-opcode-3" in self.faults and frame.opcode == 3:
            frame.opcode = BINARY
        elif not ("accepts-opcode-11" in self.faults and frame.opcode == 11):
            if "skips-reserved-opcodes" not in self.faults:
                self.violate(1002)

    def judge_control(self, frame):
        if not frame.fin:
            if "hangs-at-fragmented-ping" in self.faults and frame.opcode == PING:
                time.sleep(1_000_000)
            if not ("accepts-fragmented-ping" in self.faults and frame.opcode == PING):
                self.violate(1002)
        if frame.length > 125 and not self.faults & {"accepts-long-control", "accepts-long-lengths"}:
            self.violate(1002)

    def read_length(self, frame, octets):
        signed = "reads-16-bit-length-signed" in self.faults and len(octets) == 2
        order = "little" if "64-bit-length-little-endian" in self.faults and len(octets) == 8 else "big"
        length = int.from_bytes(octets, order, signed=signed)
        if length >> 63:
            if "drops-top-bit-of-length" not in self.faults:
                self.violate(1002)
            frame.length = length & ((1 << 63) - 1)
            return
        if length < (126 if len(octets) == 2 else 65536) and "accepts-long-lengths" not in self.faults:
            self.violate(1002)
        if frame.is_control and length > 125 and "accepts-long-control" not in self.faults:
            self.violate(1002)
        if length > 1 << 31 and "dies-of-huge-length" in self.faults:
            die()
        is_limited = not self.faults & {"64-bit-length-little-endian"} and not frame.is_control
        if length + sum(map(len, self.parts)) > self.limit and is_limited:
            raise Failure(1009)
        frame.length = length

    def begin_frame(self, frame):
        if frame.opcode in (TEXT, BINARY):
            self.mask_offset = 0
            if self.type is not None and "joins-interleaved-message" in self.faults:
                frame.opcode = CONTINUATION
                return
            self.type, self.parts, self.pieces = frame.opcode, [], []
            was_compressed = self.is_compressed
            self.is_compressed = self.inflater is not None and frame.rsv & 4 != 0
            if "deflate-flag-of-the-message-before" in self.faults and not frame.fin:
                self.is_compressed = self.is_compressed or was_compressed
            if "deflate-ignores-rsv1" in self.faults:
                self.is_compressed = False
            self.text = TextCheck(self.faults) if frame.opcode == TEXT else None
            if frame.opcode == BINARY and "checks-binary-as-text" in self.faults:
                self.text = TextCheck(self.faults)
        elif frame.opcode == CONTINUATION and self.type is None:
            self.type, self.parts, self.text = BINARY, [], None

    def read_payload(self):
        frame = self.frame
        chunk = bytes(self.buffer[: frame.length - frame.got])
        if not chunk and frame.got < frame.length:
            return False
        del self.buffer[: len(chunk)]
        if frame.is_control and "wants-control-in-one-read" in self.faults and len(chunk) < frame.length:
            raise Failure(1002)
        chunk = self.unmask(frame, chunk)
        frame.got += len(chunk)
        frame.parts.append(chunk)
        is_whole = frame.got == frame.length
        if frame.opcode in (CONTINUATION, TEXT, BINARY) and self.text and not self.is_compressed:
            try:
                self.text.feed(chunk, is_whole, is_whole and frame.fin)
            except ValueError:
                self.violate(1007)
        if is_whole:
            self.frame = None
            self.end_frame(frame, self.payload_of(frame))
        return True

    def payload_of(self, frame):
        """The parts, one for each read, as one."""
        hasty = {PING: "pong-of-first-piece", CLOSE: "close-of-first-piece"}
        if hasty.get(frame.opcode, "message-of-first-piece") in self.faults and frame.opcode != PONG:
            return frame.parts[0]
        if "loses-byte-that-comes-alone" in self.faults and len(frame.parts) > 1 and len(frame.parts[-1]) == 1:
            return b"".join(frame.parts[:-1])
        if frame.opcode in (CONTINUATION, TEXT, BINARY):
            self.pieces += frame.parts
        return b"".join(frame.parts)

    def unmask(self, frame, chunk):
        if not frame.masked:
            return chunk
        offset = frame.got
        if "mask-runs-over-fragments" in self.faults and not frame.is_control:
            offset = self.mask_offset
            self.mask_offset += len(chunk)
        if "mask-restarts-with-each-read" in self.faults:
            offset = 0
        clear = xor(chunk, frame.key, offset)
        if "unmasks-whole-words" in self.faults:
            whole = max(0, frame.length // 4 * 4 - frame.got)
            clear = clear[:whole] + chunk[whole:]
        return clear
