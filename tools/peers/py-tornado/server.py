"""An echo server on Tornado: server.py PORT. Its buffers are far above what any scenario sends."""

import asyncio
import logging
import sys

import tornado.web
import tornado.websocket


class Echo(tornado.websocket.WebSocketHandler):
    def check_origin(self, origin):
        return True

    def select_subprotocol(self, subprotocols):
        return "echo" if "echo" in subprotocols else None

    def get_compression_options(self):
        return {}  # permessage-deflate as Tornado does it by default

    async def on_message(self, message):
        try:
            await self.write_message(message, binary=isinstance(message, bytes))
        except tornado.websocket.WebSocketClosedError:
            pass


async def main():
    logging.disable(logging.CRITICAL)  # peers misbehave by design here
    application = tornado.web.Application([(r"/.*", Echo)], websocket_max_message_size=128 << 20)
    application.listen(int(sys.argv[1]), "127.0.0.1", max_buffer_size=256 << 20)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
