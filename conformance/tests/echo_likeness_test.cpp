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
