#include "accept_key.hpp"

#include <catch2/catch.hpp>
#include <string_view>
#include <wsproof/handshake.hpp>

#include "support/head_feed.hpp"

namespace wsproof::test {
namespace {

std::string_view view(const AcceptKey& key) {
    return {key.data(), key.size()};
}

TEST_CASE("Accept key: the examples of RFC 6455 §1.3 and of others") {
    CHECK(view(accept_key("dGhlIHNhbXBsZSBub25jZQ==")) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    // Computed with coreutils: printf KEY+GUID | sha1sum | xxd -r -p | base64.
    CHECK(view(accept_key("AQIDBAUGBwgJCgsMDQ4PEC==")) == "OfS0wDaT5NoxF2gqm7Zj2YtetzM=");
    CHECK(view(accept_key("")) == "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=");
}

TEST_CASE("Accept key: the nonce becomes base64") {
    SampleEntropy entropy;
    const HandshakeKey key = make_key(entropy);
    CHECK(std::string_view(key.data(), key.size()) == "dGhlIHNhbXBsZSBub25jZQ==");
    CHECK(is_key({key.data(), key.size()}));
}

TEST_CASE("Accept key: a key is base64 of 16 bytes") {
    CHECK(is_key("AQIDBAUGBwgJCgsMDQ4PEA=="));
    CHECK(is_key("AQIDBAUGBwgJCgsMDQ4PEC=="));  // erratum 3150: pad bits that are not zero
    CHECK(is_key("++++//////////////////=="));
    CHECK_FALSE(is_key(""));
    CHECK_FALSE(is_key("AQIDBAUGBwgJCgsMDQ4P"));          // 15 bytes
    CHECK_FALSE(is_key("AQIDBAUGBwgJCgsMDQ4PEBE="));      // 17 bytes
    CHECK_FALSE(is_key("AQIDBAUGBwgJCgsMDQ=="));          // 13 bytes
    CHECK_FALSE(is_key("AQIDBAUGBwgJCgsMDQ4PEBESEw=="));  // 19 bytes
    CHECK_FALSE(is_key("=="));
    CHECK_FALSE(is_key("AQIDBAUGBwgJCgsMDQ4PEA"));  // no padding
    CHECK_FALSE(is_key("AQIDBAUGBwgJCgsMDQ4PEA=A"));
    CHECK_FALSE(is_key("AQIDBAUGBwgJCgsMDQ4P-A=="));  // base64url
    CHECK_FALSE(is_key("AQIDBAUGBwgJCgsMDQ4P_A=="));
    CHECK_FALSE(is_key("AQIDBAUG BwgJCgsMDQ4PE=="));
    CHECK_FALSE(is_key("AQIDBAUG=wgJCgsMDQ4PEA=="));
}

}  // namespace
}  // namespace wsproof::test
