// RFC 6455 §4.4: how a client and a server with different versions part.
#include <catch2/catch.hpp>
#include <string>

#include "../support/head_feed.hpp"
#include "client_handshake.hpp"
#include "known_fields.hpp"
#include "server_handshake.hpp"

namespace wsproof::test {
namespace {

constexpr std::string_view kVersion = "Sec-WebSocket-Version";

std::string refusal_of(const Head& head) {
    std::string response;
    for (const Pieces& pieces : every_cut(head.text())) {
        ServerHandshake server(Options{});
        REQUIRE(feed(server, pieces).step == Step::violation);
        REQUIRE(server.error() == Error::bad_version);
        response = server.error_text();
    }
    return response;
}

TEST_CASE("§4.4 server: another version is answered with 426 and ours") {
    for (const std::string value : {"0", "7", "8", "12", "14", "25", "255"}) {
        CAPTURE(value);
        CHECK(
            refusal_of(good_request().with(kVersion, value)) ==
            "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
            "Sec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n");
    }
    CHECK(refusal_of(good_request().with(kVersion, "8").without("Sec-WebSocket-Key"))
              .starts_with("HTTP/1.1 426 "));
}

TEST_CASE("§4.4 server: no version, two, or what is none is answered with 400 and ours") {
    const std::string expected =
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nSec-WebSocket-Version: 13\r\n"
        "Content-Length: 0\r\n\r\n";
    CHECK(refusal_of(good_request().without(kVersion)) == expected);
    CHECK(refusal_of(good_request().plus(kVersion, "13")) == expected);
    for (const std::string value : {"", "013", "256", "00", "+13", "-1", "13.0", "13, 8", "13;",
                                    "0x0d", "x", "1 3", "9999"}) {
        CAPTURE(value);
        CHECK(refusal_of(good_request().with(kVersion, value)) == expected);
    }
}

TEST_CASE("§4.4 client: such an answer is a refusal that tells the versions") {
    SampleEntropy entropy;
    ClientHandshake client({.host = "a"}, entropy, {});
    const Head request = good_request().with(kVersion, "8");
    REQUIRE(feed(client, {refusal_of(request)}).step == Step::done);
    CHECK(client.outcome() == ClientHandshake::Outcome::refused);
    CHECK(client.refused().status == 426);
    CHECK(KnownFields(client.refused().fields).first(KnownField::version) == "13");
}

TEST_CASE("§4 pair: our client and our server open") {
    SampleEntropy entropy;
    const Field cookie{"Cookie", "a=b"};
    ClientHandshake client({.host = "a:80",
                            .target = "/x?y",
                            .origin = "http://a",
                            .subprotocols = {"chat", "mqtt"},
                            .fields = {&cookie, 1}},
                           entropy, {});
    ServerHandshake server(Options{});
    REQUIRE(feed(server, {client.request_text()}).step == Step::done);
    CHECK(server.request().target == "/x?y");
    CHECK(server.request().origin == "http://a");
    std::string response;
    REQUIRE(accept(server, "mqtt", {}, response) == Error::none);
    REQUIRE(feed(client, {response}).step == Step::done);
    CHECK(client.opened().subprotocol == "mqtt");
}

}  // namespace
}  // namespace wsproof::test
