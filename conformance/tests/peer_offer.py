"""The faulty client's side of permessage-deflate's negotiation (RFC 7692 §5, §7): the offer, and what may come back.

Strict; each switch changes one thing, where it stands.
"""

from peer_deflate import BITS, FLAGS, PARTS, SPACED, WINDOWS, Direction, split_parameter

USUAL = b"permessage-deflate; client_max_window_bits"
EVERYTHING = (
    b"permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
    b"server_max_window_bits=12; client_max_window_bits=11"
)

# What is offered in place of the usual.
OFFERS = {
    "offers-everything": EVERYTHING,
    "takes-less-than-asked": EVERYTHING,
    "offers-twice": EVERYTHING + b", " + USUAL,
    "offers-name-alone": b"permessage-deflate",
    "deflate-accepts-unasked-window": b"permessage-deflate",
    "offers-quoted-window": b'permessage-deflate; server_max_window_bits="12"; client_max_window_bits',
    "offers-quoted-blank": b'permessage-deflate; client_max_window_bits; level="very high"',
    "offers-name-in-quotes": b'"permessage-deflate"; client_max_window_bits',
    "offers-malformed": b"permessage-deflate; client_max_window_bits=, ;",
    "offers-window-16": b"permessage-deflate; server_max_window_bits=16; client_max_window_bits",
    "offers-window-7": b"permessage-deflate; client_max_window_bits=7",
    "offers-window-010": b"permessage-deflate; server_max_window_bits=010; client_max_window_bits",
    "offers-flag-with-value": b"permessage-deflate; server_no_context_takeover=true; client_max_window_bits",
    "offers-server-window-without-value": b"permessage-deflate; server_max_window_bits; client_max_window_bits",
    "offers-parameter-twice": b"permessage-deflate; client_max_window_bits; client_max_window_bits=10",
    "offers-unknown-parameter": b"permessage-deflate; client_max_window_bits; max_speed=9",
}


class BadAnswer(Exception):
    """An answer that makes the client fail the connection."""


def offer_of(faults):
    for name in faults & OFFERS.keys():
        return OFFERS[name]
    return USUAL


def parameters_of(element):
    return [split_parameter(part) for part in PARTS.findall(element)[1:]]


def name_of(element):
    return element.partition(b";")[0].strip(b" \t")


def elements_of(value):
    return [each for each in (part.strip(b" \t") for part in SPACED.findall(value)) if each]


class Acceptance:
    """What a server's element agrees to. Raises BadAnswer where the client is to fail (RFC 7692 §7)."""

    def __init__(self, element, offers, faults):
        self.faults = faults
        self.agreed = {}
        for parameter in parameters_of(element):
            self.read(*parameter)
        if not any(self.answers(offer) for offer in elements_of(offers)):
            raise BadAnswer("nobody offered this")
        self.server = self.direction(b"server")
        self.client = self.direction(b"client")

    def read(self, name, equals, value):
        if name not in FLAGS + WINDOWS:
            if "deflate-accepts-unknown" in self.faults:
                return
            raise BadAnswer("an unknown parameter")
        if name in self.agreed and "deflate-accepts-repeated" not in self.faults:
            raise BadAnswer("a parameter twice")
        if not (not equals if name in FLAGS else BITS.fullmatch(value)):
            if "deflate-accepts-bad-value" not in self.faults:
                raise BadAnswer("a bad value")
            value = b""
        self.agreed[name] = value

    def answers(self, offer):
        """Whether it is an answer to this offer."""
        offered = {name: value for name, _, value in parameters_of(offer)}
        agreed = self.agreed
        if b"client_max_window_bits" in agreed and b"client_max_window_bits" not in offered:
            if "deflate-accepts-unasked-window" not in self.faults:
                return False
        if "takes-less-than-asked" in self.faults:
            return True
        if b"server_no_context_takeover" in offered and b"server_no_context_takeover" not in agreed:
            return False
        wanted = int(offered.get(b"server_max_window_bits") or 16)
        return int(agreed.get(b"server_max_window_bits") or 16) <= wanted

    def direction(self, side):
        bits = self.agreed.get(side + b"_max_window_bits")
        return Direction(side + b"_no_context_takeover" in self.agreed, int(bits or 15))
