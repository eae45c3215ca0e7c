#include "mask.hpp"

#include <catch2/catch.hpp>

#include "support/bytes.hpp"

namespace wsproof {
namespace {

using namespace test;

const MaskKey kKey{std::byte{0x37}, std::byte{0xFA}, std::byte{0x21}, std::byte{0x3D}};

Buffer pattern(std::size_t size) {
    Buffer bytes(size);
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<std::byte>(i * 131 + 7);
    }
    return bytes;
}

Buffer masked_bytewise(Buffer bytes, std::uint64_t offset) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] ^= kKey[(offset + i) % 4];
    }
    return bytes;
}

TEST_CASE("mask: the example of RFC 6455 §5.7") {
    Buffer hello = to_bytes("Hello");
    apply_mask(hello, kKey, 0);
    CHECK(to_hex(hello) == "7f 9f 4d 51 58");
}

TEST_CASE("mask: every size and every offset is as byte by byte") {
    for (std::size_t size = 0; size <= 100; ++size) {
        for (std::uint64_t offset = 0; offset < 9; ++offset) {
            Buffer bytes = pattern(size);
            apply_mask(bytes, kKey, offset);
            if (bytes != masked_bytewise(pattern(size), offset)) {
                FAIL("size " << size << " offset " << offset);
            }
        }
    }
}

TEST_CASE("mask: exact at any cut, from any alignment") {
    const Buffer expected = masked_bytewise(pattern(150), 0);
    for (std::size_t cut = 0; cut <= 150; ++cut) {
        Buffer bytes = pattern(150);
        apply_mask(MutableBytes(bytes).first(cut), kKey, 0);
        apply_mask(MutableBytes(bytes).subspan(cut), kKey, cut);
        if (bytes != expected) {
            FAIL("cut at " << cut);
        }
    }
}

TEST_CASE("mask: copying leaves the source as it was and writes nothing behind") {
    for (std::size_t size = 0; size <= 70; ++size) {
        const Buffer from = pattern(size);
        Buffer to(size + 1, std::byte{0xEE});
        copy_masked(from, to.data(), kKey, 3);
        CHECK(from == pattern(size));
        CHECK(to.back() == std::byte{0xEE});
        to.pop_back();
        CHECK(to == masked_bytewise(pattern(size), 3));
    }
}

TEST_CASE("mask: long payloads, in place and copied, to any alignment") {
    constexpr std::size_t kAlignments = 64;
    for (const std::size_t size : {2047U, 2048U, 2049U, 4099U}) {
        const Buffer expected = masked_bytewise(pattern(size), 1);
        for (std::size_t at = 0; at < kAlignments; ++at) {
            Buffer memory(at + size + 1, std::byte{0xEE});
            const MutableBytes payload = MutableBytes(memory).subspan(at, size);
            copy_masked(pattern(size), payload.data(), kKey, 1);
            const bool is_copied = std::equal(payload.begin(), payload.end(), expected.begin());
            apply_mask(payload, kKey, 1);
            const Buffer plain = pattern(size);
            const bool is_undone = std::equal(payload.begin(), payload.end(), plain.begin());
            const bool is_around =
                memory.back() == std::byte{0xEE} && (at == 0 || memory[at - 1] == std::byte{0xEE});
            if (!is_copied || !is_undone || !is_around) {
                FAIL("size " << size << " at " << at);
            }
        }
    }
}

TEST_CASE("mask: offsets beyond 32 bits count modulo 4") {
    Buffer bytes = pattern(40);
    apply_mask(bytes, kKey, (std::uint64_t{1} << 40) + 2);
    CHECK(bytes == masked_bytewise(pattern(40), 2));
}

}  // namespace
}  // namespace wsproof
