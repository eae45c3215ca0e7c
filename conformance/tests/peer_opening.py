"""The faulty client's opening handshake (RFC 6455 §4.1): the request it sends, and its judgement of the answer.

Strict wherever the RFC or HTTP lets a client be, so that nothing but the switch that is on can be wrong.
"""

import base64
import hashlib
import os
import re
import time

from peer_offer import Acceptance, BadAnswer, elements_of, name_of, offer_of

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONSTANT_NONCE = bytes(range(1, 17))

MANY_FIELDS = (
    (b"Origin", b"null"), (b"User-Agent", b"echo/1.0 (a; b)"), (b"Cookie", b"a=b; c=d"), (b"Pragma", b"no-cache"),
    (b"Cache-Control", b"no-cache"), (b"Accept-Encoding", b"gzip, deflate, br"), (b"X-Empty", b""),
)  # fmt: skip

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
URL = re.compile(r"(wss?)://(\[[0-9a-f:.]+\]|[^/?#:@]+)(?::([0-9]+))?((?:/[^?#]*)?)((?:\?[^#]*)?)((?:#.*)?)", re.I | re.S)
STATUS_LINE = re.compile(rb"HTTP/([0-9])\.([0-9]) ([1-9][0-9]{2})(?: [\t\x20-\x7e\x80-\xff]*)?")
FIELD = re.compile(rb"(" + TOKEN + rb"):([\t\x20-\x7e\x80-\xff]*)")
QUOTED = rb'"(?:[^"\\]|\\.)*"'
BLANKS = rb"[ \t]*"
PARAMETER = TOKEN + rb"(?:" + BLANKS + rb"=" + BLANKS + rb"(?:" + TOKEN + rb"|" + QUOTED + rb"))?"
ELEMENT = re.compile(TOKEN + rb"(?:" + BLANKS + rb";" + BLANKS + PARAMETER + rb")*")


class Target:
    """The parts of a WebSocket URI (§3)."""

    def __init__(self, url, faults):
        parts = URL.fullmatch(url)
        if not parts or parts[6]:
            raise ValueError(f"not a WebSocket URI: {url}")
        self.is_secure = parts[1].lower() == "wss"
        self.host = parts[2].strip("[]")
        self.port = int(parts[3] or (443 if self.is_secure else 80))
        is_usual = self.port == (443 if self.is_secure else 80)
        without_port = is_usual or "request-host-without-port" in faults
        self.authority = parts[2] if without_port else f"{parts[2]}:{self.port}"
        query = parts[5] if len(parts[5]) > 1 and "request-drops-query" not in faults else ""
        path = parts[4] or ("" if "request-without-slash" in faults else "/")
        self.resource = "".join(escaped(each, faults) for each in path + query)
        if "request-decodes-hash" in faults:
            self.resource = self.resource.replace("%23", "#")


def escaped(character, faults):
    """RFC 3986 §2.1: what may not stand in a URI is percent-encoded."""
    if "!" <= character <= "~" or "request-raw-target" in faults:
        return character
    return "".join(f"%{octet:02X}" for octet in character.encode())


def is_token(octets):
    return re.fullmatch(TOKEN, octets) is not None


class Wish:
    """What the environment asks for (tools/shims/PORTING.md)."""

    def __init__(self, faults):
        known = {} if "ignores-environment" in faults else os.environ
        self.action = known.get("WSPROOF_ACTION", "")
        protocols = known.get("WSPROOF_SUBPROTOCOLS", "")
        self.protocols = [each.strip().encode() for each in protocols.split(",") if each.strip()]
        self.deflate = known.get("WSPROOF_DEFLATE", "") != "0"
        headers = known.get("WSPROOF_HEADERS", "").splitlines()
        self.fields = [tuple(part.strip().encode() for part in each.split(":", 1)) for each in headers if ":" in each]
        self.authorities = known.get("WSPROOF_CA", "")


def nonce_of(faults):
    """16 octets drawn at random (§4.1)."""
    if "request-constant-key" in faults:
        return CONSTANT_NONCE
    if "nonce-of-the-rfc" in faults:
        return b"the sample nonce"
    if "nonce-of-the-clock" in faults:
        return time.time_ns().to_bytes(16, "big")
    if "nonce-half-constant" in faults:
        return os.urandom(8) + CONSTANT_NONCE[:8]
    if "nonce-of-four-octets" in faults:
        return os.urandom(4) * 4
    return os.urandom(15 if "request-short-key" in faults else 16)


