// open: ws: and wss: URLs, the options, the handler's events, the time-out.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

std::string request_of(HubFixture& f, std::string_view url, const OpenOptions& options = {}) {
    const auto opened = f.hub.open(url, 7, options);
    INFO(opened.error.text);
    REQUIRE(opened);
    return to_text(f.output(opened.value));
}

TEST_CASE("open: returns the socket, whose destination its owner connects to") {
    HubFixture f;
    const auto plain = f.hub.open("ws://Example.com/a?b=c", 7);
    REQUIRE(plain);
    const auto where = f.hub.destination(plain.value);
    REQUIRE(where);
    CHECK(where.value.host == "Example.com");
    CHECK(where.value.port == 80);
    CHECK_FALSE(where.value.tls);
    const auto secure =
        f.hub.open("wss://[::1]:8443", 7,
                   {.local_address = "127.0.0.2", .ca_file = "ca.pem", .insecure = true});
    REQUIRE(secure);
    CHECK(secure.value != plain.value);
    const auto there = f.hub.destination(secure.value);
    CHECK(there.value.host == "::1");
    CHECK(there.value.port == 8443);
    CHECK(there.value.tls);
    CHECK(there.value.local_address == "127.0.0.2");
    CHECK(there.value.ca_file == "ca.pem");
    CHECK(there.value.insecure);
    CHECK(f.hub.destination(f.hub.open("WSS://host/", 7).value).value.port == 443);
    CHECK(f.hub.destination(kNobody).error.kind == HubErrorKind::unknown_socket);
    CHECK(f.hub.destination(f.attach()).error.kind == HubErrorKind::unknown_socket);
}

TEST_CASE("open: the request has the URL's host and resource, and the merged headers") {
    HubFixture f;
    const std::string request = request_of(f, "ws://example.com:8080?room=1",
                                           {.headers = {{"Cookie", "a=b"}, {"X-Two", ""}},
                                            .protocols = {"chat", "superchat"},
                                            .origin = "http://example.com"});
    CHECK(request.starts_with("GET /?room=1 HTTP/1.1\r\nHost: example.com:8080\r\n"));
    CHECK(request.find("Cookie: a=b\r\nX-Two: \r\n") != std::string::npos);
    CHECK(request.find("Sec-WebSocket-Protocol: chat, superchat\r\n") != std::string::npos);
    CHECK(request.find("Origin: http://example.com\r\n") != std::string::npos);
}

TEST_CASE("open: of the handshake's own headers only Host may be given") {
    HubFixture f;
    CHECK(request_of(f, "ws://127.0.0.1/", {.headers = {{"host", "example.com"}}})
              .find("Host: example.com\r\n") != std::string::npos);
    for (const char* name : {"Upgrade", "connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version",
                             "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"}) {
        const auto opened = f.hub.open("ws://a/", 7, {.headers = {{name, "x"}}});
        CHECK(opened.error.kind == HubErrorKind::bad_argument);
        CHECK_FALSE(opened.error.text.empty());
    }
}

TEST_CASE("open: bad URLs, headers and protocols are errors that say why") {
    HubFixture f;
    for (const char* url :
         {"", "http://a/", "ws:/a", "ws://", "ws:///a", "ws://a b/", "ws://a/#x", "ws://user@a/",
          "ws://a:0/", "ws://a:70000/", "ws://a/\x01", "wss//a"}) {
        INFO(url);
        const auto opened = f.hub.open(url, 7);
        CHECK(opened.error.kind == HubErrorKind::bad_argument);
        CHECK_FALSE(opened.error.text.empty());
    }
    for (const OpenOptions& options :
         {OpenOptions{.headers = {{"X", "a\r\nb"}}}, OpenOptions{.headers = {{"a b", "c"}}},
          OpenOptions{.protocols = {"a b"}}, OpenOptions{.protocols = {"a", "a"}},
          OpenOptions{.origin = "a b"}}) {
        CHECK(f.hub.open("ws://a/", 7, options).error.kind == HubErrorKind::bad_argument);
    }
    CHECK(f.hub.find().value.empty());
}

