#include "server_handshake.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "support/head_feed.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("Server handshake: the request comes out, what follows stays") {
    const std::string text = good_request()
                                 .starting("GET /chat?a=b HTTP/1.1")
                                 .plus("Origin", "http://example.com")
                                 .plus("Sec-WebSocket-Protocol", "chat, superchat")
                                 .plus("sec-websocket-protocol", ",mqtt")
                                 .text();
    for (const Pieces& pieces : every_cut(text + "\x81\x80")) {
        ServerHandshake server(Options{});
        const Fed fed = feed(server, pieces);
        REQUIRE(fed.step == Step::done);
        CHECK(server.error() == Error::none);
        CHECK(fed.left == "\x81\x80");
        CHECK(server.request().target == "/chat?a=b");
        CHECK(server.request().host == "server.example.com");
        CHECK(server.request().origin == "http://example.com");
        REQUIRE(server.request().subprotocols.size() == 3);
        CHECK(server.request().subprotocols[2] == "mqtt");
        CHECK(server.request().fields.size() == 8);
    }
}

TEST_CASE("Server handshake: acceptance is the response of RFC 6455 §1.2") {
    ServerHandshake server(Options{});
    REQUIRE(feed(server, {good_request().plus("Sec-WebSocket-Protocol", "chat").text()}).step ==
            Step::done);
    std::string out = "kept ";
    const std::vector<Field> fields = {{"Set-Cookie", "a=b"}};
    REQUIRE(accept(server, "chat", fields, out) == Error::none);
    CHECK(out ==
          "kept HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n"
          "Set-Cookie: a=b\r\n\r\n");
    CHECK(server.subprotocol() == "chat");
    CHECK(accept(server, {}, {}, out) == Error::wrong_state);
    CHECK(server.reject(403, {}, {}, out) == Error::wrong_state);
}

TEST_CASE("Server handshake: a response repeats what is in a request of any size") {
    for (std::size_t size = 0; size <= 1200; ++size) {
        const std::string value(size, 'v');
        ServerHandshake server(Options{});
        REQUIRE(feed(server, {good_request().plus("X", value).text()}).step == Step::done);
        const Field field{"Y", server.request().fields.back().value};
        std::string out;
        REQUIRE(accept(server, {}, {&field, 1}, out) == Error::none);
        REQUIRE(out.starts_with("HTTP/1.1 101 Switching Protocols\r\nUpgrade: "));
        REQUIRE(out.ends_with("xOo=\r\nY: " + value + "\r\n\r\n"));
    }
}

TEST_CASE("Server handshake: rejection carries status, fields and body") {
    ServerHandshake server(Options{});
    REQUIRE(feed(server, {good_request().text()}).step == Step::done);
    std::string out;
    const std::vector<Field> fields = {{"WWW-Authenticate", "Basic"}};
    const std::string body = "no\r\n";
    REQUIRE(server.reject(401, fields, std::as_bytes(std::span(body)), out) == Error::none);
    CHECK(out ==
          "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nWWW-Authenticate: Basic\r\n"
          "Content-Length: 4\r\n\r\nno\r\n");
    CHECK(accept(server, {}, {}, out) == Error::wrong_state);
    CHECK(server.reject(401, {}, {}, out) == Error::wrong_state);
}

TEST_CASE("Server handshake: a status without a name has an empty reason") {
    ServerHandshake server(Options{});
    REQUIRE(feed(server, {good_request().text()}).step == Step::done);
    std::string out;
    REQUIRE(server.reject(418, {}, {}, out) == Error::none);
    CHECK(out == "HTTP/1.1 418 \r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("Server handshake: a bad answer leaves everything as it was") {
    ServerHandshake server(Options{});
    REQUIRE(feed(server, {good_request().plus("Sec-WebSocket-Protocol", "chat").text()}).step ==
            Step::done);
    std::string out;
    CHECK(accept(server, "Chat", {}, out) == Error::unoffered_subprotocol);
    CHECK(accept(server, "cha", {}, out) == Error::unoffered_subprotocol);
    for (const Field field :
         {Field{"A", "b\r\nC: d"}, Field{"A", "b\nC: d"}, Field{"A:", "b"}, Field{"", "b"},
          Field{"connection", "close"}, Field{"UPGRADE", "x"}, Field{"Sec-WebSocket-Accept", "x"},
          Field{"Content-Length", "1"}, Field{"Transfer-Encoding", "chunked"},
          Field{"Sec-WebSocket-Protocol", "chat"}, Field{"Sec-WebSocket-Extensions", "x"}}) {
        CAPTURE(field.name, field.value);
        CHECK(accept(server, {}, {&field, 1}, out) == Error::invalid_argument);
    }
    for (const Field field : {Field{"A", "b\r\nC: d"}, Field{"a b", ""}, Field{"Connection", "x"},
                              Field{"content-length", "1"}, Field{"Transfer-Encoding", "x"}}) {
        CAPTURE(field.name, field.value);
        CHECK(server.reject(403, {&field, 1}, {}, out) == Error::invalid_argument);
    }
    for (const int status : {-1, 0, 101, 200, 299, 600}) {
        CHECK(server.reject(status, {}, {}, out) == Error::invalid_argument);
    }
    CHECK(out.empty());
    CHECK(accept(server, "chat", {}, out) == Error::none);
}

TEST_CASE("Server handshake: nothing can be answered before the request is whole") {
    ServerHandshake server(Options{});
    std::string out;
    CHECK(accept(server, {}, {}, out) == Error::wrong_state);
    CHECK(server.reject(403, {}, {}, out) == Error::wrong_state);
    CHECK(out.empty());
}

TEST_CASE("Server handshake: a request that is too big is answered with 431") {
    Limits limits;
    limits.head = 100;
    for (const Pieces& pieces : every_cut(good_request().text())) {
        ServerHandshake server(Options{.limits = limits});
        REQUIRE(feed(server, pieces).step == Step::violation);
        CHECK(server.error() == Error::head_too_big);
        REQUIRE(server.error_text() ==
                "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n"
                "Content-Length: 0\r\n\r\n");
    }
    limits = {};
    limits.fields = 4;
    ServerHandshake server(Options{.limits = limits});
    REQUIRE(feed(server, {good_request().text()}).step == Step::violation);
    CHECK(server.error() == Error::too_many_fields);
    CHECK(server.error_text().starts_with("HTTP/1.1 431 "));
}

TEST_CASE("Server handshake: the request line is three words") {
    for (const std::string line :
         {"GET", "GET /", "GET / ", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1",
          "GET / x HTTP/1.1", "GET\t/\tHTTP/1.1", "GET / http/1.1", "GET / HTTP/11",
          "GET / HTTP/1.10", "GET / HTTP/1.x", "GET / HTTP 1.1", "G@T / HTTP/1.1"}) {
        CAPTURE(line);
        ServerHandshake server(Options{});
        REQUIRE(feed(server, {good_request().starting(line).text()}).step == Step::violation);
        CHECK(server.error() == Error::malformed_head);
        CHECK(server.error_text().starts_with("HTTP/1.1 400 Bad Request\r\n"));
    }
}

}  // namespace
}  // namespace wsproof::test
