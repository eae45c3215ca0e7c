"""wsproto with plain sockets as a client under test.

wsproto reads and writes bytes, and raises if the peer broke a rule; what to do then is the program's part. This one sends
what the exception hints at, as wsproto's documentation shows it, and closes.
"""

import socket
from urllib.parse import quote, urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Message,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.extensions import PerMessageDeflate
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

import asked

parts = []
connection = WSConnection(ConnectionType.CLIENT)
address = urlsplit(asked.url)
stream = socket.create_connection((address.hostname, address.port))
if asked.tls:
    stream = asked.tls.wrap_socket(stream, server_hostname=address.hostname)


target = quote((address.path or "/") + (f"?{address.query}" if address.query else ""), safe="/?%!$&'()*+,;=:@~")


def send(event):
    stream.sendall(connection.send(event))


def answer(event):
    """Answers one event; true if it was the last."""
    if isinstance(event, AcceptConnection):
        asked.action(
            {
                "text": lambda words: send(Message(data=words)),
                "binary": lambda octets: send(Message(data=octets)),
                "ping": lambda octets: send(Ping(payload=octets)),
                "close": lambda code, reason: send(CloseConnection(code=1000 if code is None else code, reason=reason or None)),
            }
        )
    elif isinstance(event, (TextMessage, BytesMessage)):
        parts.append(event.data)
        if event.message_finished:
            whole = ("" if isinstance(event, TextMessage) else b"").join(parts)
            parts.clear()
            send(Message(data=whole))
    elif isinstance(event, Ping):
        send(event.response())
    elif isinstance(event, CloseConnection):
        if asked.verb != "close":
            send(event.response())
        return True
    return isinstance(event, RejectConnection)


def run():
    send(
        Request(
            host=address.netloc,
            target=target,
            subprotocols=asked.subprotocols,
            extensions=[] if asked.deflate is False else [PerMessageDeflate()],
            extra_headers=[(name.encode(), value.encode()) for name, value in asked.headers],
        )
    )
    while True:
        data = stream.recv(1 << 18)
        try:
            connection.receive_data(data or None)
        except RemoteProtocolError as error:
            if error.event_hint is not None:
                send(error.event_hint)
            return
        if any([answer(event) for event in connection.events()]) or not data:
            return


try:
    run()
except (OSError, LocalProtocolError):
    pass  # the peer is gone, or the connection is over already
