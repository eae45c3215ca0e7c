"""The faulty peer's opening handshake (RFC 6455 §4.2): a request head in, a 101 or a refusal out.

Strict wherever the RFC or HTTP lets a server be, so that nothing but the switch that is on can be wrong.
"""

import base64
import hashlib
import re

from peer_deflate import Agreement, agree
from peer_frames import CLOSE, encode

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
BLANKS = rb"[ \t]*"
REQUEST_LINE = re.compile(rb"(" + TOKEN + rb") ((?:/|https?://)[!-\"$-~]*) HTTP/([0-9])\.([0-9])")
FIELD = re.compile(rb"(" + TOKEN + rb"):([\t\x20-\x7e\x80-\xff]*)")
HOST = re.compile(rb"(?:[0-9A-Za-z._~%!$&'()*+,;=\-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")
KEY = re.compile(rb"[A-Za-z0-9+/]{22}==")
QUOTED = rb'"(?:[^"\\]|\\.)*"'
PARAMETER = TOKEN + rb"(?:" + BLANKS + rb"=" + BLANKS + rb"(?:" + TOKEN + rb"|" + QUOTED + rb"))?"
ELEMENT = re.compile(TOKEN + rb"(?:" + BLANKS + rb";" + BLANKS + PARAMETER + rb")*" + BLANKS + rb"(?=,|\Z)")

USUAL_NAMES = (b"Host", b"Upgrade", b"Connection", b"Sec-WebSocket-Key", b"Sec-WebSocket-Version",
               b"Sec-WebSocket-Protocol", b"Sec-WebSocket-Extensions", b"Origin")  # fmt: skip

REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 426: "Upgrade Required",
           431: "Request Header Fields Too Large", 505: "HTTP Version Not Supported"}  # fmt: skip


class Refusal(Exception):
    """The answer to a handshake that does not open a connection."""

    def __init__(self, status, *fields):
        super().__init__(status)
        self.status = status
        self.fields = fields


class Request:
    """A request head: its line and its fields."""

    def __init__(self, head, faults):
        lines = head.split(b"\r\n")
        line = REQUEST_LINE.fullmatch(lines[0])
        if not line:
            raise Refusal(400)
        self.method, self.target = line[1], line[2]
        self.version = (int(line[3]), int(line[4]))
        self.fields = []
        for each in lines[1:]:
            field = FIELD.fullmatch(each)
            if not field:
                raise Refusal(400)
            name = field[1] if "field-names-by-case" in faults else field[1].lower()
            self.fields.append((name, field[2]))
        self.by_case = "field-names-by-case" in faults

    def raw_values(self, name):
        wanted = name if self.by_case else name.lower()
        return [value for each, value in self.fields if each == wanted]

    def values(self, name):
        return [value.strip(b" \t") for value in self.raw_values(name)]

    def elements(self, name):
        """The elements of a list field, the empty ones left out (RFC 9110 §5.6.1)."""
        parts = b",".join(self.values(name)).split(b",")
        return [part.strip(b" \t") for part in parts if part.strip(b" \t")]


