"""A server that echoes nothing: greets with a number, wants a login first, then answers "status", and no more.

login_server.py --port N [--strict] [--fault NAME]: the strict one closes for a message that it does not know; NAME is
of faults.py.
"""

import argparse
import asyncio
import itertools
import json
import sys

import faulty_peer
from peer_session import TEXT, Failure, Session

LOGIN = {"login": "judge"}


class LoginSession(Session):
    numbers = itertools.count(1)
    is_strict = False
    is_known = False

    def begin(self):
        self.send(TEXT, b"hello, visitor %d" % next(self.numbers))

    def echo(self, opcode, payload):
        if not self.is_known:
            if opcode != TEXT or json.loads(payload) != LOGIN:
                raise Failure(1008)
            self.is_known = True
            self.send(TEXT, b"welcome")
        elif opcode == TEXT and payload == b"status":
            self.send(TEXT, b"fine since %d" % next(self.numbers))
        elif self.is_strict:
            raise Failure(1008)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--fault")
    options = parser.parse_args()
    LoginSession.is_strict = options.strict
    faulty_peer.Session = LoginSession
    asyncio.run(faulty_peer.serve(options.port, frozenset([options.fault] if options.fault else [])))


if __name__ == "__main__":
    sys.exit(main())
