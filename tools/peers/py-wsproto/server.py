"""An echo server on wsproto and plain sockets, a thread each: server.py PORT.

wsproto reads and writes bytes, and raises if the peer broke a rule; what to do then is the program's part. This one sends
what the exception hints at, as wsproto's documentation shows it, and closes.
"""

import socket
import sys
import threading

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Message, Ping, Request, TextMessage
from wsproto.extensions import PerMessageDeflate
from wsproto.utilities import LocalProtocolError, RemoteProtocolError


class Echo:
    def __init__(self, stream):
        self.stream = stream
        self.connection = WSConnection(ConnectionType.SERVER)
        self.parts = []

    def send(self, event):
        self.stream.sendall(self.connection.send(event))

    def answer(self, event):
        """Answers one event; true if it was the last."""
        if isinstance(event, Request):
            chosen = "echo" if "echo" in event.subprotocols else None
            self.send(AcceptConnection(subprotocol=chosen, extensions=[PerMessageDeflate()]))
        elif isinstance(event, (TextMessage, BytesMessage)):
            self.parts.append(event.data)
            if event.message_finished:
                whole = ("" if isinstance(event, TextMessage) else b"").join(self.parts)
                self.parts = []
                self.send(Message(data=whole))
        elif isinstance(event, Ping):
            self.send(event.response())
        elif isinstance(event, CloseConnection):
            self.send(event.response())
            return True
        return False

    def run(self):
        while True:
            data = self.stream.recv(1 << 18)
            try:
                self.connection.receive_data(data or None)
                events = list(self.connection.events())
            except RemoteProtocolError as error:
                if error.event_hint is not None:
                    self.send(error.event_hint)
                return
            if any([self.answer(event) for event in events]) or not data:
                return


def serve(stream):
    try:
        Echo(stream).run()
    except (OSError, LocalProtocolError):
        pass  # the peer is gone, or the connection is over already
    finally:
        stream.close()


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64) as listener:
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
