"""What the faulty client can do wrong, and what is odd but legal in a client. See faults.py for the columns."""

from dataclasses import replace

from faults import SHARED_FAULTS, SHARED_ODDITIES, Fault, NearMiss

REQUEST = (
    Fault("request-post", "asks with POST", "4.1-20"),
    Fault("request-http-1-0", "asks in HTTP/1.0", "4.1-20 11.1.1-4"),
    Fault("request-no-host", "sends no Host", "4.1-22"),
    Fault("request-other-host", "sends a Host that is not the URL's", "4.1-22"),
    Fault("request-host-without-port", "leaves the port out of Host", "4.1-22"),
    Fault("request-two-hosts", "sends Host twice", "4.1-22 4.1-19"),
    Fault("request-no-upgrade", "sends no Upgrade", "4.1-23"),
    Fault("request-upgrade-wrong", "sends `Upgrade: h2c`", "4.1-23"),
    Fault("request-no-connection", "sends no Connection", "4.1-24"),
    Fault("request-connection-wrong", "sends `Connection: keep-alive`", "4.1-24"),
    Fault("request-no-key", "sends no Sec-WebSocket-Key", "4.1-25"),
    Fault("request-short-key", "sends a key of 15 bytes", "4.1-25"),
    Fault("request-key-not-base64", "sends a key that is not base64", "4.1-25 4.3-6"),
    Fault("request-constant-key", "sends the same key on each connection", "4.1-26"),
    Fault("nonce-of-the-rfc", "sends the key of the RFC's example", "4.1-26"),
    Fault("nonce-of-the-clock", "takes the time for its nonce", "4.1-26"),
    Fault("request-two-keys", "sends Sec-WebSocket-Key twice", "11.3.1-1"),
    Fault("request-no-version", "sends no Sec-WebSocket-Version", "4.1-30"),
    Fault("request-version-12", "asks for version 12", "4.1-30"),
    Fault("request-version-013", "asks for version 013", "4.3-2 4.1-30"),
    Fault("request-two-versions", "sends Sec-WebSocket-Version twice", "11.3.5-2"),
    Fault("request-subprotocol-twice", "offers each subprotocol twice", "4.1-33"),
    Fault("request-subprotocol-empty", "offers an empty subprotocol", "4.1-32"),
    Fault("request-subprotocol-separators", "offers a subprotocol with / and @ in its name", "4.1-32"),
    Fault("injects-lines", "offers what its application names, line ends and all", "4.1-32 4.1-19"),
    Fault("request-frames-early", "sends a frame behind the request", "4.1-36"),
    Fault("request-body", "sends a body with its request", "4.1-36 4.1-19"),
    Fault("request-origin-with-path", "sends a URL with a path as Origin", "4.1-29"),
    Fault("request-fragment", "sends the fragment of a URL", "4.1-21 3-7"),
    Fault("request-drops-query", "leaves the query out of the target", "4.1-21 3-6"),
    Fault("request-root-alone", "asks for / whatever the URL", "4.1-21 3-6"),
    Fault("request-raw-target", "sends octets of a URL that have to be encoded", "11.1.1-2 4.1-19 4.1-21"),
    Fault("request-bare-line-feeds", "ends lines with LF alone", "4.1-19"),
    Fault("request-blank-before-colon", "puts a blank between a field's name and its colon", "4.1-19"),
    Fault("request-folded-line", "folds a field", "4.1-19"),
    Fault("offers-malformed", "offers extensions in a list that is none", "4.3-7 9.1-1"),
    Fault("offers-window-16", "offers server_max_window_bits=16", "7692-7.1.2.1-2"),
    Fault("offers-window-7", "offers client_max_window_bits=7", "7692-7.1.2.2-2"),
    Fault("offers-window-010", "offers server_max_window_bits=010", "7692-7.1.2.1-2"),
    Fault("offers-server-window-without-value", "offers server_max_window_bits alone", "7692-7.1.2.1-2"),
    Fault("offers-flag-with-value", "offers server_no_context_takeover=true", "7692-7.1.1.1-2"),
    Fault("offers-unknown-parameter", "offers a parameter that nobody has defined", "9.1-5 9-4 7692-7-7"),
)

