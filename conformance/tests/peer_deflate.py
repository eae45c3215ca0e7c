"""The faulty peer's permessage-deflate (RFC 7692), on Python's zlib: what is agreed, and the streams of both sides.

Strict where the RFC lets a server be; each switch changes one thing, where it stands.
"""

import re
import zlib

from peer_process import die

TAIL = b"\x00\x00\xff\xff"
FINAL_BLOCK = b"\x03\x00"  # of a stream: proves that what stands before it ends with a block
WINDOW = 1 << 15
LIMIT = 64 << 20  # bytes of a message

SPACED = re.compile(rb'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
PARTS = re.compile(rb'(?:[^;"]|"(?:[^"\\]|\\.)*")+')
BITS = re.compile(rb"[89]|1[0-5]")
FLAGS = (b"server_no_context_takeover", b"client_no_context_takeover")
WINDOWS = (b"server_max_window_bits", b"client_max_window_bits")


class Declined(Exception):
    """An offer that is not acceptable."""


class BadStream(Exception):
    """A message that does not inflate (1007), or inflates to too much (1009)."""

    def __init__(self, code=1007):
        super().__init__(code)
        self.code = code


def split_parameter(parameter):
    """Name, the sign or nothing, value out of its quotes."""
    name, equals, value = (part.strip(b" \t") for part in parameter.partition(b"="))
    return name, equals, re.sub(rb"\\(.)", rb"\1", value[1:-1]) if value.startswith(b'"') else value


class Direction:
    """What is agreed about one side's stream."""

    def __init__(self, is_alone=False, bits=15):
        self.is_alone = is_alone  # each message by itself: no context takeover
        self.bits = bits


class Agreement:
    """What a server accepts one offer with."""

    def __init__(self, element, faults):
        self.faults = faults
        self.offered = {}
        name, *parameters = [part.strip(b" \t") for part in PARTS.findall(element)]
        is_alike = "deflate-name-by-its-start" in faults and name.startswith(b"permessage-defl")
        if name != b"permessage-deflate" and not is_alike:
            raise Declined
        for parameter in parameters:
            self.read(parameter)
        self.server_bits = int(self.offered.get(b"server_max_window_bits") or 15)
        self.client_bits = int(self.offered.get(b"client_max_window_bits") or 15)
        self.server_alone = b"server_no_context_takeover" in self.offered
        self.client_alone = b"client_no_context_takeover" in self.offered
        if "deflate-alone-unasked" in faults:
            self.server_alone = self.client_alone = True
        if "deflate-window-unasked" in faults:
            self.server_bits = min(self.server_bits, 9)

    @property
    def server(self):
        return Direction(self.server_alone, self.server_bits)

    @property
    def client(self):
        return Direction(self.client_alone, self.client_bits)

    def read(self, parameter):
        name, equals, value = split_parameter(parameter)
        if name not in FLAGS + WINDOWS:
            if "deflate-accepts-unknown" not in self.faults:
                raise Declined
            return
        if name in self.offered and "deflate-accepts-repeated" not in self.faults:
            raise Declined
        is_good = not equals if name in FLAGS else bool(BITS.fullmatch(value))
        if name == b"client_max_window_bits" and not equals:
            is_good = True
        if not is_good:
            if "deflate-accepts-bad-value" not in self.faults:
                raise Declined
            value = b""
        self.offered[name] = value

    def answer(self):
        parameters = []
        if self.server_alone and "deflate-drops-server-alone" not in self.faults:
            value = b"=1" if "deflate-flag-with-value" in self.faults else b""
            parameters.append(b"server_no_context_takeover" + value)
        if self.client_alone and "deflate-hides-client-alone" not in self.faults:
            parameters.append(b"client_no_context_takeover")
        if (b"server_max_window_bits" in self.offered or self.server_bits < 15) and (
            "deflate-drops-server-window" not in self.faults
        ):
            bits = 15 if "deflate-larger-window" in self.faults else self.server_bits
            bits = 16 if "deflate-answers-16" in self.faults else bits
            form = b'"%d"' if "deflate-quotes-value" in self.faults else b"%d"
            parameters.append(b"server_max_window_bits=" + form % bits)
        if "deflate-client-window-unasked" in self.faults:
            self.client_bits = 10
            parameters.append(b"client_max_window_bits=10")
        elif b"client_max_window_bits" in self.offered:
            if "deflate-client-window" in self.faults:
                self.client_bits = min(self.client_bits, 9)
            if self.client_bits < 15:
                value = b"" if "deflate-window-without-value" in self.faults else b"=%d" % self.client_bits
                parameters.append(b"client_max_window_bits" + value)
        if "deflate-answers-unknown" in self.faults:
            parameters.append(b"x-unknown")
        if "deflate-answers-twice" in self.faults:
            parameters += [b"server_no_context_takeover"] * 2
        separator = b";" if "deflate-no-blanks" in self.faults else b"; "
        return separator.join([b"permessage-deflate", *parameters])


def agree(offers, faults):
    """The first offer that can be accepted; None if there is none."""
    if "deflate-declines" in faults:
        return None
    for element in filter(None, (each.strip(b" \t") for each in SPACED.findall(offers))):
        try:
            return Agreement(element, faults)
        except Declined:
            pass
    return None


class Inflater:
    """Reads the other side's stream. The window is kept here, so that streams can begin anew behind a final block."""

    def __init__(self, direction, faults):
        self.faults = faults
        self.is_alone = direction.is_alone
        self.window = b""
        self.limit = 1 << 20 if "limits-messages" in faults else LIMIT

    def message(self, payload):
        if self.is_alone or "deflate-forgets-window" in self.faults:
            self.window = b""
        if "deflate-small-window" in self.faults:
            self.window = self.window[-512:]
        if "deflate-no-dynamic-blocks" in self.faults and payload and payload[0] & 6 == 4:
            raise BadStream
        data = self.inflate(payload) if payload else b""
        self.remember(data)
        return data

    def remember(self, data):
        self.window = (self.window + data)[-WINDOW:]

    def inflate(self, payload):
        stream = payload + TAIL + FINAL_BLOCK
        data, rest, is_whole = self.run(stream, self.window)
        while is_whole and rest:  # behind a block that was marked as the last
            if "deflate-stops-at-final" in self.faults:
                return data
            more, rest, is_whole = self.run(rest, (self.window + data)[-WINDOW:])
            data += more
        if not is_whole and "deflate-delivers-part" not in self.faults:
            raise BadStream
        return data

    def run(self, stream, window):
        """What the stream holds up to its final block, what stands behind that, and whether there is one."""
        inflater = zlib.decompressobj(-15, zdict=window) if window else zlib.decompressobj(-15)
        try:
            data = inflater.decompress(stream, self.limit + 1)
        except zlib.error:
            if "deflate-ignores-errors" in self.faults:
                return b"", b"", True
            raise BadStream from None
        if len(data) > 8 << 20 and "dies-of-bomb" in self.faults:
            die()
        if len(data) > self.limit:
            raise BadStream(1009)
        return data, inflater.unused_data, inflater.eof


def padded_with_ones(stream):
    """The stream, which ends with a final block, with ones in place of the zeros behind it."""
    data = zlib.decompress(stream, -15)
    for bit in range(7, -1, -1):
        other = stream[:-1] + bytes([stream[-1] | 1 << bit])
        inflater = zlib.decompressobj(-15)
        try:
            if inflater.decompress(other) != data or not inflater.eof:
                break
        except zlib.error:
            break
        stream = other
    return stream


class Deflater:
    """Writes our stream."""

    def __init__(self, direction, faults):
        self.faults = faults
        self.is_alone = direction.is_alone and "deflate-takes-over-anyway" not in faults
        bits = 15 if "deflate-ignores-window" in faults else direction.bits
        self.bits = max(9, bits)  # zlib's 9 reaches back 250 bytes
        self.deflater = None

    def message(self, data):
        if not data:
            self.is_alone = self.is_alone and "deflate-takes-over-after-empty" not in self.faults
            return b"" if "deflate-sends-nothing" in self.faults else b"\x00"
        if len(data) > 1 << 16 and "deflate-ignores-window-of-large" in self.faults:
            self.bits, self.deflater = 15, None
        if self.deflater is None or self.is_alone or "deflate-final-blocks" in self.faults:
            level = 0 if "deflate-stored-blocks" in self.faults else 6
            strategy = zlib.Z_HUFFMAN_ONLY if "deflate-huffman-only" in self.faults else zlib.Z_DEFAULT_STRATEGY
            self.deflater = zlib.compressobj(level, zlib.DEFLATED, -self.bits, 8, strategy)
        stream = self.deflater.compress(data)
        if "deflate-final-padded-with-ones" in self.faults:
            stream, self.deflater = stream + self.deflater.flush(zlib.Z_FINISH), None
            return padded_with_ones(stream) + b"\x00"
        if "deflate-final-blocks" in self.faults:
            return stream + self.deflater.flush(zlib.Z_FINISH) + b"\x00"
        if "deflate-final-without-end" in self.faults:
            stream += self.deflater.flush(zlib.Z_FINISH)
            self.deflater = None
            return stream
        stream += self.deflater.flush(zlib.Z_SYNC_FLUSH)
        return stream if "deflate-keeps-tail" in self.faults else stream[:-4]