TEST_CASE("open: options by the package's names; refused and unknown ones are named") {
    OpenOptions options;
    CHECK_FALSE(set_open_option(options, "-headers", "Cookie:  a=b"));
    CHECK_FALSE(set_open_option(options, "-headers", "X: c"));
    CHECK_FALSE(set_open_option(options, "-protocol", "chat  superchat"));
    CHECK_FALSE(set_open_option(options, "-timeout", "1500"));
    CHECK_FALSE(set_open_option(options, "-myaddr", "127.0.0.1"));
    CHECK(options.headers ==
          std::vector<std::pair<std::string, std::string>>{{"Cookie", "a=b"}, {"X", "c"}});
    CHECK(options.protocols == std::vector<std::string>{"chat", "superchat"});
    CHECK(options.timeout == std::chrono::milliseconds(1500));
    CHECK(options.local_address == "127.0.0.1");
    CHECK_FALSE(set_open_option(options, "-timeout", "0"));
    CHECK_FALSE(options.timeout);
    for (const char* name : {"-validate", "-handler", "-command"}) {
        const HubError error = set_open_option(options, name, "1");
        CHECK(error.kind == HubErrorKind::bad_argument);
        CHECK(error.text.find(name) != std::string::npos);
    }
    const HubError unknown = set_open_option(options, "-proxy", "1");
    CHECK(unknown.kind == HubErrorKind::unknown_name);
    CHECK(unknown.text.find("-proxy") != std::string::npos);
    CHECK(unknown.text.find("-timeout") != std::string::npos);
    CHECK(set_open_option(options, "-timeout", "soon").kind == HubErrorKind::bad_argument);
    CHECK(set_open_option(options, "-timeout", "-1").kind == HubErrorKind::bad_argument);
    CHECK(set_open_option(options, "-headers", "no colon").kind == HubErrorKind::bad_argument);
}

TEST_CASE("open: the handler hears of the connection, with the chosen subprotocol") {
    HubFixture f;
    const auto opened = f.hub.open("ws://server.example.com/chat", 9, {.protocols = {"chat"}});
    REQUIRE(opened);
    CHECK(f.info(opened.value, "state") == "CONNECTING");
    const Buffer answer =
        to_bytes(good_response().plus("Sec-WebSocket-Protocol", "chat").text()) + "81 02 68 69"_hex;
    CHECK(f.feed(opened.value, answer, 1) == Lines{"9 connect chat", "9 text 'hi'"});
    CHECK(f.info(opened.value, "state") == "CONNECTED");
}

TEST_CASE("open: a refusal is an error, then a disconnect, and the socket is forgotten") {
    HubFixture f;
    const SocketId socket = f.hub.open("ws://a/", 7).value;
    CHECK(f.feed(socket, to_bytes("HTTP/1.1 403 Forbidden\r\n\r\n")) ==
          Lines{"7 error the server answered 403"});
    f.hub.end_of_input(socket);
    CHECK(f.hear(socket) == Lines{"7 disconnect"});
    CHECK(f.hub.send(socket, "text").error.kind == HubErrorKind::unknown_socket);
    CHECK(f.hub.find().value.empty());
}

TEST_CASE("open: -timeout pushes timeout, then disconnect, and forgets the socket") {
    HubFixture f;
    const SocketId socket = f.hub.open("ws://a/", 7, {.timeout = std::chrono::seconds(2)}).value;
    CHECK(f.hub.deadline() == Time{} + std::chrono::seconds(2));
    f.pass(std::chrono::milliseconds(1999));
    CHECK_FALSE(f.hub.next_ready());
    f.pass(std::chrono::milliseconds(1));
    CHECK(f.hub.next_ready() == socket);
    CHECK_FALSE(f.hub.next_ready());
    Lines lines = f.hear(socket);
    f.hub.end_of_input(socket);
    for (const std::string& line : f.hear(socket)) {
        lines.push_back(line);
    }
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].starts_with("7 timeout"));
    CHECK(lines[1] == "7 disconnect");
    CHECK(f.hub.conninfo(socket, "state").error.kind == HubErrorKind::unknown_socket);
}

TEST_CASE("open: what the transport's owner says of connecting") {
    HubFixture f;
    const SocketId socket = f.hub.open("ws://a/", 7).value;
    CHECK_FALSE(f.hub.connect_failed(socket, "connection refused"));
    CHECK(f.hub.next_ready() == socket);
    CHECK(f.hear(socket) == Lines{"7 error connection refused", "7 disconnect"});
    CHECK(f.hub.transport(socket) == Transport::close);
    CHECK(f.hub.connect_failed(socket, "again").kind == HubErrorKind::unknown_socket);
    const SocketId open = f.connect();
    CHECK(f.hub.connect_failed(open, "too late").kind == HubErrorKind::wrong_state);
    CHECK(f.hub.connected(kNobody, {}, {}).kind == HubErrorKind::unknown_socket);
    CHECK(f.hub.connected(f.take_over(true), {}, {}).kind == HubErrorKind::wrong_state);
}

}  // namespace
}  // namespace wsproof::test
