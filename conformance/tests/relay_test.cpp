// The one thing that a relay changes: where the request goes.
#include "relay.hpp"

#include <catch2/catch.hpp>

#include "support/bytes.hpp"

namespace wsproof::conformance::test {

namespace {

std::string sent_on(const std::string& head) {
    const ByteString bytes = to_bytes(head);
    ByteView rest(bytes);
    wire::HttpRequestReader reader;
    return to_text(readdressed(reader.next(rest).value(), "/b", "there:2"));
}

}  // namespace

TEST_CASE("Relay: the request target and the Host field are the server's, all else stays") {
    CHECK(sent_on("GET /a HTTP/1.1\r\nX:  1 \r\nhost: here:1\r\nHostess: x\r\n\r\n") ==
          "GET /b HTTP/1.1\r\nX:  1 \r\nhost: there:2\r\nHostess: x\r\n\r\n");
    CHECK(sent_on("GET /a HTTP/1.1\nHost: here:1\n\n") == "GET /b HTTP/1.1\nHost: there:2\n\n");
}

TEST_CASE("Relay: a request without a Host gets none") {
    CHECK(sent_on("GET /a HTTP/1.1\r\n\r\n") == "GET /b HTTP/1.1\r\n\r\n");
}

}  // namespace wsproof::conformance::test
