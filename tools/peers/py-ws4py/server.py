"""An echo server on ws4py and gevent: server.py PORT."""

from gevent import monkey

monkey.patch_all()

import logging
import sys

from ws4py.server.geventserver import WSGIServer
from ws4py.server.wsgiutils import WebSocketWSGIApplication
from ws4py.websocket import EchoWebSocket

if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # peers misbehave by design here
    application = WebSocketWSGIApplication(protocols=["echo"], handler_cls=EchoWebSocket)
    WSGIServer(("127.0.0.1", int(sys.argv[1])), application, log=None, error_log=None).serve_forever()