RESPONSE = (
    Fault("takes-any-accept", "does not look at Sec-WebSocket-Accept", "4.1-41"),
    Fault("takes-no-accept", "opens without Sec-WebSocket-Accept", "4.1-41"),
    Fault("takes-accept-of-its-length", "takes an Accept of another key", "4.1-41"),
    Fault("accept-without-case", "compares Sec-WebSocket-Accept without case", "4.1-41"),
    Fault("takes-first-accept", "takes the first of two Accepts", "11.3.3-1 4.1-44 4.1-41", "non-strict", "A3"),
    Fault("refuses-blanks", "refuses an Accept with blanks around it", "4.1-41"),
    Fault("takes-any-status", "takes any status for 101", "4.1-38"),
    Fault("takes-status-2xx", "takes 200 for 101", "4.1-38"),
    Fault("takes-no-upgrade", "opens without Upgrade", "4.1-39"),
    Fault("takes-any-upgrade", "does not look at Upgrade", "4.1-39"),
    Fault("upgrade-by-case", "refuses `Upgrade: WebSocket`", "4.1-39 2.1-2"),
    Fault("takes-no-connection", "opens without Connection", "4.1-40"),
    Fault("takes-any-connection", "does not look at Connection", "4.1-40"),
    Fault("connection-is-no-list", "refuses `keep-alive, Upgrade`", "4.1-40", "fail", "A9"),
    Fault("field-names-by-case", "knows field names in their usual case alone", "4.1-45"),
    Fault("takes-any-subprotocol", "takes a subprotocol that it did not offer", "4.1-43"),
    Fault("takes-two-subprotocols", "takes two subprotocols", "4.1-43 4.1-44 11.3.4-2", "non-strict", "A4"),
    Fault("takes-subprotocol-without-case", "takes CHAT for chat", "4.1-43"),
    Fault("takes-any-extension", "takes an extension that it did not offer", "4.1-42 7692-5-15"),
    Fault("takes-malformed-extensions", "opens with a malformed extension list", "9.1-1 4.3-7", "non-strict", "A5"),
    Fault("refuses-interim-answers", "takes a 1xx for the final answer", "4.1-38 4.1-37 4.1-46", "non-strict", "A30"),
    Fault("wants-answer-in-one-read", "refuses an answer that comes in pieces", "4.1-37 4.1-46 2-1"),
    Fault("loses-early-frames", "loses the frames that come with the 101", "4.1-46 5.2-16 6.2-1 5.1-7"),
    Fault("keeps-tcp-open-after-refusing", "leaves TCP open after an answer that it does not take", "7.1.7-1 7.2.1-1"),
    Fault("takes-cut-head", "sends a text when TCP ends inside the head of the answer", "7.1.7-1 4.1-37 7.2.1-1 4.1-44"),
    Fault("goes-on-after-refusing", "sends a text after an answer that it does not take", "7.1.7-1 7.2.1-1 4.1-44 6.1-2"),
    Fault("reconnects-after-refusal", "connects again at once when it was refused", "7.2.3-1 7.2.3-2", "non-strict"),
    Fault("connects-twice", "opens two connections at the same time", "4.1-6 4.1-5 4.1-7", "non-strict", "A29"),
)

MASKING = (
    Fault("mask-none", "does not mask", "5.1-1 5.2-5 6.1-8 5.3-1"),
    Fault("mask-not-of-control", "does not mask control frames", "5.1-1 5.2-5 5.5.1-5"),
    Fault("mask-not-of-empty", "does not mask empty frames", "5.1-1 5.2-5"),
    Fault("mask-keys-zero", "masks with zeros", "5.3-2 5.3-3 5.3-4 10.3-1"),
    Fault("mask-keys-constant", "masks with one key on all connections", "5.3-2 5.3-3 5.3-4 10.3-1"),
    Fault("mask-key-of-connection", "masks with one key a connection", "5.3-2 5.3-4 10.3-1"),
    Fault("mask-key-per-message", "uses one key for all fragments of a message", "5.3-2 5.3-4 10.3-1"),
    Fault("mask-keys-counter", "adds one to the key from frame to frame", "5.3-4 5.3-3 10.3-1"),
    Fault("mask-keys-linear", "takes keys from a linear congruential generator", "5.3-4 5.3-3 10.3-1"),
    Fault("mask-keys-of-one-byte", "makes a key of one random byte", "5.3-4 5.3-3 5.3-2 10.3-1"),
    Fault("mask-keys-the-same-each-time", "has the same series of keys on each connection", "5.3-2 5.3-4 5.3-3 10.3-1"),
    Fault("mask-not-applied", "sets the mask bit and sends the payload in the clear", "5.3-5"),
    Fault("mask-key-backwards", "masks with the octets of the key in reverse", "5.3-5"),
    Fault("mask-key-of-empty-missing", "sends empty frames with the mask bit and no key", "5.2-12"),
    Fault("mask-length-counts-key", "counts the key in the length", "5.3-6"),
    Fault("accepts-masked", "takes masked frames", "5.1-5"),
    Fault("accepts-masked-control", "takes masked control frames", "5.1-5"),
)

