#include "mask_keys.hpp"

#include "payload.hpp"
#include "support/bytes.hpp"

namespace wsproof::conformance::test {

namespace {

wire::Key key_of(std::uint32_t value, bool big = true) {
    wire::Key key;
    for (std::size_t i = 0; i < 4; ++i) {
        key[big ? 3 - i : i] = static_cast<std::byte>(value >> (8 * i));
    }
    return key;
}

std::string pattern_of(const std::vector<std::uint32_t>& values, bool big = true) {
    MaskKeys keys;
    for (const std::uint32_t value : values) {
        keys.add(key_of(value, big));
    }
    return keys.pattern();
}

}  // namespace

TEST_CASE("Mask keys: random ones have no pattern, a few or many") {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Random random(seed);
        MaskKeys keys;
        for (int i = 0; i < 2000; ++i) {
            keys.add(key_of(static_cast<std::uint32_t>(random.next())));
            REQUIRE(keys.pattern().empty());
        }
    }
}

TEST_CASE("Mask keys: repeats that chance explains are let pass") {
    Random random(1);
    MaskKeys keys;
    for (int i = 0; i < 200'000; ++i) {  // some five pairs are expected
        keys.add(key_of(static_cast<std::uint32_t>(random.next())));
    }
    CHECK(keys.pattern().empty());
    CHECK(pattern_of({1, 77, 0xDEAD, 0xBEEF0000, 1}).empty());  // one pair in five: 2 in 10^9
}

TEST_CASE("Mask keys: a zero key is as good as another") {
    CHECK(pattern_of({0}).empty());
    CHECK(pattern_of({0x12345678, 0, 0x9ABCDEF0, 0x0BADF00D, 0x31415926, 0x27182818}).empty());
}

TEST_CASE("Mask keys: constant ones") {
    CHECK(pattern_of({0, 0, 0}) == "3 keys, of which 1 is distinct");
    CHECK(pattern_of({7, 7}) == "2 keys, of which 1 is distinct");
}

TEST_CASE("Mask keys: two that take turns") {
    CHECK(pattern_of({1, 0x87654321, 1, 0x87654321}) == "4 keys, of which 2 are distinct");
}

TEST_CASE("Mask keys: counters, in both byte orders and past their end") {
    const std::vector<std::uint32_t> counter = {0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF, 0, 1, 2};
    CHECK(pattern_of(counter) == "6 keys in a linear sequence");
    CHECK(pattern_of(counter, false) == "6 keys in a linear sequence");
    CHECK(pattern_of({5, 3, 1, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFB}) ==
          "6 keys in a linear sequence");
}

TEST_CASE("Mask keys: a linear congruential generator") {
    std::vector<std::uint32_t> values{42};
    for (int i = 0; i < 6; ++i) {
        values.push_back(values.back() * 1664525 + 1013904223);
    }
    CHECK(pattern_of(values) == "7 keys in a linear sequence");
    values[5] ^= 0x1000;
    CHECK(pattern_of(values).empty());
}

TEST_CASE("Mask keys: five of a sequence are too few to say") {
    CHECK(pattern_of({1, 2, 3, 4, 5}).empty());
}

TEST_CASE("Mask keys: an octet that never changes is a weakness, a bit is none") {
    Random random(3);
    MaskKeys first_is_zero;
    MaskKeys positive;  // as of a generator of 31 bits
    for (int i = 0; i < 49; ++i) {
        first_is_zero.add(key_of(static_cast<std::uint32_t>(random.next()) & 0x00FFFFFF));
        CHECK(first_is_zero.weakness().empty());
    }
    for (int i = 0; i < 50; ++i) {
        first_is_zero.add(key_of(static_cast<std::uint32_t>(random.next()) & 0x00FFFFFF));
        positive.add(key_of(static_cast<std::uint32_t>(random.next()) & 0x7FFFFFFF));
    }
    CHECK(first_is_zero.weakness() == "99 keys, in which 8 of 32 bits never change");
    CHECK(first_is_zero.pattern().empty());
    CHECK(positive.weakness().empty());
}

TEST_CASE("Mask keys: random letters and digits are put up with") {
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    Random random(5);
    for (int connection = 0; connection < 1000; ++connection) {
        MaskKeys keys;
        for (int i = 0; i < 64; ++i) {
            std::uint32_t key = 0;
            for (int octet = 0; octet < 4; ++octet) {
                key = key << 8 |
                      static_cast<unsigned char>(kLetters[random.next() % kLetters.size()]);
            }
            keys.add(key_of(key));
        }
        REQUIRE(keys.pattern().empty());
        REQUIRE(keys.weakness().empty());
    }
}

TEST_CASE("Mask keys: every other one is made of the one before") {
    Random random(4);
    MaskKeys reversed;
    MaskKeys inverted;
    MaskKeys next;
    for (int i = 0; i < 10; ++i) {
        const auto value = static_cast<std::uint32_t>(random.next());
        reversed.add(key_of(value));
        reversed.add(key_of(value, false));
        inverted.add(key_of(value));
        inverted.add(key_of(~value));
        next.add(key_of(value));
        next.add(key_of(value + 1));
    }
    CHECK(reversed.pattern() ==
          "20 keys of which 10 hold the octets of the one before in another order");
    const std::string same = "20 keys that differ from the one before by the same again and again";
    CHECK(inverted.pattern() == same);
    CHECK(next.pattern() == same);
}

}  // namespace wsproof::conformance::test
