"""Python's websocket-client as a client under test. It has no permessage-deflate."""

import websocket

import asked

if asked.deflate:
    asked.unsupported()
try:
    connection = websocket.create_connection(
        asked.url,
        subprotocols=asked.subprotocols or None,
        header=[f"{name}: {value}" for name, value in asked.headers],
        sslopt={"ca_certs": asked.ca},
    )
    asked.action(
        {
            "text": connection.send,
            "binary": connection.send_binary,
            "ping": connection.ping,
            "close": lambda code, reason: connection.close(1000 if code is None else code, reason.encode()),
        }
    )
    while connection.connected:
        opcode, frame = connection.recv_data_frame()  # answers Pings and a Close itself
        if opcode in (websocket.ABNF.OPCODE_TEXT, websocket.ABNF.OPCODE_BINARY):
            connection.send(frame.data, opcode)
except (OSError, websocket.WebSocketException):
    pass  # the connection is over, or was none