CLOSING = (
    Fault("sends-any-close-code", "closes with 1005 if its application asks for it", "7.4.1-7 7.4.1-8 7.4.1-15 7.4.2-1"),
    Fault("sends-meaningless-code", "closes with 2999 if its application asks for it", "7.4.2-2 7.4.1-6 7.4.2-5", "non-strict", "A12"),
    Fault("sends-any-reason", "closes with a reason of any length", "5.5-1"),
    Fault("data-after-own-close", "sends a text behind a Close of its own", "5.5.1-6"),
    Fault("closes-tcp-alone", "ends TCP without a Close when its application closes", "7.1.2-1 7.3-3"),
    Fault("cuts-reason-anywhere", "cuts a long reason inside a character", "8.1-2 5.5.1-3"),
    Fault("keeps-tcp-open-at-end", "leaves TCP open when the server has ended it", "7.2.1-2 5.5.1-13", "non-strict", "A17"),
    # Neither is seen yet: the player ends TCP itself, as a server does, and these clients follow it (C11 of the bug classes).
    Fault("keeps-tcp-open", "leaves TCP open after the closing handshake", "5.5.1-13 7.1.2-2", "non-strict", "A17"),
    Fault("keeps-tcp-open-after-failing", "leaves TCP open after a violation", "7.1.7-1 7.2.1-1", "fail", "A18"),
    Fault("reconnects-after-end", "connects again at once when its connection has ended", "7.2.3-1 7.2.3-2", "non-strict"),
)

DEFLATE = (
    Fault("deflate-accepts-unknown", "takes a parameter that nobody has defined", "7692-7-7 7692-7-6"),
    Fault("deflate-accepts-repeated", "takes a parameter twice", "7692-7-9 7692-7-6"),
    Fault("deflate-accepts-bad-value", "takes windows and flags with impossible values", "7692-7-8 7692-7-6"),
    Fault("deflate-accepts-unasked-window", "takes client_max_window_bits without having offered it", "7692-7-10 7692-7-6"),
    Fault("takes-less-than-asked", "takes an answer that leaves out what it asked for", "7692-7-10 7692-7-6", "non-strict", "A38"),
    Fault("takes-two-deflates", "takes permessage-deflate twice", "7692-7-11", "non-strict"),
    Fault("deflate-without-agreement", "compresses though nothing was agreed", "9.1-6 5.2-2 5.8-1 7692-5-14"),
    Fault("deflate-forgets-window", "inflates each message with an empty window", "7692-7.2.2-3 7692-7.1.1.1-3"),
    Fault("deflate-small-window", "remembers 512 bytes of earlier messages", "7692-7.2.2-8 7692-7.2.2-3 7692-7.1.2.1-4"),
    Fault("deflate-takes-over-anyway", "does not keep to client_no_context_takeover", "7692-7.2.1-8 7692-7.1.1.2-5"),
    Fault("deflate-ignores-window", "does not keep to client_max_window_bits", "7692-7.2.1-13 7692-7.2.2-11 7692-7.1.2.2-3"),
)

OWN_FAULTS = REQUEST + RESPONSE + MASKING + CLOSING + DEFLATE

# A client that hangs leaves nobody else waiting: it is started anew for each connection.
ALONE = tuple(replace(fault, verdict="fail") if fault.verdict == "hang" else fault for fault in SHARED_FAULTS)

FAULTS = {fault.name: fault for fault in OWN_FAULTS + ALONE}

ODDITIES = (
    NearMiss("request-lower-case", "writes field names in lower case", "RFC 9110 §5.1"),
    NearMiss("request-fields-reversed", "sends its fields in reverse", "§4.1"),
    NearMiss("request-no-blank-behind-colon", "puts no blank behind the colon", "RFC 9112 §5"),
    NearMiss("request-connection-list", "sends `Connection: keep-alive, Upgrade`", "§4.1, A9"),
    NearMiss("request-upgrade-capitals", "sends `Upgrade: WebSocket`", "§4.1"),
    NearMiss("request-many-fields", "sends Origin, Cookie, an empty field and others", "§4.1"),
    NearMiss("request-absolute-target", "sends an absolute URL as the target", "§4.1"),
    NearMiss("request-subprotocol-lines", "offers each subprotocol in a line of its own", "§11.3.4"),
    NearMiss("offers-everything", "offers all four parameters", "RFC 7692 §7.1"),
    NearMiss("offers-twice", "offers permessage-deflate twice", "RFC 7692 §5"),
    NearMiss("offers-name-alone", "offers no parameters", "RFC 7692 §7.1"),
    NearMiss("offers-quoted-window", "offers a window in quotes", "RFC 7692 §5"),
    NearMiss("mask-one-zero-key", "masks one frame with zeros, among random keys", "§5.3"),
    NearMiss("ends-tcp-first", "ends TCP at once after the closing handshake", "A17"),
    NearMiss("1010-at-bad-answer", "sends Close 1010 for an answer that it does not take", "A39"),
    NearMiss("connects-late", "connects 1 s after its start", "PORTING.md"),
    NearMiss("stays-a-while", "exits 2 s after the connection has ended", "PORTING.md"),
    NearMiss("exits-with-7", "always exits with 7", "PORTING.md"),
    NearMiss("follows-redirects", "connects to where a 3xx sends it, once", "§4.1"),
    NearMiss("ignores-environment", "does not look at what it is asked to offer or do", "PORTING.md"),
    NearMiss("knows-no-subprotocols", "exits with 89 when it is to offer subprotocols", "PORTING.md"),
)

NEAR_MISSES = {miss.name: miss for miss in ODDITIES + SHARED_ODDITIES}
