// What wsproof asks of a client, as PORTING.md says: read from the environment, for the Go shims.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"net/http"
	"os"
	"strconv"
	"strings"
)

var url = os.Args[1]

func unsupported() {
	os.Exit(89)
}

func offersDeflate() bool {
	return os.Getenv("WSPROOF_DEFLATE") != "0"
}

func subprotocols() []string {
	return strings.FieldsFunc(os.Getenv("WSPROOF_SUBPROTOCOLS"), func(each rune) bool { return each == ',' })
}

func headers() http.Header {
	fields := http.Header{}
	for _, line := range strings.Split(os.Getenv("WSPROOF_HEADERS"), "\n") {
		if name, value, found := strings.Cut(line, ":"); found {
			fields.Add(name, strings.TrimSpace(value))
		}
	}
	return fields
}

func trust() *tls.Config {
	file := os.Getenv("WSPROOF_CA")
	if file == "" {
		return nil
	}
	pool := x509.NewCertPool()
	text, err := os.ReadFile(file)
	if err != nil || !pool.AppendCertsFromPEM(text) {
		unsupported()
	}
	return &tls.Config{RootCAs: pool}
}

type actions struct {
	message func(isText bool, payload []byte) error
	ping    func(payload []byte) error
	close   func(code int, reason string) error // code 0: none
}

func act(can actions) {
	verb, rest, _ := strings.Cut(os.Getenv("WSPROOF_ACTION"), ":")
	var err error
	switch verb {
	case "", "echo":
	case "text":
		err = can.message(true, []byte(rest))
	case "binary":
		payload, _ := hex.DecodeString(rest)
		err = can.message(false, payload)
	case "ping":
		err = can.ping([]byte(rest))
	case "close":
		digits, reason, _ := strings.Cut(rest, ":")
		code, _ := strconv.Atoi(digits)
		err = can.close(code, reason)
	default:
		unsupported()
	}
	if err != nil {
		unsupported()
	}
}