class Handshake:
    """Judges one request. `protocol` and `extensions` are what the 101 has to say, None for nothing.

    `deflate` is the agreement on permessage-deflate, if there is one.
    """

    first_accept = None  # of this process, for the server that knows one answer

    def __init__(self, head, faults):
        self.faults = faults
        self.request = Request(head, faults)
        self.protocol = None
        self.protocols = []  # in lines of their own
        self.extensions = None
        self.deflate = None
        self.judge_line()
        self.judge_host()
        self.judge_upgrade()
        self.judge_connection()
        self.judge_version()
        self.judge_key()
        self.judge_other_fields()
        self.choose_protocol()
        self.choose_extensions()

    def judge_line(self):
        if self.request.method != b"GET" and not ("accepts-post" in self.faults and self.request.method == b"POST"):
            raise Refusal(405, "Allow: GET")
        if self.request.version[0] != 1:
            raise Refusal(505)
        if self.request.version[1] < 1 and "accepts-http-1-0" not in self.faults:
            raise Refusal(505)

        if "refuses-with-close-frame" in self.faults and self.request.target.partition(b"?")[0] != b"/":
            raise Refusal(404)

    def judge_host(self):
        hosts = self.request.values(b"Host")
        if not hosts and "accepts-no-host" in self.faults:
            return
        if len(hosts) != 1 or not HOST.fullmatch(hosts[0]):
            raise Refusal(400)
        if "wants-host-first" in self.faults and self.request.fields[0][0] != b"host":
            raise Refusal(400)

    def judge_upgrade(self):
        if "accepts-no-upgrade" in self.faults:
            return
        offered = self.request.elements(b"Upgrade")
        if "accepts-any-upgrade" in self.faults and offered:
            return
        if "folds-kelvin-sign" in self.faults:
            offered = [each.decode("utf-8", "replace").lower().encode() for each in offered]
        elif "upgrade-token-by-case" not in self.faults:
            offered = [each.lower() for each in offered]  # of bytes: ASCII alone
        if b"websocket" not in offered:
            raise Refusal(400)

    def judge_connection(self):
        tokens = [each.lower() for each in self.request.elements(b"Connection")]
        if "accepts-no-connection" in self.faults:
            return
        if "connection-is-no-list" in self.faults:
            tokens = [value.lower() for value in self.request.values(b"Connection")]
        if "connection-by-substring" in self.faults and any(b"upgrade" in each for each in tokens):
            return
        if b"upgrade" not in tokens:
            raise Refusal(400)

    def judge_version(self):
        versions = self.request.values(b"Sec-WebSocket-Version")
        if versions == [b"13"] or (not versions and "accepts-no-version" in self.faults):
            return
        if "speaks-version-8" in self.faults and versions == [b"8"]:
            return
        if "accepts-version-14" in self.faults and len(versions) == 1:
            if re.fullmatch(rb"[1-9][0-9]{1,2}", versions[0]) and 13 <= int(versions[0]) <= 255:
                return
        if "reads-version-loosely" in self.faults and any(re.match(rb"\+?0*13(?![0-9])", each) for each in versions):
            return
        fields = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        if "version-not-named" in self.faults:
            fields.pop()
        if "names-two-versions" in self.faults:
            fields[2] = "Sec-WebSocket-Version: 13, 8"
        if "426-without-upgrade" in self.faults:
            del fields[:2]
        raise Refusal(426, *fields)

    def judge_key(self):
        keys = self.request.values(b"Sec-WebSocket-Key")
        if not keys and "accepts-no-key" in self.faults:
            keys = [b""]
        elif len(keys) != 1 or not (KEY.fullmatch(keys[0]) or ("accepts-short-key" in self.faults and keys[0])):
            raise Refusal(400)
        self.key = keys[0]
        if "keeps-blanks-in-key" in self.faults:  # all but the one that everybody writes behind the colon
            self.key = self.request.raw_values(b"Sec-WebSocket-Key")[0].removeprefix(b" ")

    def judge_other_fields(self):
        if self.request.values(b"Transfer-Encoding") or self.request.values(b"Content-Length") not in ([], [b"0"]):
            raise Refusal(400)  # a GET that opens a WebSocket has no body
        if "refuses-unknown-fields" in self.faults:
            usual = {name.lower() for name in USUAL_NAMES}
            if any(name not in usual for name, _ in self.request.fields):
                raise Refusal(400)

    def choose_protocol(self):
        offered = self.request.elements(b"Sec-WebSocket-Protocol")
        if "takes-any-subprotocol-list" in self.faults:
            self.protocol = b"echo" if b"echo" in offered else None
            return
        is_there = bool(self.request.values(b"Sec-WebSocket-Protocol"))
        if is_there and (not offered or any(not re.fullmatch(TOKEN, each) for each in offered)):
            raise Refusal(400)  # §4.3: a list of at least one token
        if len(set(offered)) != len(offered):
            raise Refusal(400)  # §4.1: the values are unique
        if b"echo" in offered:
            self.protocol = b"echo"
        elif "echoes-unknown-subprotocol" in self.faults and offered:
            self.protocol = offered[0]
        if "chooses-unoffered-subprotocol" in self.faults:
            self.protocol = b"chat"
        if "echoes-subprotocol-list" in self.faults and offered:
            self.protocol = b", ".join(offered)
        if "empty-subprotocol" in self.faults:
            self.protocol = b""
        if "each-subprotocol-in-its-line" in self.faults:
            self.protocol, self.protocols = None, offered

    def choose_extensions(self):
        """Checks the grammar (§9.1), and takes the first permessage-deflate that is acceptable."""
        values = self.request.values(b"Sec-WebSocket-Extensions")
        if values and "refuses-any-extension" in self.faults:
            raise Refusal(400)
        text = b",".join(values)
        if "extensions-without-blanks" in self.faults and re.search(rb"[ \t][;,=]|,[ \t]{2}", text):
            raise Refusal(400)
        if values and not is_extension_list(text):
            if "negotiates-malformed-offer" not in self.faults:
                raise Refusal(400)
            self.extensions = b"permessage-deflate" if b"permessage-deflate" in text else None
        elif agreement := agree(text, self.faults):
            self.deflate, self.extensions = agreement, agreement.answer()
            if "deflate-with-another" in self.faults and b"x-webkit-deflate-frame" in text:
                self.extensions += b", x-webkit-deflate-frame"
            if "deflate-without-naming" in self.faults:
                self.extensions = None
        elif b"permessage-deflate" in text and "deflate-in-spite-of-declining" in self.faults:
            self.deflate = Agreement(b"permessage-deflate", self.faults)
        if "unasked-extension" in self.faults:
            self.extensions = b"x-unasked"
        if "empty-extensions" in self.faults:
            self.extensions = b""

    def accept(self):
        guid = b"" if "accept-without-guid" in self.faults else GUID
        value = base64.b64encode(hashlib.sha1(self.key + guid).digest())
        if "accept-in-hex" in self.faults:
            return hashlib.sha1(self.key + guid).hexdigest().encode()
        if "accept-of-first-key" in self.faults:
            Handshake.first_accept = Handshake.first_accept or value
            return Handshake.first_accept
        return value

    def answer(self):
        """The 101 (§4.2.2)."""
        accept = self.accept()
        fields = [(b"Upgrade", b"websocket"), (b"Connection", b"Upgrade"), (b"Sec-WebSocket-Accept", accept)]
        if "upgrade-value-wrong" in self.faults:
            fields[0] = (b"Upgrade", b"WebSocket-13")
        if "connection-value-wrong" in self.faults:
            fields[1] = (b"Connection", b"keep-alive")
        if "no-upgrade-field" in self.faults:
            del fields[0]
        if "no-connection-field" in self.faults:
            del fields[1]
        if "accept-twice" in self.faults:
            fields.append((b"Sec-WebSocket-Accept", accept))
        if self.protocol is not None:
            fields.append((b"Sec-WebSocket-Protocol", self.protocol))
        fields += [(b"Sec-WebSocket-Protocol", each) for each in self.protocols]
        if self.extensions is not None:
            fields.append((b"Sec-WebSocket-Extensions", self.extensions))
        if "body-length-in-101" in self.faults:
            fields.append((b"Content-Length", b"5"))
        if "harmless-fields" in self.faults:
            fields += [(b"Server", b"peer"), (b"Date", b"Thu, 01 Jan 2026 00:00:00 GMT"), (b"X-Unknown", b"a, b;c")]
        if "lower-case-fields" in self.faults:
            fields = [(name.lower(), value) for name, value in fields]
        status = b"HTTP/1.1 101 Switching Protocols"
        is_list = len(self.request.elements(b"Connection")) > 1
        if "status-200" in self.faults or ("status-200-for-connection-list" in self.faults and is_list):
            status = b"HTTP/1.1 200 OK"
        if "no-reason-phrase" in self.faults:
            status = b"HTTP/1.1 101 "
        end = b"\n" if "bare-line-feeds" in self.faults else b"\r\n"
        head = end.join([status, *(name + b": " + value for name, value in fields), b"", b""])
        return b"HTTP/1.1 100 Continue\r\n\r\n" + head if "interim-answer" in self.faults else head


def is_extension_list(text):
    """extension-list of RFC 6455 §9.1: quoted values unescape to tokens, empty elements do not count."""
    at, count = 0, 0
    while at < len(text):
        if text[at] in b" \t,":
            at += 1
            continue
        element = ELEMENT.match(text, at)
        if not element:
            return False
        for quoted in re.findall(QUOTED, element[0]):
            if not re.fullmatch(TOKEN, re.sub(rb"\\(.)", rb"\1", quoted[1:-1])):
                return False
        at = element.end()
        count += 1
    return count > 0


def refusal_of(refusal, faults):
    """The bytes of a refusal, and whether TCP is to end after them."""
    if "refuses-silently" in faults and refusal.status != 426:
        return b"", True
    if "refuses-with-close-frame" in faults:
        return encode(CLOSE, (1008).to_bytes(2, "big")), True
    status, fields = refusal.status, list(refusal.fields)
    ends = True
    if "404-and-keep-alive" in faults:
        status, ends = 404, False
    elif not any(field.startswith("Connection") for field in fields):
        fields.append("Connection: close")
    lines = [f"HTTP/1.1 {status} {REASONS[status]}", "Content-Length: 0", *fields, "", ""]
    return "\r\n".join(lines).encode(), ends
