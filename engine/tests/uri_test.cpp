#include "uri.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

namespace wsproof::test {
namespace {

TEST_CASE("URI: an authority is a host and perhaps a port") {
    for (const std::string_view good :
         {"localhost", "example.com:80", "example.com:", "127.0.0.1:65535", "[::1]", "[::1]:8080",
          "[v1.x:y]", "a%20b", "x_y"}) {
        CAPTURE(good);
        CHECK(is_authority(good));
    }
    for (const std::string_view bad : {"",       ":80",  "a:b",    "a:65536",  "a:80:90",
                                       "user@a", "a/b",  "a b",    "a,b c",    "[",
                                       "[]",     "[::1", "[::1]x", "[::1]:x",  "[fe80::1%25eth0]",
                                       "::1",    "a%2",  "a%zz",   "\xC3\xA4", "a?b",
                                       "a#b"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_authority(bad));
    }
}

TEST_CASE("URI: a resource name is a path, perhaps with a query, without fragment") {
    for (const std::string_view good : {"/", "/a/b?c=d&e=%20", "/?", "//x", "/a|b{c}", "/%zz"}) {
        CAPTURE(good);
        CHECK(is_resource_name(good));
    }
    for (const std::string_view bad : {"", "a", "*", "?x", "/a#b", "/a b", "/\xC3\xA4", "/\x7F"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_resource_name(bad));
    }
}

TEST_CASE("URI: absolute URIs of four schemes come apart") {
    const AbsoluteUri uri = split_absolute_uri("HTTP://a:80/b?c");
    CHECK(uri.authority == "a:80");
    CHECK(uri.path_and_query == "/b?c");
    CHECK(split_absolute_uri("wss://a").authority == "a");
    CHECK(split_absolute_uri("ws://a?q=/").path_and_query == "?q=/");
    CHECK(split_absolute_uri("https://[::1]/").authority == "[::1]");
    for (const std::string_view bad : {"", "ftp://a/", "http:/a", "http:///b", "http://u@a/",
                                       "://a", "http://a/#b", "http://a/\xC3\xA4", "a:80"}) {
        CAPTURE(bad);
        CHECK(split_absolute_uri(bad).authority.empty());
        CHECK(split_absolute_uri(bad).path_and_query.empty());
    }
}

}  // namespace
}  // namespace wsproof::test
