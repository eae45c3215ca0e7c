// RFC 6455 §4.1: what a client accepts from a server. Its pair: s4_2_server_requirements_test.cpp.
#include <catch2/catch.hpp>
#include <string>

#include "../support/head_feed.hpp"
#include "client_handshake.hpp"

namespace wsproof::test {
namespace {

struct Judged {
    Error error = Error::none;
    ClientHandshake::Outcome outcome = ClientHandshake::Outcome::pending;
};

// judge lets a client that offered "chat" and "superchat" judge `text` under every cut.
Judged judge(const std::string& text) {
    Judged judged;
    bool is_first = true;
    for (const Pieces& pieces : every_cut(text)) {
        SampleEntropy entropy;
        ClientHandshake client({.host = "a", .target = "/", .subprotocols = {"chat", "superchat"}},
                               entropy, {});
        const Fed fed = feed(client, pieces);
        REQUIRE(fed.step != Step::need_more);
        REQUIRE((fed.step == Step::violation) ==
                (client.outcome() == ClientHandshake::Outcome::pending));
        if (is_first) {
            judged = {client.error(), client.outcome()};
            is_first = false;
        }
        REQUIRE(client.error() == judged.error);
        REQUIRE(client.outcome() == judged.outcome);
    }
    return judged;
}

Error error_of(const Head& head) {
    CAPTURE(head.text());
    return judge(head.text()).error;
}

TEST_CASE("§4.1 client: case, order, blanks and unknown fields do not matter") {
    CHECK(error_of(good_response()) == Error::none);
    CHECK(error_of(good_response().with("Upgrade", "WebSocket")) == Error::none);
    CHECK(error_of(good_response().with("Connection", "keep-alive, uPGRADE")) == Error::none);
    CHECK(error_of({"HTTP/1.1 101 ",
                    {{"X-Other", "caf\xC3\xA9"},
                     {"SEC-WEBSOCKET-ACCEPT", " \ts3pPLMBiTxaQ9kYGzzhZRbK+xOo= \t"},
                     {"connection", "upgrade"},
                     {"uPGRADE", "websocket"}}}) == Error::none);
    CHECK(error_of(good_response().starting("HTTP/1.1 101")) == Error::none);
    CHECK(error_of(good_response().starting("HTTP/1.2 101 x")) == Error::none);
}

TEST_CASE("§4.1 client, step 1: the status line") {
    for (const std::string line :
         {"HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 10", "HTTP/1.1 1O1 x", "HTTP/1.1 1010 x",
          "HTTP/1.1 001 x", "HTTP/1.1  101 x", "HTTP/2 101 x", "HTTP/2.0 101 x", "http/1.1 101 x",
          "ICY 101 OK", "HTTP/1.1 101x", "HTTP/1.1 101\tx"}) {
        CHECK(error_of(good_response().starting(line)) == Error::malformed_head);
    }
    CHECK(error_of(good_response().starting("HTTP/1.0 101 x")) == Error::bad_http_version);
    for (const std::string line : {"HTTP/1.1 200 OK", "HTTP/1.0 400 x", "HTTP/1.1 426",
                                   "HTTP/1.1 302 Found", "HTTP/1.1 999 x"}) {
        const Judged judged = judge(good_response().starting(line).text());
        CHECK(judged.error == Error::upgrade_refused);
        CHECK(judged.outcome == ClientHandshake::Outcome::refused);
    }
}

TEST_CASE("§4.1 client, step 2: Upgrade is websocket and nothing else") {
    CHECK(error_of(good_response().without("Upgrade")) == Error::missing_upgrade);
    CHECK(error_of(good_response().plus("Upgrade", "websocket")) == Error::missing_upgrade);
    for (const std::string value : {"", "h2c", "websocket2", "websocket, foo", "websocket/13",
                                    "websoc\xE2\x84\xAA"
                                    "et"}) {
        CHECK(error_of(good_response().with("Upgrade", value)) == Error::missing_upgrade);
    }
}

TEST_CASE("§4.1 client, step 3: Connection holds Upgrade") {
    CHECK(error_of(good_response().without("Connection")) == Error::missing_connection_upgrade);
    for (const std::string value : {"", "keep-alive", "Upgraded", "close, x-upgrade"}) {
        CHECK(error_of(good_response().with("Connection", value)) ==
              Error::missing_connection_upgrade);
    }
}

TEST_CASE("§4.1 client, step 4: Sec-WebSocket-Accept answers the key, once") {
    const std::string_view name = "Sec-WebSocket-Accept";
    CHECK(error_of(good_response().without(name)) == Error::bad_accept);
    CHECK(error_of(good_response().plus(name, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) ==
          Error::bad_accept);
    for (const std::string value : {"", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo",
                                    "S3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=x",
                                    "dGhlIHNhbXBsZSBub25jZQ==", "OfS0wDaT5NoxF2gqm7Zj2YtetzM=",
                                    "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=, x"}) {
        CHECK(error_of(good_response().with(name, value)) == Error::bad_accept);
    }
}

TEST_CASE("§4.1 client, step 5: no extension was offered, so none may come") {
    for (const std::string value : {"permessage-deflate", "x-unrequested; a=1", "", ",", ";;"}) {
        CHECK(error_of(good_response().plus("Sec-WebSocket-Extensions", value)) ==
              Error::bad_extension);
    }
}

TEST_CASE("§4.1 client, step 6: one of the offered subprotocols, or none") {
    const std::string_view name = "Sec-WebSocket-Protocol";
    CHECK(error_of(good_response().plus(name, "superchat")) == Error::none);
    for (const std::string value : {"", "other", "CHAT", "chat, superchat", "chat,", "cha"}) {
        CHECK(error_of(good_response().plus(name, value)) == Error::unoffered_subprotocol);
    }
    CHECK(error_of(good_response().plus(name, "chat").plus(name, "chat")) ==
          Error::unoffered_subprotocol);
    SampleEntropy entropy;
    ClientHandshake client({.host = "a"}, entropy, {});
    CHECK(feed(client, {good_response().plus(name, "chat").text()}).step == Step::violation);
    CHECK(client.error() == Error::unoffered_subprotocol);
}

}  // namespace
}  // namespace wsproof::test
