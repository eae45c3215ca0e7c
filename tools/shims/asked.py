"""What wsproof asks of a client, as PORTING.md says: read from the environment, for the Python shims."""

import os
import ssl
import sys

UNSUPPORTED = 89

url = sys.argv[1]
subprotocols = [name for name in os.environ.get("WSPROOF_SUBPROTOCOLS", "").split(",") if name]
deflate = {"1": True, "0": False}.get(os.environ.get("WSPROOF_DEFLATE", ""))  # None: as the client likes
ca = os.environ.get("WSPROOF_CA") or None
headers = [
    (name, value.strip())
    for name, _, value in (line.partition(":") for line in os.environ.get("WSPROOF_HEADERS", "").splitlines() if line)
]
tls = ssl.create_default_context(cafile=ca) if url.startswith("wss:") else None


def unsupported():
    sys.exit(UNSUPPORTED)


def _parse(words):
    verb, _, rest = words.partition(":")
    if verb == "binary":
        return verb, (bytes.fromhex(rest),)
    if verb == "ping":
        return verb, (rest.encode(),)
    if verb == "close":
        code, _, reason = rest.partition(":")
        return verb, (int(code) if code else None, reason)
    return verb, (rest,)


verb, arguments = _parse(os.environ.get("WSPROOF_ACTION") or "echo")


def action(actions):
    """Calls the one of {"text", "binary", "ping", "close"} that is asked for, and returns what it does (an awaitable, maybe).

    They take a str, bytes, bytes, and a code (None: none) with a reason. What is not there the client cannot do.
    """
    if verb == "echo":
        return None
    if verb not in actions:
        unsupported()
    return actions[verb](*arguments)
