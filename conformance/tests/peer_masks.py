"""How the faulty client masks its frames (RFC 6455 §5.3): a fresh random key for each, unless a switch is on."""

import hashlib
import os

from peer_frames import header, xor


class Masks:
    """The keys of one connection, and what is done with them."""

    def __init__(self, faults):
        self.faults = faults
        self.count = 0  # frames so far
        self.kept = os.urandom(4)

    def frame(self, opcode, payload, fin, rsv, is_long):
        """A frame as it is sent."""
        self.count += 1
        key = self.key(opcode, len(payload))
        size = len(payload)
        if "mask-length-counts-key" in self.faults:
            size += 4
        head = header(opcode, size, fin, rsv, is_long, key)
        if not key:
            return head + payload
        if not payload and "mask-key-of-empty-missing" in self.faults:
            return head[:-4]
        if "mask-not-applied" in self.faults:
            return head + payload
        if "mask-key-backwards" in self.faults:
            key = key[::-1]
        return head + xor(payload, key)

    def key(self, opcode, size):
        """The key of a frame; None: it is not masked."""
        if "mask-none" in self.faults:
            return None
        if "mask-not-of-control" in self.faults and opcode >= 8:
            return None
        if "mask-not-of-empty" in self.faults and size == 0:
            return None
        if "mask-keys-zero" in self.faults:
            return bytes(4)
        if "mask-keys-constant" in self.faults:
            return b"\x37\xfa\x21\x3d"
        if "mask-key-of-connection" in self.faults:
            return self.kept
        if "mask-key-per-message" in self.faults:
            if opcode != 0:
                self.kept = os.urandom(4)
            return self.kept
        if "mask-keys-of-one-byte" in self.faults:
            return os.urandom(1) * 4
        if "mask-keys-the-same-each-time" in self.faults:  # a generator that nobody seeds
            return hashlib.sha1(b"%d" % self.count).digest()[:4]
        if "mask-keys-of-three-octets" in self.faults:
            return b"\0" + os.urandom(3)
        if "mask-keys-of-31-bits" in self.faults:
            return bytes([os.urandom(1)[0] & 0x7F]) + os.urandom(3)
        if "mask-keys-in-pairs" in self.faults:
            self.kept = self.kept[::-1] if self.count % 2 == 0 else os.urandom(4)
            return self.kept
        return self.next_in_series()

    def next_in_series(self):
        step = {"mask-keys-counter": (1, 1), "mask-keys-linear": (1664525, 1013904223)}
        for name in self.faults & step.keys():
            factor, offset = step[name]
            value = (int.from_bytes(self.kept, "big") * factor + offset) % (1 << 32)
            self.kept = value.to_bytes(4, "big")
            return self.kept
        if "mask-one-zero-key" in self.faults and self.count == 5:
            return bytes(4)
        return os.urandom(4)
