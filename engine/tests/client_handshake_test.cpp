#include "client_handshake.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "support/head_feed.hpp"

namespace wsproof::test {
namespace {

struct Client {
    explicit Client(const Request& request, const Limits& limits = {})
        : handshake(request, entropy, {.limits = limits}) {}
    SampleEntropy entropy{};
    ClientHandshake handshake;
};

Request good() {
    return {.host = "server.example.com", .target = "/chat"};
}

TEST_CASE("Client handshake: the smallest request") {
    const Client client(good());
    CHECK(client.handshake.error() == Error::none);
    CHECK(client.handshake.request_text() == good_request().text());
}

TEST_CASE("Client handshake: everything a caller can ask for, in its order") {
    const std::vector<Field> fields = {{"Cookie", "a=b"}, {"X", ""}};
    const Client client({.host = "[::1]:8080",
                         .target = "/?a=b",
                         .origin = "null",
                         .subprotocols = {"chat", "Chat"},
                         .fields = fields});
    CHECK(client.handshake.request_text() ==
          "GET /?a=b HTTP/1.1\r\nHost: [::1]:8080\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
          "Origin: null\r\nSec-WebSocket-Protocol: chat, Chat\r\nCookie: a=b\r\nX: \r\n\r\n");
}

void check_unusable(const Request& request) {
    Client client(request);
    CHECK(client.handshake.error() == Error::invalid_argument);
    CHECK(client.handshake.request_text().empty());
    CHECK(feed(client.handshake, {good_response().text()}).step == Step::violation);
}

TEST_CASE("Client handshake: arguments that cannot be sent are refused") {
    Request request = good();
    for (const std::string host : {"", "a b", "a\r\nX: y", "u@a", "a/b", "a:x"}) {
        request.host = host;
        check_unusable(request);
    }
    request = good();
    for (const std::string target : {"", "chat", "/a b", "/a\r\nX: y", "/a#b", "*", "/\xC3\xA4"}) {
        request.target = target;
        check_unusable(request);
    }
    request = good();
    for (const std::string origin : {"a b", "a\r\nX: y", "\xC3\xA4"}) {
        request.origin = origin;
        check_unusable(request);
    }
    request = good();
    for (const std::vector<std::string>& subprotocols : std::vector<std::vector<std::string>>{
             {""}, {"a b"}, {"a,b"}, {"a/b"}, {"caf\xC3\xA9"}, {"a\r\n"}, {"chat", "b", "chat"}}) {
        request.subprotocols = subprotocols;
        check_unusable(request);
    }
}

TEST_CASE("Client handshake: fields that are ours or malformed are refused") {
    for (const Field field :
         {Field{"A", "b\r\nC: d"}, Field{"A", "b\n"}, Field{"A", "\r"}, Field{"", "b"},
          Field{"A b", ""}, Field{"A:", ""}, Field{"host", "x"}, Field{"Upgrade", "x"},
          Field{"CONNECTION", "x"}, Field{"origin", "x"}, Field{"Content-Length", "0"},
          Field{"transfer-encoding", "x"}, Field{"Sec-WebSocket-Key", "x"},
          Field{"sec-websocket-version", "13"}, Field{"Sec-WebSocket-Extensions", "x"},
          Field{"Sec-WebSocket-Whatever", "x"}}) {
        CAPTURE(field.name, field.value);
        Request request = good();
        request.fields = {&field, 1};
        check_unusable(request);
    }
}

TEST_CASE("Client handshake: a good response opens, what follows stays") {
    Request request = good();
    request.subprotocols = {"chat", "superchat"};
    const std::string text = good_response().plus("Sec-WebSocket-Protocol", "superchat").text();
    for (const Pieces& pieces : every_cut(text + "\x81")) {
        Client client(request);
        const Fed fed = feed(client.handshake, pieces);
        REQUIRE(fed.step == Step::done);
        CHECK(client.handshake.outcome() == ClientHandshake::Outcome::opened);
        CHECK(client.handshake.error() == Error::none);
        CHECK(fed.left == "\x81");
        CHECK(client.handshake.opened().subprotocol == "superchat");
        CHECK_FALSE(client.handshake.opened().deflate);
        CHECK(client.handshake.opened().fields.size() == 4);
    }
}

TEST_CASE("Client handshake: a refusal comes with its fields and leaves the body") {
    const std::string text = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";
    for (const Pieces& pieces : every_cut(text)) {
        Client client(good());
        const Fed fed = feed(client.handshake, pieces);
        REQUIRE(fed.step == Step::done);
        CHECK(client.handshake.outcome() == ClientHandshake::Outcome::refused);
        CHECK(client.handshake.error() == Error::upgrade_refused);
        CHECK(client.handshake.refused().status == 403);
        REQUIRE(client.handshake.refused().fields.size() == 1);
        CHECK(client.handshake.refused().fields[0].value == "2");
        CHECK(fed.left == "no");
    }
}

TEST_CASE("Client handshake: interim responses are passed over, within the limits") {
    const std::string interim =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n";
    const std::string text = interim + good_response().text();
    for (const Pieces& pieces : every_cut(text)) {
        Client client(good());
        REQUIRE(feed(client.handshake, pieces).step == Step::done);
        CHECK(client.handshake.outcome() == ClientHandshake::Outcome::opened);
        CHECK(client.handshake.opened().fields.size() == 3);
    }
    Limits limits;
    limits.head = text.size() - 1;
    Client client(good(), limits);
    CHECK(feed(client.handshake, {text}).step == Step::violation);
    CHECK(client.handshake.error() == Error::head_too_big);
}

TEST_CASE("Client handshake: a response that is too big or no HTTP fails") {
    Limits limits;
    limits.fields = 2;
    Client few(good(), limits);
    CHECK(feed(few.handshake, {good_response().text()}).step == Step::violation);
    CHECK(few.handshake.error() == Error::too_many_fields);
    for (const std::string text : {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 101 x\n\n", "\x15\x03\x01"}) {
        Client client(good());
        CHECK(feed(client.handshake, {text}).step == Step::violation);
        CHECK(client.handshake.error() == Error::malformed_head);
    }
}

}  // namespace
}  // namespace wsproof::test
