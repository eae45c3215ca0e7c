// ws and wss URLs, RFC 6455 §3.
#include "client/url.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace wsproof::runtime::test {

namespace {

Url good(const std::string& text) {
    std::string error;
    const auto url = parse_url(text, error);
    INFO(text << ": " << error);
    REQUIRE(url.has_value());
    return *url;
}

std::string why_not(const std::string& text) {
    std::string error;
    CHECK_FALSE(parse_url(text, error).has_value());
    return error;
}

}  // namespace

TEST_CASE("Url: host, port and resource name") {
    const Url url = good("ws://example.com:8080/chat/room?user=1&x=/");
    CHECK_FALSE(url.is_secure);
    CHECK(url.host == "example.com");
    CHECK(url.port == 8080);
    CHECK(url.host_field == "example.com:8080");
    CHECK(url.target == "/chat/room?user=1&x=/");
}

TEST_CASE("Url: default ports are left out of Host") {
    CHECK(good("ws://a/").port == 80);
    CHECK(good("ws://a:80/").host_field == "a");
    CHECK(good("wss://a:443").host_field == "a");
    CHECK(good("wss://a").port == 443);
    CHECK(good("wss://a:80").host_field == "a:80");
    CHECK(good("ws://a:/").port == 80);
}

TEST_CASE("Url: the scheme is not case-sensitive") {
    CHECK(good("WSS://a").is_secure);
    CHECK_FALSE(good("Ws://a").is_secure);
}

TEST_CASE("Url: the resource name begins with a slash") {
    CHECK(good("ws://a").target == "/");
    CHECK(good("ws://a?x=1").target == "/?x=1");
}

TEST_CASE("Url: IPv6 addresses stand in brackets") {
    const Url url = good("ws://[::1]:9000/x");
    CHECK(url.host == "::1");
    CHECK(url.host_field == "[::1]:9000");
}

TEST_CASE("Url: what is none is refused with its reason") {
    CHECK(why_not("http://a/").find("ws://") != std::string::npos);
    CHECK(why_not("a:80").find("ws://") != std::string::npos);
    CHECK(why_not("").find("ws://") != std::string::npos);
    CHECK(why_not("ws://a/#top").find("fragment") != std::string::npos);
    CHECK(why_not("ws://me@a/").find("user name") != std::string::npos);
    for (const char* text :
         {"ws://", "ws:///x", "ws://:80/", "ws://a:0/", "ws://a:65536/", "ws://a:8o/", "ws://a:-1/",
          "ws://[::1/", "ws://[::1]80/", "ws://[]/"}) {
        CHECK(why_not(text).find("no host") != std::string::npos);
    }
}

}  // namespace wsproof::runtime::test
