// nhooyr.io/websocket as a client under test. The payload of its Pings is its own.
package main

import (
	"context"
	"net/http"
	"os"
	"strings"

	"nhooyr.io/websocket"
)

func main() {
	if strings.HasPrefix(os.Getenv("WSPROOF_ACTION"), "ping") {
		unsupported()
	}
	always := context.Background()
	options := websocket.DialOptions{
		HTTPClient:      &http.Client{Transport: &http.Transport{TLSClientConfig: trust()}},
		HTTPHeader:      headers(),
		Subprotocols:    subprotocols(),
		CompressionMode: websocket.CompressionContextTakeover,
	}
	if !offersDeflate() {
		options.CompressionMode = websocket.CompressionDisabled
	}
	connection, _, err := websocket.Dial(always, url, &options)
	if err != nil {
		return
	}
	connection.SetReadLimit(128 << 20)
	act(actions{
		message: func(isText bool, payload []byte) error {
			if isText {
				return connection.Write(always, websocket.MessageText, payload)
			}
			return connection.Write(always, websocket.MessageBinary, payload)
		},
		close: func(code int, reason string) error {
			if code == 0 {
				code = int(websocket.StatusNoStatusRcvd) // it sends an empty Close
			}
			connection.Close(websocket.StatusCode(code), reason) // it waits for the answer; what that is is no matter here
			return nil
		},
	})
	for {
		kind, message, err := connection.Read(always)
		if err != nil || connection.Write(always, kind, message) != nil {
			return
		}
	}
}
