// An echo server on nhooyr.io/websocket: server PORT. Its limit is far above what any scenario sends.
package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"os"

	"nhooyr.io/websocket"
)

var options = websocket.AcceptOptions{
	InsecureSkipVerify: true,
	Subprotocols:       []string{"echo"},
	CompressionMode:    websocket.CompressionContextTakeover,
}

func echo(writer http.ResponseWriter, request *http.Request) {
	connection, err := websocket.Accept(writer, request, &options)
	if err != nil {
		return
	}
	defer connection.Close(websocket.StatusInternalError, "")
	connection.SetReadLimit(128 << 20)
	for {
		kind, message, err := connection.Read(context.Background())
		if err != nil {
			return
		}
		if connection.Write(context.Background(), kind, message) != nil {
			return
		}
	}
}

func main() {
	server := http.Server{
		Addr:     "127.0.0.1:" + os.Args[1],
		Handler:  http.HandlerFunc(echo),
		ErrorLog: log.New(io.Discard, "", 0),
	}
	log.Fatal(server.ListenAndServe())
}
