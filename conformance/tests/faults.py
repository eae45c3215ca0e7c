"""What the faulty peer can do wrong, and what the judge has to say to it.

Each fault names the catalogue rows (data/requirements.json) that it breaks: one of them has to be cited
by a finding of the verdict expected. The verdict follows `on_violation` of the row, or the ambiguity (A…)
that decides. A near-miss is a legal oddity: no verdict of its run may be bad. What a server and a client can have alike is
in the groups SHARED_…; faults_of_clients.py has the rest of the client's.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    name: str
    does: str
    rows: str  # catalogue rows, those of RFC 6455 without their "6455-", by blanks: one of them is to be cited
    verdict: str = "fail"  # fail, non-strict, crash, hang; unreached: no 101, so nothing can be judged
    because: str = ""  # the ambiguity that decides the verdict
    segment: str = ""  # --segment: what is to show the fault
    shown_by: str = ""  # the cases that show it, by blanks, if those that cite its rows do not, or all take too long

    @property
    def clauses(self):
        return tuple(row if row.startswith("7692-") else "6455-" + row for row in self.rows.split())


@dataclass(frozen=True)
class NearMiss:
    name: str
    does: str
    legal_by: str  # the section or ambiguity that allows it
    shows: str = ""  # rows without their "6455-": one of them has to be cited as non-strict
    closing: str = ""  # a value of the close axis that has to be seen

    @property
    def clauses(self):
        return tuple("6455-" + row for row in self.shows.split())


HANDSHAKE = (
    Fault("accept-without-guid", "hashes the key alone into Sec-WebSocket-Accept", "4.2.2-21 4.2.2-1"),
    Fault("accept-of-first-key", "answers every handshake with the Accept of the first", "4.2.2-21"),
    Fault("accept-twice", "sends two Sec-WebSocket-Accept lines", "11.3.3-1"),
    Fault("keeps-blanks-in-key", "hashes the key with the blanks around it", "4.2.2-8 4.2.2-21"),
    Fault("accept-in-hex", "writes Sec-WebSocket-Accept in hexadecimal", "4.3-6 4.2.2-21"),
    Fault("no-upgrade-field", "sends a 101 without Upgrade", "4.2.2-19"),
    Fault("upgrade-value-wrong", "sends `Upgrade: WebSocket-13` in the 101", "4.2.2-19"),
    Fault("no-connection-field", "sends a 101 without Connection", "4.2.2-20"),
    Fault("connection-value-wrong", "sends `Connection: keep-alive` in the 101", "4.2.2-20"),
    Fault("status-200", "sends 200 in place of 101", "4.2.2-18", "unreached"),
    Fault("status-200-for-connection-list", "sends 200 in place of 101 if Connection is a list", "4.2.2-18 4.2.1-7"),
    Fault("bare-line-feeds", "ends the lines of the 101 with LF alone", "4.2.2-17", "fail", "A30"),
    Fault("body-length-in-101", "announces `Content-Length: 5` in the 101", "4.2.2-17", "fail", "A30"),
    Fault("accepts-post", "opens a WebSocket for POST", "4.2.1-2 4.2.1-1"),
    Fault("accepts-http-1-0", "opens a WebSocket for HTTP/1.0", "4.2.1-3 11.1.1-4"),
    Fault("accepts-no-host", "does not ask for Host", "4.2.1-5"),
    Fault("accepts-no-upgrade", "does not ask for Upgrade", "4.2.1-6 11.2-1"),
    Fault("accepts-any-upgrade", "asks for an Upgrade field, not for its value", "4.2.1-6 11.2-1"),
    Fault("accepts-no-connection", "does not ask for Connection", "4.2.1-7"),
    Fault("connection-by-substring", "takes `Upgradex` for Upgrade", "4.2.1-7", "non-strict", "A9"),
    Fault("accepts-no-key", "opens without Sec-WebSocket-Key", "4.2.1-8", "fail", "A8"),
    Fault("accepts-short-key", "takes a key of any length", "4.2.1-8 4.3-6", "non-strict", "A8"),
    Fault("accepts-version-14", "opens for version 13 and above", "4.2.1-9 4.2.2-9 4.4-1"),
    Fault("accepts-no-version", "does not ask for Sec-WebSocket-Version", "4.2.1-9"),
    Fault("reads-version-loosely", "opens for 013, +13 and 13x", "4.3-2 4.2.1-9", "fail", "A2"),
    Fault("version-not-named", "refuses a version without naming its own", "4.2.2-9 4.4-1", "fail", "A2"),
    Fault("426-without-upgrade", "sends 426 without Upgrade", "4.2.2-9", "non-strict", "A2"),
    Fault("chooses-unoffered-subprotocol", "always answers `chat`", "4.2.2-11 4.2.2-12"),
    Fault("echoes-subprotocol-list", "answers with the whole list that was offered", "4.3-5 4.2.2-11"),
    Fault("echoes-unknown-subprotocol", "agrees to any name", "4.2.2-12 4.2.2-11", "non-strict", "A28"),
    Fault("takes-any-subprotocol-list", "passes over a malformed list", "4.3-4 8.1-3", "non-strict", "A5"),
    Fault("each-subprotocol-in-its-line", "answers each name that was offered in a line of its own", "11.3.4-2"),
    Fault("empty-subprotocol", "sends Sec-WebSocket-Protocol without a value", "4.2.2-13"),
    Fault("unasked-extension", "agrees to an extension nobody offered", "4.2.2-15 9-3 4.2.2-14 9.1-10"),
    Fault("empty-extensions", "sends Sec-WebSocket-Extensions without a value", "4.2.2-16"),
    Fault("negotiates-malformed-offer", "agrees to what it finds in a malformed offer", "9.1-1 4.3-7 4.3-1 9.1-2", "fail", "A5"),
    Fault("extensions-without-blanks", "refuses extensions with blanks before separators", "4.3-3", "non-strict", "A5"),
    Fault("refuses-any-extension", "refuses a handshake that offers extensions", "9-2 4.2.1-14 9.1-3", "non-strict"),
    Fault("field-names-by-case", "knows field names in their usual case alone", "4.1-45"),
    Fault("upgrade-token-by-case", "knows `websocket` in lower case alone", "4.2.1-6 2.1-2", "fail", "A9"),
    Fault("connection-is-no-list", "refuses `keep-alive, Upgrade`", "4.2.1-7", "fail", "A9"),
    Fault("wants-host-first", "refuses a head whose first field is not Host", "4.2.1-10"),
    Fault("refuses-unknown-fields", "refuses fields that it does not know", "4.2.1-15"),
    Fault("folds-kelvin-sign", "folds U+212A to k in Upgrade", "2.1-2 4.2.1-6"),
    Fault("wants-head-in-one-read", "refuses a head that comes in pieces", "4.2.1-1 2.1-1"),
)

OF_SERVERS = (  # that a client cannot have, or that break other rows there
    Fault("hangs-at-half-a-head", "serves nobody until a head is complete", "4.2.1-1 10.7-1"),
    Fault("refuses-with-close-frame", "refuses handshakes, and paths but /, with a Close frame", "4.2.2-7 4.2.2-10 7.2.2-1"),
    Fault("answers-early-frames-first", "answers frames behind the request before it sends the 101", "4.2.2-25"),
    Fault("takes-plain-on-tls-port", "opens without TLS on a port for it", "4.2.2-2"),
    Fault("forgets-fin", "sends messages without FIN", "6.1-7 5.4-1"),
    Fault("announces-more-than-it-sends", "announces a byte more than it sends", "6.1-4 6.1-9"),
    Fault("skips-what-is-no-frame", "drops what breaks the framing and goes on", "6.2-1 7.1.7-7 5.2-3 5.2-4"),
    Fault("keeps-tcp-open", "leaves TCP open after the closing handshake", "5.5.1-14 5.5.1-13 7.1.2-2"),
    Fault("keeps-tcp-open-after-failing", "leaves TCP open after a violation", "7.1.7-3 5.5.1-17", "fail", "A18"),
    Fault("sends-1010", "fails connections with 1010", "7.4.1-13", "non-strict"),
    Fault("deflate-accepts-unknown", "accepts offers with parameters that nobody has defined", "7692-7-2 7692-7-1 9-4"),
    Fault("deflate-accepts-repeated", "accepts offers that name a parameter twice", "7692-7-4 7692-7-1"),
    Fault("deflate-accepts-bad-value", "accepts windows and flags with impossible values", "7692-7-3 7692-7-1 7692-7.1.1.1-2 7692-7.1.1.2-2"),
    Fault("deflate-answers-unknown", "answers with a parameter of its own", "7692-7-7 9.1-5"),
    Fault("deflate-answers-twice", "answers with a parameter twice", "7692-7-9"),
    Fault("deflate-answers-16", "answers with server_max_window_bits=16", "7692-7.1.2.1-6 7692-5-7"),
    Fault("deflate-larger-window", "answers with a larger server window than asked for", "7692-7.1.2.1-5"),
    Fault("deflate-drops-server-window", "accepts server_max_window_bits without repeating it", "7692-7.1.2.1-5 7692-5-8 7692-5-17"),
    Fault("deflate-drops-server-alone", "accepts server_no_context_takeover without repeating it", "7692-7.1.1.1-4 7692-5-8 7692-5-17"),
    Fault("deflate-flag-with-value", "answers with server_no_context_takeover=1", "7692-7.1.1.1-5"),
    Fault("deflate-client-window-unasked", "limits clients that have not offered it", "7692-7.1.2.2-6"),
    Fault("deflate-window-without-value", "answers with client_max_window_bits alone", "7692-7.1.2.2-5"),
    Fault("deflate-name-by-its-start", "takes permessage-deflate2 for permessage-deflate", "7692-9.1-1 7692-5-13 4.2.2-15"),
    Fault("deflate-with-another", "agrees to another extension that uses RSV1 too", "7692-5-9"),
    Fault("deflate-without-naming", "compresses without naming the extension in its answer", "7692-5-6 7692-4-2"),
    Fault("deflate-in-spite-of-declining", "inflates and compresses though it declined", "7692-5-14 7692-4-2"),
    Fault("deflate-hides-client-alone", "forgets the window if asked for, and does not say so", "7692-7.2.2-6 7692-7.1.1.2-4"),
    Fault("deflate-final-padded-with-ones", "pads final blocks with ones", "7692-7.2.1-5"),
    Fault("dies-of-bomb", "exits at a message that inflates to more than 8 MiB", "7692-8-2 10.4-1", "crash"),
    Fault("deflate-forgets-window", "inflates each message with an empty window", "7692-7.2.2-5 7692-7.1.1.2-4"),
    Fault("deflate-takes-over-after-empty", "keeps the window once it has sent an empty message", "7692-7.2.1-11 7692-7.1.1.1-4"),
    Fault("deflate-ignores-window-of-large", "goes farther back than agreed from 64 KiB on", "7692-7.2.1-15 7692-7.1.2.1-5"),
    Fault("deflate-small-window", "remembers 512 bytes of earlier messages", "7692-7.2.2-5 7692-7.2.2-10 7692-7.1.2.2-7"),
    Fault("deflate-takes-over-anyway", "agrees to server_no_context_takeover and does not keep to it", "7692-7.2.1-11"),
    Fault("deflate-ignores-window", "agrees to a window and uses 32 KiB", "7692-7.2.1-15 7692-7.1.2.1-3 7692-7-5"),
)

FRAMING = (
    Fault("ignores-rsv1", "does not look at RSV1", "5.2-3 5.2-13"),
    Fault("ignores-rsv2", "does not look at RSV2", "5.2-3 5.2-14"),
    Fault("ignores-rsv3", "does not look at RSV3", "5.2-3 5.2-15"),
    Fault("ignores-rsv-on-control", "does not look at RSV of control frames", "5.2-3"),
    Fault("ignores-rsv-on-continuation", "does not look at RSV of continuations", "5.2-3"),
    Fault("accepts-opcode-3", "takes opcode 3 for binary", "5.2-4"),
    Fault("accepts-opcode-11", "ignores frames of opcode 11", "5.2-4"),
    Fault("skips-reserved-opcodes", "ignores frames of every reserved opcode", "5.2-4"),
    Fault("accepts-long-lengths", "takes lengths that are not minimal", "5.2-8", "non-strict", "A20"),
    Fault("sends-long-lengths", "writes short lengths in 16 bits", "5.2-8", "fail", "A20"),
    Fault("sends-long-length-of-pong", "writes the length of a Pong in 16 bits", "5.2-8 5.5-1"),
    Fault("reads-16-bit-length-signed", "takes 32768 and above for negative", "5.2-6"),
    Fault("drops-top-bit-of-length", "ignores the top bit of a 64-bit length", "5.2-7", "fail", "A19"),
    Fault("64-bit-length-little-endian", "reads 64-bit lengths in the wrong order", "5.2-6"),
    Fault("sets-rsv1", "sets RSV1 in its echoes", "5.2-2 5.8-1 6.1-4"),
    Fault("wants-header-in-one-read", "takes a header in pieces for zeros", "5.2-16"),
    Fault("one-frame-a-read", "looks at one frame of each read", "5.2-16 5.2-12 5.3-6 6.2-5 5.5.2-2"),
    Fault("forgets-rest-of-read", "forgets what came behind a frame in one read", "5.2-12"),
    Fault("cuts-at-64-kib", "returns the first 65,536 bytes of a message", "5.2-6 5.4-10"),
    Fault("cuts-one-size", "takes the last byte off messages of 777", "5.2-6"),
    Fault("stops-at-nul", "returns a payload up to its first zero byte", "5.6-2 5.2-11 10.7-5 8.1-5"),
)

MASKING = (  # of what clients send
    Fault("accepts-unmasked", "takes frames without a mask", "5.1-2"),
    Fault("accepts-unmasked-control", "takes control frames without a mask", "5.1-2"),
    Fault("forgets-masking-after-ping", "takes frames without a mask once a Ping has come", "5.1-2"),
    Fault("masks-frames", "masks what it sends", "5.1-4"),
    Fault("no-key-of-empty-frame", "reads no key for an empty payload", "5.2-12"),
    Fault("mask-runs-over-fragments", "goes on counting the key's octets from fragment to fragment", "5.3-5 5.3-7"),
    Fault("unmasks-with-previous-key", "uses the key of the frame before", "5.3-7 5.3-5 5.3-6 6.2-8"),
    Fault("unmasks-whole-words", "leaves the last bytes of an odd length masked", "5.3-5 6.2-8"),
    Fault("mask-restarts-with-each-read", "begins with the key's first octet at each read", "5.3-5 5.2-16"),
)

FRAGMENTATION = (
    Fault("accepts-orphan-continuation", "takes a continuation for a message", "5.4-2 5.4-1"),
    Fault("accepts-interleaved-message", "forgets an unfinished message for a new one", "5.4-7 5.4-17"),
    Fault("joins-interleaved-message", "appends a new message to an unfinished one", "5.4-7 5.4-17"),
    Fault("accepts-fragmented-ping", "answers a Ping without FIN", "5.4-5 5.5-2"),
    Fault("drops-empty-last-fragment", "waits on after a last fragment that is empty", "5.4-2 5.4-3"),
    Fault("echoes-each-fragment", "takes each fragment for a message", "5.4-2 5.4-3 5.4-10 6.2-4 5.4-16"),
    Fault("delivers-before-fin", "returns a message at its first continuation", "6.2-4 5.4-2 5.4-3 5.4-6 5.4-10"),
    Fault("reverses-fragments", "joins the fragments in reverse", "5.4-6 5.4-3 5.4-2"),
    Fault("type-of-last-frame", "returns a fragmented text as binary", "5.4-3 5.6-3 5.4-17"),
    Fault("keeps-old-fragments", "begins a message with the last fragmented one", "6.2-5"),
    Fault("five-fragments-at-most", "closes at the sixth fragment", "5.4-10 5.4-9 5.4-3 5.4-6", "fail", "A27"),
)

CONTROL = (
    Fault("no-pong", "answers no Ping", "5.5.2-2"),
    Fault("no-pong-in-message", "answers no Ping between fragments", "5.4-8 5.5.2-2"),
    Fault("empty-pong", "answers with an empty Pong", "5.5.3-1 5.5.2-2"),
    Fault("cuts-pong", "returns the first 100 bytes of a Ping", "5.5.3-1 5.5.2-2 5.5-1"),
    Fault("pong-of-text-alone", "closes for a Ping that is not UTF-8", "5.5.2-2 5.5.2-1"),
    Fault("accepts-long-control", "takes control frames above 125 bytes", "5.5-1"),
    Fault("answers-pong", "answers an unsolicited Pong with a Pong", "5.5.3-4", "non-strict", "A23"),
    Fault("closes-on-pong", "closes for a Pong it did not ask for", "5.5.3-3 5.5.3-4", "fail", "A23"),
    Fault("delivers-pong", "returns an unsolicited Pong as a message", "5.5.3-3 5.5.3-4 6.2-2 5.4-8"),
    Fault("delivers-ping", "returns a Ping as a message too", "5.5.2-2 6.2-2 5.4-8"),
    Fault("ping-corrupts-message", "puts a Ping's payload into the message around it", "5.4-8"),
    Fault("ping-ends-message", "forgets the message around a Ping", "5.4-8"),
    Fault("late-pong", "answers a Ping after 3 s", "5.5.2-3", "non-strict"),
    Fault("dies-of-long-ping", "exits at a Ping of 125 bytes", "5.5.2-2 5.5.3-1 5.5-1 6.2-2", "crash"),
    Fault("dies-of-huge-length", "exits at a length above 2 GiB", "10.4-1 5.2-7", "crash"),
    Fault("hangs-at-fragmented-ping", "stops serving everybody at a Ping without FIN", "5.4-5 5.5-2", "hang"),
)

TEXT = (
    Fault("accepts-invalid-text", "does not check text", "8.1-1 5.6-1"),
    Fault("replaces-invalid-text", "returns U+FFFD for what is invalid", "8.1-1"),
    Fault("accepts-overlong-text", "takes overlong sequences", "8.1-1"),
    Fault("accepts-surrogates", "takes encoded surrogates", "8.1-1"),
    Fault("accepts-beyond-u10ffff", "takes code points above U+10FFFF", "8.1-1"),
    Fault("accepts-truncated-text", "takes text that ends inside a character", "8.1-1"),
    Fault("checks-first-fragment-alone", "checks no continuation", "8.1-1"),
    Fault("checks-text-by-frame", "refuses a character across fragments", "5.6-1 8.1-5"),
    Fault("checks-text-by-read", "refuses a character across reads", "8.1-5 5.2-16"),
    Fault("refuses-replacement-character", "refuses U+FFFD", "8.1-5"),
    Fault("refuses-nul", "refuses U+0000", "8.1-5"),
    Fault("refuses-noncharacters", "refuses U+FFFE and the like", "8.1-5"),
    Fault("strips-bom", "drops U+FEFF at the start of a text", "8.1-5"),
    Fault("checks-binary-as-text", "refuses binary messages that are not UTF-8", "5.6-2"),
    Fault("text-as-binary", "returns text as binary", "5.6-3 6.1-6"),
    Fault("accepts-invalid-reason", "takes a close reason that is not UTF-8", "8.1-2 5.5.1-3", "non-strict", "A15"),
)

CLOSE = (
    Fault("no-close-reply", "ends TCP without answering a Close", "5.5.1-7"),
    Fault("no-reply-to-empty-close", "ends TCP at an empty Close", "5.5.1-7"),
    Fault("ignores-close", "does nothing at a Close", "5.5.1-7 5.5.1-13 5.5.1-14"),
    Fault("ignores-close-in-message", "does nothing at a Close between fragments", "5.4-8 5.5.1-7"),
    Fault("echoes-any-code", "returns 1005, 1006, 1015 and 999", "7.4.1-7 7.4.1-8 7.4.1-15 7.4.2-1", "fail", "A12"),
    Fault("takes-any-code", "answers 1000 to any code", "7.4.1-7 7.4.1-8 7.4.1-15 7.4.2-1 7.4.1-6 7.4.2-5", "non-strict", "A12"),
    Fault("refuses-1012", "answers 1002 to 1012-1014", "7.4.2-2 5.5.1-7", "non-strict", "A13"),
    Fault("refuses-registered-codes", "answers 1002 to 3000-3999", "7.4.2-3 5.5.1-7", "non-strict", "A13"),
    Fault("refuses-private-codes", "ends TCP without a Close at 4000-4999", "5.5.1-7 7.4.2-4"),
    Fault("accepts-one-byte-close", "takes a Close of one byte for an empty one", "5.5.1-2", "non-strict", "A14"),
    Fault("data-after-close", "sends a text after its Close", "5.5.1-6 6.1-2 6.1-3"),
    Fault("echoes-after-close", "goes on echoing after the closing handshake", "5.5.1-6 6.1-2 5.5.1-13 6.1-3"),
    Fault("goes-on-after-failing", "sends Close 1002 at a violation and goes on", "7.1.7-7 7.1.7-3 5.5.1-6"),
    Fault("pongs-after-failing", "answers Pings after a violation", "7.1.7-7", "fail", "A18"),
    Fault("sends-1005", "answers an empty Close with 1005", "7.4.1-7", "fail", "A11"),
    Fault("sends-1006", "fails connections with 1006", "7.4.1-8"),
    Fault("sends-invalid-reason", "sends a reason that is not UTF-8", "8.1-2 5.5.1-3"),
    Fault("sends-one-byte-close", "sends a Close of one byte", "5.5.1-2"),
    Fault("sends-long-close", "sends a Close of 126 bytes", "5.5-1"),
    Fault("late-close-reply", "answers a Close after 3 s", "5.5.1-9", "non-strict", shown_by="rfc6455/5.5.1-close/*"),
)

DEFLATE = (
    Fault("deflate-compresses-pongs", "compresses the payload of Pongs", "7692-6-1"),
    Fault("deflate-rsv1-on-fragments", "sets RSV1 on each fragment", "7692-6.1-3"),
    Fault("deflate-forgets-rsv1", "sends compressed messages without RSV1", "7692-6-2 7692-6.1-1 7692-5-16 7692-7.2.3-2"),
    Fault("deflate-counts-plain", "refers back to messages that it sent uncompressed", "7692-7.2.3-1 7692-7.2.1-1"),
    Fault("deflate-flag-of-the-message-before", "inflates fragments of a plain message behind a compressed one", "7692-6-4 7692-6.2-2 7692-6-2"),
    Fault("deflate-rsv1-on-plain", "sets RSV1 on messages that are not compressed", "7692-7.2.1-1 7692-6.1-2 7692-9.2-1"),
    Fault("deflate-rsv1-on-control", "takes control frames with RSV1", "7692-6.1-4"),
    Fault("deflate-rsv1-on-continuation", "takes later fragments with RSV1", "7692-6.1-4"),
    Fault("deflate-ignores-rsv1", "takes compressed messages as they are", "7692-6-2 7692-6.1-5 7692-7.2.2-1"),
    Fault("deflate-inflates-everything", "inflates what has no RSV1 but looks compressed", "7692-6-4 7692-6.2-2"),
    Fault("deflate-inflates-fragments", "inflates each fragment by itself", "7692-6-3 7692-6.2-1 7692-7.2.1-6"),
    Fault("deflate-ping-ends-compression", "forgets at a Ping that the message is compressed", "7692-6.2-1 7692-6-1"),
    Fault("deflate-text-unchecked", "does not check text that was compressed", "7692-6.1-6"),
    Fault("deflate-keeps-tail", "leaves 00 00 FF FF at the end of messages", "7692-7.2.1-1"),
    Fault("deflate-final-without-end", "ends messages with a final block and nothing behind it", "7692-7.2.1-1"),
    Fault("deflate-window-of-all", "takes uncompressed messages into the window", "7692-7.2.3-1"),
    Fault("deflate-no-dynamic-blocks", "cannot read dynamic blocks", "7692-7.2.2-1 7692-6-2"),
    Fault("deflate-stops-at-final", "ends messages at a block that is marked as the last", "7692-7.2.2-1", "fail", "A35"),
    Fault("deflate-delivers-part", "delivers what a cut stream holds", "7692-7.2.2-1"),
    Fault("deflate-ignores-errors", "delivers nothing for a stream that is none, and goes on", "7692-7.2.2-1"),
    Fault("deflate-sends-nothing", "sends RSV1 and no payload for an empty message", "7692-7.2.1-16", "non-strict", "A36"),
)

SHARED_FAULTS = FRAMING + FRAGMENTATION + CONTROL + TEXT + CLOSE + DEFLATE  # of servers and of clients

# What shows where TCP cuts the bytes, or joins them, and nowhere else.
PLAIN = "rfc6455/5.6-data-frames/type-is-kept*"
SIZES = "rfc6455/5.2-base-framing/text-of-size*"
LARGE = "rfc6455/5.2-base-framing/large-binary-of-size*"
PINGS = "rfc6455/5.5.2-ping/ping-with-any-bytes*"
PING = "rfc6455/5.5.2-ping/ping-with-any-bytes[bytes=00fffefdfcfb00ff]"  # each try takes 5 s
CLOSES = "rfc6455/5.5.1-close/close-with-reason*"
STREAMS = "rfc7692/7.2-streams/vectors*"
REQUESTS = "rfc6455/4.2.1-reading-the-request/plain-request"
SEGMENTS = (
    Fault("16-bit-length-in-one-read", "takes zeros for what has not come of a 16-bit length", "5.2-16", segment="split", shown_by=SIZES),
    Fault("64-bit-length-in-one-read", "takes zeros for what has not come of a 64-bit length", "5.2-16", segment="split", shown_by=LARGE),
    Fault("key-in-one-read", "takes zeros for what has not come of a mask key", "5.2-16", segment="split", shown_by=PLAIN),
    Fault("wants-control-in-one-read", "closes at a control frame in pieces", "5.2-16", segment="bytes", shown_by=PINGS),
    Fault("pong-of-first-piece", "answers a Ping with what the first read brought of it", "5.2-16", segment="bytes", shown_by=PING),
    Fault("close-of-first-piece", "takes what the first read brought of a Close for its body", "5.2-16", "non-strict", "A11", "bytes", CLOSES),
    Fault("message-of-first-piece", "returns what the first read brought of a frame", "5.2-16", segment="bytes", shown_by=PLAIN),
    Fault("loses-byte-that-comes-alone", "loses the last byte of a payload if it comes alone", "5.2-16", segment="split", shown_by=PLAIN),
    Fault("deflate-inflates-reads", "inflates what each read brought by itself", "5.2-16", segment="bytes", shown_by=STREAMS),
    Fault("blank-line-in-one-read", "refuses a head that is cut in its blank line", "4.2.1-1 2.1-1", segment="split", shown_by=REQUESTS),
)

FAULTS = {fault.name: fault for fault in HANDSHAKE + OF_SERVERS + MASKING + SHARED_FAULTS + SEGMENTS}

ODDITIES_OF_SERVERS = (
    NearMiss("greets", "sends a text behind the 101", "§4.2.2"),
    NearMiss("lower-case-fields", "writes field names in lower case", "RFC 9110 §5.1"),
    NearMiss("harmless-fields", "sends Server, Date and fields of its own", "§4.2.2"),
    NearMiss("no-reason-phrase", "sends `HTTP/1.1 101 ` and no phrase", "A30"),
    NearMiss("interim-answer", "sends a 100 before the 101", "A30"),
    NearMiss("drops-early-frames", "loses what comes with the head", "A42"),
    NearMiss("404-and-keep-alive", "answers bad handshakes with 404 and leaves TCP open", "A1"),
    NearMiss("refuses-silently", "ends TCP at a bad handshake without a word", "A1"),
    NearMiss("speaks-version-8", "opens for version 8 of the drafts too", "§4.4, A2"),
    NearMiss("names-two-versions", "refuses versions with `Sec-WebSocket-Version: 13, 8`", "§4.4"),
    NearMiss("waits-before-fin", "ends TCP 1 s after the closing handshake", "A17"),
    NearMiss("limits-heads", "refuses heads above 2 KiB with 431", "§4.2.1, RFC 6585 §5"),
    NearMiss("ipv6", "listens on ::1", "§3"),
    NearMiss("deflate-declines", "declines permessage-deflate", "RFC 7692 §5"),
    NearMiss("deflate-alone-unasked", "gives up context takeover both ways, unasked", "RFC 7692 §7.1.1"),
    NearMiss("deflate-window-unasked", "answers with server_max_window_bits=9, unasked", "RFC 7692 §7.1.2.1"),
    NearMiss("deflate-client-window", "answers with client_max_window_bits=9 if offered", "RFC 7692 §7.1.2.2"),
    NearMiss("deflate-quotes-value", "quotes windows in its answer", "RFC 6455 §9.1"),
    NearMiss("deflate-no-blanks", "answers without blanks", "RFC 6455 §9.1"),
)

SHARED_ODDITIES = (
    NearMiss("fragments-echoes", "returns messages in three fragments", "§5.4"),
    NearMiss("pings-before-echoes", "sends a Ping before each echo", "§5.5.2"),
    NearMiss("pings-inside-echoes", "sends a Ping between the fragments of an echo", "§5.4"),
    NearMiss("pong-after-handshake", "sends an unsolicited Pong behind the 101", "§5.5.3"),
    NearMiss("coalesces-pongs", "answers the latest Ping of each read", "§5.5.3, A22"),
    NearMiss("pong-after-echo", "sends a Pong behind the echo of a later message", "A22"),
    NearMiss("pong-after-message", "holds a Pong back until the message around it ends", "§5.5.2, A22"),
    NearMiss("empty-close-replies", "answers each Close with an empty one", "A11"),
    NearMiss("always-1000", "answers each Close with 1000", "A11"),
    NearMiss("returns-close-reason", "returns the reason of a Close", "§5.5.1"),
    NearMiss("pongs-after-close", "answers a Ping behind its own Close", "A26"),
    NearMiss("drops-echo-before-close", "loses an echo when a Close follows at once", "A26"),
    NearMiss("byte-by-byte", "sends in pieces of one byte", "§2.1"),
    NearMiss("resets-after-violation", "ends TCP with RST at a violation", "A18", closing="unclean"),
    NearMiss("no-close-after-violation", "ends TCP without a word at a violation", "A18", closing="no-close-frame"),
    NearMiss("code-1011-after-violation", "fails with 1011 whatever the reason", "A18", closing="wrong-code"),
    NearMiss("waits-for-close-after-violation", "waits 4 s for the Close that answers its own", "A18"),
    NearMiss("late-text-check", "checks text when the message is whole", "A16", shows="8.1-1 8.1-4"),
    NearMiss("limits-messages", "refuses messages above 1 MiB with 1009", "A25"),
    NearMiss("closes-idle", "closes with 1001 after 5 s of silence", "§7.3"),
    NearMiss("slow-echoes", "returns each message after 100 ms", "§2.1"),
    NearMiss("heartbeat", "sends a Ping every 50 ms", "§5.5.2"),
    NearMiss("deflate-never-compresses", "agrees to permessage-deflate and compresses nothing", "RFC 7692 §6"),
    NearMiss("deflate-stored-blocks", "sends stored blocks alone", "RFC 7692 §7.2.1"),
    NearMiss("deflate-huffman-only", "sends literals alone", "RFC 7692 §7.2.1"),
    NearMiss("deflate-final-blocks", "ends each message with a final block and an empty one", "RFC 7692 §7.2.3.4"),
)

NEAR_MISSES = {miss.name: miss for miss in ODDITIES_OF_SERVERS + SHARED_ODDITIES}
