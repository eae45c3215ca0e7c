#include "echo_likeness.hpp"

#include <catch2/catch.hpp>

#include "support/bytes.hpp"

namespace wsproof::conformance::test {

TEST_CASE("Damaged echo: an end that is lost, bytes that are changed") {
    const auto is_damaged = [](const char* got) {
        return is_damaged_echo(to_bytes("wsproof-preflight-1234567890"), to_bytes(got));
    };
    CHECK(is_damaged("wsproof-preflight-123456789"));
    CHECK(is_damaged("sproof-preflight-1234567890"));
    CHECK(is_damaged("wsproof-prefli"));
    CHECK(is_damaged("wsproof-preflight-123456789!"));
    CHECK_FALSE(is_damaged("wsproof-prefl"));
    CHECK_FALSE(is_damaged(""));
}

TEST_CASE("Damaged echo: masked with another key, or compressed") {
    const wire::ByteString sent = to_bytes("wsproof-preflight-1234567890");
    wire::ByteString masked = sent;
    for (std::size_t at = 0; at < masked.size(); ++at) {
        masked[at] ^= std::byte{static_cast<unsigned char>(0x81 + at % 4)};
    }
    CHECK(is_damaged_echo(sent, masked));
    masked.back() ^= std::byte{1};
    CHECK_FALSE(is_damaged_echo(sent, masked));
    // RFC 7692 §7.2.3.1: the fixed Huffman code of "Hello".
    CHECK(is_damaged_echo(to_bytes("Hello"), to_bytes("\xf2\x48\xcd\xc9\xc9\x07")));
    CHECK_FALSE(is_damaged_echo(to_bytes("Hallo"), to_bytes("\xf2\x48\xcd\xc9\xc9\x07")));
}

TEST_CASE("Damaged echo: what applications make of a message") {
    const auto is_damaged = [](const char* got) {
        return is_damaged_echo(to_bytes("wsproof-preflight-1234567890"), to_bytes(got));
    };
    CHECK_FALSE(is_damaged("wsproof-preflight-1234567890"));
    CHECK_FALSE(is_damaged("WSPROOF-PREFLIGHT-1234567890"));
    CHECK_FALSE(is_damaged("wsproof-preflight-1234567890\n"));
    CHECK_FALSE(is_damaged("you said: wsproof-preflight-1234567890"));
    CHECK_FALSE(is_damaged("0987654321-thgilferp-foorpsw"));
    CHECK_FALSE(is_damaged("{\"event\": \"unknown\", \"id\": 1}"));
}

}  // namespace wsproof::conformance::test