class Opening:
    """One opening handshake. After `judge`, `deflate` is the agreement on permessage-deflate, if there is one."""

    def __init__(self, target, wish, faults):
        self.target = target
        self.wish = wish
        self.faults = faults
        self.deflate = None
        self.offers = offer_of(faults) if wish.deflate else b""
        nonce = nonce_of(faults)
        self.key = base64.b64encode(nonce)
        if "request-key-not-base64" in faults:
            self.key = b"!" + self.key[1:]
        self.accept = base64.b64encode(hashlib.sha1(self.key + GUID).digest())

    # The request.

    def request(self):
        faults = self.faults
        method = "POST" if "request-post" in faults else "GET"
        version = "1.0" if "request-http-1-0" in faults else "1.1"
        resource = self.target.resource
        if "request-fragment" in faults:
            resource += "#part"
        if "request-absolute-target" in faults:
            resource = f"http{'s' * self.target.is_secure}://{self.target.authority}{resource}"
        if "request-root-alone" in faults:
            resource = "/"
        line = f"{method} {resource} HTTP/{version}".encode()
        fields = self.fields()
        if "request-fields-reversed" in faults:
            fields.reverse()
        lines = [line, *(self.field_line(name, value) for name, value in fields), b"", b""]
        body = b"5\r\nhello\r\n0\r\n\r\n" if "request-body" in faults else b""
        return (b"\n" if "request-bare-line-feeds" in faults else b"\r\n").join(lines) + body

    def field_line(self, name, value):
        faults = self.faults
        if "request-lower-case" in faults:
            name = name.lower()
        if "request-blank-before-colon" in faults and name == b"Upgrade":
            return name + b" : " + value
        if "request-folded-line" in faults and name == b"Upgrade":
            return name + b":\r\n " + value
        if "request-no-blank-behind-colon" in faults:
            return name + b":" + value
        return name + b": " + value

    def fields(self):
        faults = self.faults
        host = b"elsewhere.example" if "request-other-host" in faults else self.target.authority.encode()
        upgrade = b"WebSocket" if "request-upgrade-capitals" in faults else b"websocket"
        upgrade = b"h2c" if "request-upgrade-wrong" in faults else upgrade
        connection = b"keep-alive, Upgrade" if "request-connection-list" in faults else b"Upgrade"
        connection = b"keep-alive" if "request-connection-wrong" in faults else connection
        versions = {"request-version-12": b"12", "request-version-013": b"013"}
        version = next((value for name, value in versions.items() if name in faults), b"13")
        fields = []
        for name, value, left_out, twice in (
            (b"Host", host, "request-no-host", "request-two-hosts"),
            (b"Upgrade", upgrade, "request-no-upgrade", ""),
            (b"Connection", connection, "request-no-connection", ""),
            (b"Sec-WebSocket-Key", self.key, "request-no-key", "request-two-keys"),
            (b"Sec-WebSocket-Version", version, "request-no-version", "request-two-versions"),
        ):
            if left_out not in faults:
                fields += [(name, value)] * (2 if twice in faults else 1)
        return fields + self.optional_fields()

    def optional_fields(self):
        faults = self.faults
        fields = []
        protocols = self.wish.protocols
        if protocols:
            if "request-subprotocol-twice" in faults:
                protocols = protocols * 2
            if "request-subprotocol-empty" in faults:
                protocols = [protocols[0], b"", *protocols[1:]]
            if "request-subprotocol-separators" in faults:
                protocols = [*protocols, b"name/with@separators"]
            if "request-subprotocol-lines" in faults:
                fields += [(b"Sec-WebSocket-Protocol", each) for each in protocols]
            else:
                fields.append((b"Sec-WebSocket-Protocol", b", ".join(protocols)))
        if self.offers:
            fields.append((b"Sec-WebSocket-Extensions", self.offers))
        if "request-many-fields" in faults:
            fields += MANY_FIELDS
        if "request-origin-with-path" in faults:
            fields.append((b"Origin", b"http://example.com/page"))
        if "request-body" in faults:
            fields.append((b"Transfer-Encoding", b"chunked"))
        return fields + self.wish.fields

    # The answer.

    def judge(self, head):
        """Takes the head of a final answer; BadAnswer if the client is to fail the connection."""
        lines = head.split(b"\r\n")
        line = STATUS_LINE.fullmatch(lines[0])
        if not line or (int(line[1]), int(line[2])) < (1, 1):
            raise BadAnswer("status line")
        if not self.takes_status(int(line[3])):
            raise BadAnswer("status")
        fields = {}
        for each in lines[1:]:
            field = FIELD.fullmatch(each)
            if not field:
                raise BadAnswer("a line that is no field")
            name = field[1] if "field-names-by-case" in self.faults else field[1].lower()
            fields.setdefault(name, []).append(field[2])
        self.judge_upgrade(fields)
        self.judge_accept(fields)
        self.judge_protocol(fields)
        self.judge_extensions(fields)

    def takes_status(self, status):
        return (
            status == 101
            or "takes-any-status" in self.faults
            or ("takes-status-2xx" in self.faults and status // 100 == 2)
        )

    def values(self, fields, name):
        name = name if "field-names-by-case" in self.faults else name.lower()
        if "refuses-blanks" in self.faults:
            return [value[1:] if value[:1] == b" " else value for value in fields.get(name, [])]
        return [value.strip(b" \t") for value in fields.get(name, [])]

    def judge_upgrade(self, fields):
        faults = self.faults
        values = self.values(fields, b"Upgrade")
        if "takes-any-upgrade" not in faults and not ("takes-no-upgrade" in faults and not values):
            value = b",".join(values)
            if (value if "upgrade-by-case" in faults else value.lower()) != b"websocket":
                raise BadAnswer("Upgrade")
        values = self.values(fields, b"Connection")
        tokens = b",".join(values).lower().split(b",")
        if "lists-without-blanks" not in faults:
            tokens = [each.strip(b" \t") for each in tokens]
        if "connection-is-no-list" in faults and len(tokens) > 1:
            raise BadAnswer("Connection")
        if "takes-any-connection" not in faults and not ("takes-no-connection" in faults and not values):
            if b"upgrade" not in tokens:
                raise BadAnswer("Connection")

    def judge_accept(self, fields):
        faults = self.faults
        values = self.values(fields, b"Sec-WebSocket-Accept")
        if "takes-any-accept" in faults or ("takes-no-accept" in faults and not values):
            return
        if "takes-accept-of-its-length" in faults and values and len(values[0]) == len(self.accept):
            return
        if "accept-without-case" in faults:
            values, self.accept = [value.lower() for value in values], self.accept.lower()
        if "takes-first-accept" in faults:
            values = values[:1]
        if values != [self.accept]:
            raise BadAnswer("Sec-WebSocket-Accept")

    def judge_protocol(self, fields):
        faults = self.faults
        values = self.values(fields, b"Sec-WebSocket-Protocol")
        if not values or "takes-any-subprotocol" in faults:
            return
        if "takes-subprotocol-without-case" in faults and values[0].lower() in self.wish.protocols:
            return
        if "takes-two-subprotocols" in faults:
            values = [each for each in b",".join(values).replace(b" ", b"").split(b",") if each not in self.wish.protocols]
            if not values:
                return
        if len(values) != 1 or values[0] not in self.wish.protocols:
            raise BadAnswer("Sec-WebSocket-Protocol")

    def judge_extensions(self, fields):
        faults = self.faults
        values = self.values(fields, b"Sec-WebSocket-Extensions")
        elements = elements_of(b",".join(values))
        if not all(ELEMENT.fullmatch(each) for each in elements) or (values and not elements):
            if "takes-malformed-extensions" not in faults:
                raise BadAnswer("Sec-WebSocket-Extensions")
            elements = []
        for element in elements:
            if name_of(element) != b"permessage-deflate" or not self.offers:
                if "takes-any-extension" not in faults:
                    raise BadAnswer("an extension that was not offered")
            elif self.deflate:
                if "takes-two-deflates" not in faults:
                    raise BadAnswer("permessage-deflate twice")
            else:
                self.deflate = Acceptance(element, self.offers, faults)
