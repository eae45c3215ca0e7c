// Every set of instructions that this machine has gives what the plain one gives: all lengths up to
// 300, all places within a cache line, all cuts.
#include <bit>
#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "simd/best_kernels.hpp"
#include "support/bytes.hpp"
#include "utf8.hpp"

namespace wsproof {
namespace {

using namespace test;

constexpr std::size_t kSizeMax = 300;
constexpr std::size_t kLine = 64;
constexpr std::uint32_t kKey = 0xA1B2C3D4;

std::vector<const simd::Kernels*> vector_kernels() {
    const simd::Available found = simd::available_kernels();
    return {found.kernels + 1, found.kernels + found.count};
}

Buffer noise(std::size_t size, std::uint32_t seed) {
    Buffer bytes(size);
    for (std::byte& byte : bytes) {
        seed = seed * 1664525 + 1013904223;
        byte = static_cast<std::byte>(seed >> 24);
    }
    return bytes;
}

// text of mixed width, cut after `size` bytes, perhaps within a code point.
Buffer text(std::size_t size, std::uint32_t seed) {
    static const char* const kPoints[] = {"a",
                                          "Z9 ",
                                          "\xC2\x80",
                                          "\xDF\xBF",
                                          "\xE0\xA0\x80",
                                          "\xED\x9F\xBF",
                                          "\xEF\xBF\xBF",
                                          "\xF0\x90\x80\x80",
                                          "\xF4\x8F\xBF\xBF",
                                          "sixteen ASCII bytes and more"};
    std::string made;
    while (made.size() < size) {
        seed = seed * 1664525 + 1013904223;
        made += kPoints[(seed >> 24) % std::size(kPoints)];
    }
    made.resize(size);
    return to_bytes(made);
}

struct Fed {
    std::size_t valid;
    bool is_complete;
    bool operator==(const Fed&) const = default;
};

Fed feed_whole(Bytes bytes, const simd::Kernels& kernels) {
    Utf8Validator validator;
    const std::size_t valid = validator.feed(bytes, kernels);
    return {valid, validator.is_complete()};
}

Fed feed_bytewise(Bytes bytes) {
    Utf8Validator validator;
    const std::size_t valid = validator.feed_bytewise(bytes);
    return {valid, validator.is_complete()};
}

}  // namespace

TEST_CASE("simd: there is a plain way, and the best is among those that can be run") {
    const simd::Available found = simd::available_kernels();
    REQUIRE(found.count >= 1);
    CHECK(std::string(found.kernels[0]->name) == "portable");
    CHECK(&simd::best_kernels() == found.kernels[found.count - 1]);
}

TEST_CASE("simd: masking is the same at every length and place, and keeps to its bytes") {
    for (const simd::Kernels* kernels : vector_kernels()) {
        for (std::size_t place = 0; place < kLine; ++place) {
            for (std::size_t size = 0; size <= kSizeMax; ++size) {
                const Buffer from = noise(place + size + 1, static_cast<std::uint32_t>(size));
                Buffer expected = from;
                Buffer got = from;
                simd::kPortable.mask(&expected[place], &expected[place], size, kKey);
                kernels->mask(&got[place], &got[place], size, kKey);
                if (got != expected) {
                    FAIL(kernels->name << ": size " << size << " at " << place);
                }
            }
        }
    }
}

TEST_CASE("simd: masking to another place is the same") {
    for (const simd::Kernels* kernels : vector_kernels()) {
        for (std::size_t size = 0; size <= kSizeMax; ++size) {
            const Buffer from = noise(size, 5);
            Buffer expected(size + 1, std::byte{0x55});
            Buffer got = expected;
            simd::kPortable.mask(from.data(), expected.data(), size, kKey);
            kernels->mask(from.data(), got.data(), size, kKey);
            if (got != expected) {
                FAIL(kernels->name << ": size " << size);
            }
        }
    }
}

TEST_CASE("simd: masking is exact at every cut") {
    for (const simd::Kernels* kernels : vector_kernels()) {
        for (std::size_t cut = 0; cut <= kSizeMax; ++cut) {
            Buffer expected = noise(kSizeMax, 7);
            Buffer got = expected;
            simd::kPortable.mask(expected.data(), expected.data(), kSizeMax, kKey);
            const int turn = static_cast<int>(cut % 4) * 8;
            const std::uint32_t rest_key = std::endian::native == std::endian::little
                                               ? std::rotr(kKey, turn)
                                               : std::rotl(kKey, turn);
            kernels->mask(got.data(), got.data(), cut, kKey);
            kernels->mask(got.data() + cut, got.data() + cut, kSizeMax - cut, rest_key);
            if (got != expected) {
                FAIL(kernels->name << ": cut at " << cut);
            }
        }
    }
}

TEST_CASE("simd: text is valid, or not, and ends at the same byte, at every length and place") {
    for (const simd::Kernels* kernels : vector_kernels()) {
        for (std::size_t place = 0; place < kLine; ++place) {
            for (std::size_t size = 0; size <= kSizeMax; ++size) {
                const auto seed = static_cast<std::uint32_t>(size * kLine + place);
                Buffer bytes(place);
                const Buffer valid = text(size, seed);
                bytes.insert(bytes.end(), valid.begin(), valid.end());
                Bytes whole = Bytes(bytes).subspan(place);
                REQUIRE(feed_bytewise(whole).valid == size);
                if (feed_whole(whole, *kernels) != feed_bytewise(whole)) {
                    FAIL(kernels->name << ": size " << size << " at " << place);
                }
                if (size > 0) {  // one byte is another
                    bytes[place + seed % size] ^= static_cast<std::byte>(1 + seed % 255);
                    if (feed_whole(whole, *kernels) != feed_bytewise(whole)) {
                        FAIL(kernels->name << ": size " << size << " at " << place << ", damaged");
                    }
                }
            }
        }
    }
}

TEST_CASE("simd: every sequence of up to four odd bytes is judged alike across vectors") {
    const Buffer odd =
        to_bytes("a\x80\x8F\x90\x9F\xA0\xBF\xC1\xC2\xE0\xE1\xED\xEF\xF0\xF1\xF4\xF5\xFF");
    const std::size_t count = odd.size() * odd.size() * odd.size() * odd.size();
    for (const simd::Kernels* kernels : vector_kernels()) {
        Buffer bytes(2 * kLine + 8, std::byte{'a'});
        for (std::size_t n = 0; n < count; ++n) {
            const std::size_t at = kLine - n % 7;  // over the edge of every vector in turn
            for (std::size_t i = 0, left = n; i < 4; ++i, left /= odd.size()) {
                bytes[at + i] = odd[left % odd.size()];
            }
            const bool expected = simd::kPortable.is_utf8(bytes.data(), bytes.size());
            if (kernels->is_utf8(bytes.data(), bytes.size()) != expected) {
                FAIL(kernels->name << ": " << to_hex(Bytes(bytes).subspan(at, 4)) << " at " << at);
            }
            const bool short_expected = simd::kPortable.is_utf8(&bytes[at], 4);
            if (kernels->is_utf8(&bytes[at], 4) != short_expected) {
                FAIL(kernels->name << ": " << to_hex(Bytes(bytes).subspan(at, 4)) << " alone");
            }
            std::fill(bytes.begin(), bytes.end(), std::byte{'a'});
        }
    }
}

TEST_CASE("simd: text is judged alike at every cut") {
    for (const simd::Kernels* kernels : vector_kernels()) {
        const Buffer bytes = text(kSizeMax, 3);
        for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
            Utf8Validator validator;
            std::size_t valid = validator.feed(Bytes(bytes).first(cut), *kernels);
            valid += validator.feed(Bytes(bytes).subspan(cut), *kernels);
            if (valid != bytes.size() ||
                validator.is_complete() != feed_bytewise(bytes).is_complete) {
                FAIL(kernels->name << ": cut at " << cut);
            }
        }
    }
}

}  // namespace wsproof
