#include "wire/utf8.hpp"

#include <cstdint>

#include "support/bytes.hpp"

namespace wsproof::conformance::test {

namespace {

// encode by the arithmetic of RFC 3629 §3, with no check: it also makes what must be refused.
ByteString encode(std::uint32_t point, int octets) {
    if (octets == 1) {
        return {static_cast<std::byte>(point)};
    }
    ByteString bytes(static_cast<std::size_t>(octets));
    for (int i = octets - 1; i > 0; --i) {
        bytes[static_cast<std::size_t>(i)] = static_cast<std::byte>(0x80 | (point & 0x3F));
        point >>= 6;
    }
    bytes[0] = static_cast<std::byte>((0xF00 >> octets & 0xFF) | point);
    return bytes;
}

int shortest(std::uint32_t point) {
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

}  // namespace

TEST_CASE("UTF-8: every code point in every length, legal or not") {
    for (std::uint32_t point = 0; point <= 0x13FFFF; ++point) {
        const bool is_scalar = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
        for (int octets = shortest(point); octets <= 4; ++octets) {
            const bool legal = is_scalar && octets == shortest(point);
            if (wire::is_utf8(encode(point, octets)) != legal) {
                CAPTURE(point, octets);
                FAIL("judged wrongly");
            }
        }
    }
}

TEST_CASE("UTF-8: octets that begin nothing") {
    for (int first = 0x80; first <= 0xFF; ++first) {
        const bool begins = first >= 0xC2 && first <= 0xF4;
        wire::Utf8 utf8;
        const ByteString octet{static_cast<std::byte>(first)};
        CAPTURE(first);
        CHECK(utf8.feed(octet) == begins);
        CHECK_FALSE(utf8.is_complete());
    }
}

TEST_CASE("UTF-8: mixed widths under every cut") {
    const ByteString text = to_bytes("a\u00e9\u20ac\U0001f600z");
    for_each_cut(text, [](const std::vector<ByteView>& pieces) {
        wire::Utf8 utf8;
        for (const ByteView piece : pieces) {
            REQUIRE(utf8.feed(piece));
        }
        REQUIRE(utf8.is_complete());
    });
}

TEST_CASE("UTF-8: a cut does not hide a fault, and a fault stays") {
    // U+D800, an overlong '/', U+110000 and a lone continuation, each inside good text.
    for (const ByteString& bad :
         {"61 ed a0 80 61"_hex, "61 c0 af 61"_hex, "61 f4 90 80 80 61"_hex, "61 80 61"_hex}) {
        for_each_cut(bad, [](const std::vector<ByteView>& pieces) {
            wire::Utf8 utf8;
            bool valid = true;
            for (const ByteView piece : pieces) {
                valid = utf8.feed(piece);
            }
            REQUIRE_FALSE(valid);
            REQUIRE_FALSE(utf8.is_complete());
            REQUIRE_FALSE(utf8.feed(to_bytes("a")));
        });
    }
}

TEST_CASE("UTF-8: fails at the first octet that rules a character out") {
    wire::Utf8 utf8;
    CHECK(utf8.feed("ed"_hex));
    CHECK_FALSE(utf8.feed("a0"_hex));  // U+D800 and up: known before the third octet
    wire::Utf8 high;
    CHECK(high.feed("f4"_hex));
    CHECK_FALSE(high.feed("90"_hex));  // above U+10FFFF
}

TEST_CASE("UTF-8: text that ends inside a character is not complete, and no fault yet") {
    wire::Utf8 utf8;
    CHECK(utf8.is_complete());
    CHECK(utf8.feed("e2 82"_hex));
    CHECK_FALSE(utf8.is_complete());
    CHECK(utf8.feed("ac"_hex));
    CHECK(utf8.is_complete());
}

}  // namespace wsproof::conformance::test
