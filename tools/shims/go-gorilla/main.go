// gorilla/websocket as a client under test.
package main

import (
	"time"

	"github.com/gorilla/websocket"
)

func main() {
	dialer := websocket.Dialer{EnableCompression: offersDeflate(), Subprotocols: subprotocols(), TLSClientConfig: trust()}
	connection, _, err := dialer.Dial(url, headers())
	if err != nil {
		return
	}
	defer connection.Close()
	connection.SetReadLimit(128 << 20)
	act(actions{
		message: func(isText bool, payload []byte) error {
			if isText {
				return connection.WriteMessage(websocket.TextMessage, payload)
			}
			return connection.WriteMessage(websocket.BinaryMessage, payload)
		},
		ping: func(payload []byte) error {
			return connection.WriteControl(websocket.PingMessage, payload, time.Now().Add(time.Second))
		},
		close: func(code int, reason string) error {
			if code == 0 {
				code = websocket.CloseNoStatusReceived // which FormatCloseMessage turns into an empty Close
			}
			body := websocket.FormatCloseMessage(code, reason)
			return connection.WriteControl(websocket.CloseMessage, body, time.Now().Add(time.Second))
		},
	})
	for {
		kind, message, err := connection.ReadMessage()
		if err != nil || connection.WriteMessage(kind, message) != nil {
			return
		}
	}
}
