#include "offer.hpp"

#include <catch2/catch.hpp>

namespace wsproof::conformance::test {

namespace {

std::string granted(const std::string& extensions) {
    return all_granted(
        offer_of("GET / HTTP/1.1\r\nSec-WebSocket-Extensions: " + extensions + "\r\n\r\n"));
}

}  // namespace

TEST_CASE("Offer: what a head asks for") {
    const Offer offer = offer_of(
        "GET / HTTP/1.1\r\nSec-WebSocket-Key:  a2V5 \r\nsec-websocket-protocol: a, b\r\n"
        "Sec-WebSocket-Protocol: c\r\nSec-WebSocket-Extensions: x; y=1\r\n\r\n");
    CHECK(offer.key == "a2V5");
    CHECK(offer.subprotocols == std::vector<std::string>{"a", "b", "c"});
    REQUIRE(offer.extensions.size() == 1);
    CHECK(offer.extensions.front().name == "x");
}

TEST_CASE("Offer: two keys are none") {
    CHECK(
        offer_of("GET / HTTP/1.1\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Key: b\r\n").key.empty());
}

TEST_CASE("Offer: an answer grants all that the first offer of permessage-deflate asks") {
    CHECK(granted("permessage-deflate") == "permessage-deflate");
    CHECK(granted("x, permessage-deflate; client_max_window_bits, permessage-deflate; "
                  "server_max_window_bits=9") == "permessage-deflate");
    CHECK(granted("permessage-deflate; server_no_context_takeover; client_max_window_bits=10; "
                  "server_max_window_bits=9") ==
          "permessage-deflate; server_no_context_takeover; client_max_window_bits=10; "
          "server_max_window_bits=9");
    CHECK(granted("x-other") == "permessage-deflate");
}

}  // namespace wsproof::conformance::test
