#include "utf8.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>

#include "support/bytes.hpp"

namespace wsproof {
namespace {

using namespace test;

// An independent judge: decodes one code point by RFC 3629 §3 and §10, all at once.
std::optional<std::size_t> code_point_size(Bytes bytes) {
    const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
    const std::uint32_t lead = at(0);
    const std::size_t size = lead < 0x80           ? 1
                             : (lead >> 5) == 0x06 ? 2
                             : (lead >> 4) == 0x0E ? 3
                             : (lead >> 3) == 0x1E ? 4
                                                   : 0;
    if (size == 0 || bytes.size() < size) {
        return std::nullopt;
    }
    std::uint32_t value = size == 1 ? lead : lead & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((at(i) >> 6) != 2) {
            return std::nullopt;
        }
        value = value << 6 | (at(i) & 0x3FU);
    }
    constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_good = value >= kLeast[size] && value <= 0x10FFFF && (value >> 11) != 0x1B;
    return is_good ? std::optional(size) : std::nullopt;
}

bool is_utf8_by_definition(Bytes bytes) {
    while (!bytes.empty()) {
        const auto size = code_point_size(bytes);
        if (!size) {
            return false;
        }
        bytes = bytes.subspan(*size);
    }
    return true;
}

std::size_t valid_prefix_bytewise(Bytes bytes) {
    Utf8Validator validator;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (validator.feed(bytes.subspan(i, 1)) == 0) {
            return i;
        }
    }
    return bytes.size();
}

TEST_CASE("utf8: all sequences of one and two bytes, and of three after each lead") {
    for (unsigned a = 0; a < 256; ++a) {
        for (unsigned b = 0; b < 256; ++b) {
            const Buffer two{static_cast<std::byte>(a), static_cast<std::byte>(b)};
            if (is_utf8(two) != is_utf8_by_definition(two)) {
                FAIL(to_hex(two));
            }
            for (const unsigned c :
                 {0x00U, 0x7FU, 0x80U, 0x8FU, 0x9FU, 0xA0U, 0xBFU, 0xC0U, 0xFFU}) {
                const Buffer three{static_cast<std::byte>(a), static_cast<std::byte>(b),
                                   static_cast<std::byte>(c)};
                const Buffer four{static_cast<std::byte>(a), static_cast<std::byte>(b),
                                  static_cast<std::byte>(c), std::byte{0x80}};
                if (is_utf8(three) != is_utf8_by_definition(three)) {
                    FAIL(to_hex(three));
                }
                if (is_utf8(four) != is_utf8_by_definition(four)) {
                    FAIL(to_hex(four));
                }
            }
        }
    }
}

TEST_CASE("utf8: the borders of every range") {
    for (const auto& good :
         {"7f"_hex, "c2 80"_hex, "df bf"_hex, "e0 a0 80"_hex, "ed 9f bf"_hex, "ee 80 80"_hex,
          "ef bf bf"_hex, "f0 90 80 80"_hex, "f4 8f bf bf"_hex, "ef bb bf"_hex, "00"_hex}) {
        CHECK(is_utf8(good));
    }
    for (const auto& bad :
         {"80"_hex, "c0 80"_hex, "c1 bf"_hex, "e0 9f bf"_hex, "ed a0 80"_hex, "ed bf bf"_hex,
          "f0 8f bf bf"_hex, "f4 90 80 80"_hex, "f5 80 80 80"_hex, "f8 88 80 80 80"_hex, "ff"_hex,
          "c2"_hex, "e2 82"_hex, "f0 9f 92"_hex}) {
        CHECK_FALSE(is_utf8(bad));
    }
}

TEST_CASE("utf8: a violation is found at its first byte, however the text is cut") {
    struct Row {
        Buffer bytes;
        std::size_t valid;
    };
    for (const auto& [bytes, valid] :
         {Row{"61 80"_hex, 1}, Row{"c3 28"_hex, 1}, Row{"e2 82 28"_hex, 2}, Row{"ed a0 80"_hex, 1},
          Row{"f4 90"_hex, 1}, Row{"f0 9f 92 41"_hex, 3}, Row{"c0 af"_hex, 0}}) {
        CAPTURE(to_hex(bytes));
        Utf8Validator validator;
        CHECK(validator.feed(bytes) == valid);
        CHECK(valid_prefix_bytewise(bytes) == valid);
    }
}

TEST_CASE("utf8: long texts with one bad byte anywhere") {
    const Buffer text = to_bytes(std::string(70, 'a') + "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\xA9" +
                                 std::string(70, 'b'));
    CHECK(is_utf8(text));
    for (std::size_t i = 0; i < text.size(); ++i) {
        Buffer bad = text;
        bad[i] = std::byte{0xFF};
        Utf8Validator validator;
        if (validator.feed(bad) != i || valid_prefix_bytewise(bad) != i) {
            FAIL("bad byte at " << i);
        }
    }
}

TEST_CASE("utf8: a code point can be cut anywhere, and is incomplete until its end") {
    const Buffer euro = "e2 82 ac"_hex;
    Utf8Validator validator;
    CHECK(validator.is_complete());
    CHECK(validator.feed(Bytes(euro).first(2)) == 2);
    CHECK_FALSE(validator.is_complete());
    CHECK(validator.feed(Bytes(euro).subspan(2)) == 1);
    CHECK(validator.is_complete());
}

}  // namespace
}  // namespace wsproof
