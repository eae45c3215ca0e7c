// The monitor on the opening handshakes of clients: each fault it catches, beside the legal request
// that comes nearest.
#include <catch2/catch.hpp>

#include "met_before.hpp"
#include "monitor.hpp"
#include "support/bytes.hpp"
#include "support/findings.hpp"
#include "wire/digest.hpp"
#include "wire/http_request.hpp"

namespace wsproof::conformance::test {

namespace {

using Lines = std::vector<std::string>;

constexpr const char* kKey = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

Lines judge(const std::string& head) {
    Monitor monitor;
    monitor.expect_target("here:9001", "/a?b");
    wire::HttpRequestReader reader;
    const ByteString bytes = to_bytes(head + "\r\n");
    ByteView in(bytes);
    const auto request = reader.next(in);
    REQUIRE(request);
    monitor.request(*request);
    return lines(monitor);
}

struct Fields {
    std::string line = "GET /a?b HTTP/1.1\r\n";
    std::string host = "Host: here:9001\r\n";
    std::string upgrade = "Upgrade: websocket\r\n";
    std::string connection = "Connection: Upgrade\r\n";
    std::string key = kKey;
    std::string version = "Sec-WebSocket-Version: 13\r\n";
    std::string more{};
};

Lines judge(const Fields& of) {
    return judge(of.line + of.host + of.upgrade + of.connection + of.key + of.version + of.more);
}

Lines with(const std::string& fields) {
    return judge(Fields{.more = fields + "\r\n"});
}

Lines offering(const std::string& extensions) {
    return with("Sec-WebSocket-Extensions: " + extensions);
}

}  // namespace

TEST_CASE("Monitor: a request that conforms, in any case and with other fields") {
    CHECK(judge(Fields{}).empty());
    CHECK(judge(Fields{.line = "GET http://here:9001/a?b HTTP/1.1\r\n",
                       .host = "HOST: HERE:9001\r\n",
                       .upgrade = "upgrade: h2c, WebSocket\r\n",
                       .connection = "connection: keep-alive, upgrade\r\n",
                       .more = "User-Agent: x\r\nContent-Length: 0\r\n"})
              .empty());
}

TEST_CASE("Monitor: the request line") {
    CHECK(judge(Fields{.line = "POST /a?b HTTP/1.1\r\n"}) == Lines{"fail 6455-4.1-20"});
    CHECK(judge(Fields{.line = "GET /a?b HTTP/1.0\r\n"}) == Lines{"fail 6455-4.1-20"});
    CHECK(judge(Fields{.line = "GET /a HTTP/1.1\r\n"}) == Lines{"fail 6455-4.1-21"});
    CHECK(judge(Fields{.line = "GET /a?b#c HTTP/1.1\r\n"}).front() == "fail 6455-3-7 A33");
    CHECK(judge(Fields{.line = "GET /\xC3\xA4 HTTP/1.1\r\n"}).front() == "fail 6455-11.1.1-2 A33");
}

TEST_CASE("Monitor: the fields that a request must have") {
    CHECK(judge(Fields{.host = ""}) == Lines{"fail 6455-4.1-22"});
    CHECK(judge(Fields{.host = "Host: here\r\n"}) == Lines{"fail 6455-4.1-22"});
    CHECK(judge(Fields{.host = "Host: here:9001\r\nHost: here:9001\r\n"}) ==
          Lines{"fail 6455-4.1-22"});
    CHECK(judge(Fields{.upgrade = "Upgrade: websockets\r\n"}) == Lines{"fail 6455-4.1-23"});
    CHECK(judge(Fields{.connection = "Connection: keep-alive\r\n"}) == Lines{"fail 6455-4.1-24"});
    CHECK(judge(Fields{.version = ""}) == Lines{"fail 6455-4.1-30"});
    CHECK(judge(Fields{.version = "Sec-WebSocket-Version: 8\r\n"}) == Lines{"fail 6455-4.1-30"});
    CHECK(judge(Fields{.version = "Sec-WebSocket-Version: 13, 8\r\n"}) ==
          Lines{"fail 6455-4.1-30"});
    CHECK(with("Sec-WebSocket-Version: 13") == Lines{"fail 6455-11.3.5-2 A3"});
}

TEST_CASE("Monitor: the nonce is base64 of sixteen bytes, once") {
    for (const char* key : {"dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25j",
                            "dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBs*SBub25jZQ==", ""}) {
        CAPTURE(key);
        CHECK(judge(Fields{.key = "Sec-WebSocket-Key: " + std::string(key) + "\r\n"}) ==
              Lines{"fail 6455-4.1-25"});
    }
    CHECK(judge(Fields{.key = ""}) == Lines{"fail 6455-4.1-25"});
    CHECK(with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==") == Lines{"fail 6455-11.3.1-1 A3"});
}

TEST_CASE("Monitor: a request has no body, and nothing behind it") {
    CHECK(with("Content-Length: 5") == Lines{"fail 6455-4.1-19"});
    CHECK(with("Transfer-Encoding: chunked") == Lines{"fail 6455-4.1-19"});
    CHECK(with("X : 1") == Lines{"fail 6455-4.1-19"});
    Monitor monitor;
    monitor.spoke_early(to_bytes("x"));
    CHECK(lines(monitor) == Lines{"fail 6455-4.1-36"});
}

TEST_CASE("Monitor: origins") {
    CHECK(with("Origin: null").empty());
    CHECK(with("Origin: https://a.example:8443").empty());
    CHECK(with("Origin: a.example") == Lines{"fail 6455-4.1-29"});
    CHECK(with("Origin: http://a.example/") == Lines{"fail 6455-4.1-29"});
}

TEST_CASE("Monitor: subprotocols are tokens, each once") {
    CHECK(with("Sec-WebSocket-Protocol: chat, superchat").empty());
    CHECK(with("Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: superchat").empty());
    CHECK(with("Sec-WebSocket-Protocol:") == Lines{"fail 6455-4.1-32"});
    CHECK(with("Sec-WebSocket-Protocol: a, , b") == Lines{"fail 6455-4.1-32"});
    CHECK(with("Sec-WebSocket-Protocol: a, b,") == Lines{"fail 6455-4.1-32"});
    CHECK(with("Sec-WebSocket-Protocol: a b") == Lines{"fail 6455-4.1-32"});
    CHECK(with("Sec-WebSocket-Protocol: a, b, a") == Lines{"fail 6455-4.1-33"});
}

TEST_CASE("Monitor: extensions are offered by the grammar") {
    CHECK(offering("x-mine; a=1; b=\"2\", permessage-deflate; client_max_window_bits").empty());
    CHECK(offering("x-mine; a=\"1") == Lines{"fail 6455-4.3-7"});
    CHECK(offering("x mine") == Lines{"fail 6455-4.3-7"});
    CHECK(offering("x-mine;") == Lines{"fail 6455-4.3-7"});
    CHECK(offering("") == Lines{"fail 6455-4.3-7"});
}

TEST_CASE("Monitor: permessage-deflate is offered with its own parameters and their values") {
    CHECK(offering("permessage-deflate; server_max_window_bits=8; client_max_window_bits=15;"
                   "server_no_context_takeover; client_no_context_takeover, permessage-deflate")
              .empty());
    CHECK(offering("permessage-deflate; x") == Lines{"fail 6455-9.1-5"});
    CHECK(offering("permessage-deflate; client_max_window_bits; client_max_window_bits=9") ==
          Lines{"fail 6455-9-4"});
    CHECK(offering("permessage-deflate; server_no_context_takeover=1") ==
          Lines{"fail 7692-7.1.1.1-2"});
    CHECK(offering("permessage-deflate; client_no_context_takeover=1") ==
          Lines{"fail 7692-7.1.1.2-2"});
    CHECK(offering("permessage-deflate; server_max_window_bits=7") ==
          Lines{"fail 7692-7.1.2.1-2 A37"});
    CHECK(offering("permessage-deflate; server_max_window_bits") ==
          Lines{"fail 7692-7.1.2.1-2 A37"});
    CHECK(offering("permessage-deflate; client_max_window_bits=16") ==
          Lines{"fail 7692-7.1.2.2-2 A37"});
}

TEST_CASE("Met before: a nonce may not come twice in a run") {
    MetBefore met;
    CHECK_FALSE(met.has_nonce("a"));
    CHECK_FALSE(met.has_nonce("b"));
    CHECK(met.has_nonce("a"));
}

TEST_CASE("Met before: nonces that have half of their octets in common are not drawn") {
    MetBefore clock;
    for (const char* nonce :
         {"AAAAAAAAAAAYdW5pcXVlMQ==", "AAAAAAAAAAAYdW5pcXVlMg==", "AAAAAAAAAAAYdW5pcXVlMw=="}) {
        CHECK_FALSE(clock.has_nonce(nonce));
        CHECK(clock.flaw().empty());
    }
    CHECK_FALSE(clock.has_nonce("AAAAAAAAAAAYdW5pcXVlNA=="));
    CHECK(clock.flaw() == "15 of 16 octets of which are those of all connections so far");
    CHECK_FALSE(clock.has_nonce("x3JJHMbDL1EzLkh9GBhXDw=="));  // another client, perhaps
    CHECK(clock.flaw().empty());
}

TEST_CASE("Met before: nonces of eight octets that come twice are not drawn") {
    MetBefore twice;
    CHECK_FALSE(twice.has_nonce(wire::base64("0102030405060708 0102030405060708"_hex)));
    CHECK(twice.flaw().empty());
    CHECK_FALSE(twice.has_nonce(wire::base64("1112131411121314 1112131411121314"_hex)));
    CHECK(twice.flaw().starts_with("the second half of which is the first again"));
    CHECK_FALSE(twice.has_nonce("x3JJHMbDL1EzLkh9GBhXDw=="));
    CHECK(twice.flaw().empty());
}

TEST_CASE("Met before: drawn nonces have no flaw, and what is no nonce is not looked at") {
    MetBefore drawn;
    for (const char* nonce : {"dGhlIHNhbXBsZSBub25jZQ==", "x3JJHMbDL1EzLkh9GBhXDw==",
                              "n7fYb1o0v8mXr1Jm2u0h4A==", "qX9s0p3kZt6yWb8eRc1d5Q==", "", "AAAA",
                              "AAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAA", "BAAA", "CAAA"}) {
        CHECK_FALSE(drawn.has_nonce(nonce));
        CHECK(drawn.flaw().empty());
    }
}

}  // namespace wsproof::conformance::test
