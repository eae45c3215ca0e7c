#include "mask.hpp"

#include <bit>
#include <cstring>

namespace wsproof {

namespace {

// turned: the key in memory order, with the byte first that meets the byte at `offset`.
std::uint32_t turned(const MaskKey& key, std::uint64_t offset) noexcept {
    std::uint32_t word = 0;
    std::memcpy(&word, key.data(), sizeof word);
    const int bits = static_cast<int>(offset % 4) * 8;
    return std::endian::native == std::endian::little ? std::rotr(word, bits)
                                                      : std::rotl(word, bits);
}

}  // namespace

void mask_short(const std::byte* from, std::byte* to, std::size_t size,
                std::uint32_t key) noexcept {
    const std::uint64_t wide = std::uint64_t{key} << 32 | key;
    for (; size >= sizeof wide; size -= sizeof wide) {
        std::uint64_t word = 0;
        std::memcpy(&word, from, sizeof word);
        word ^= wide;
        std::memcpy(to, &word, sizeof word);
        from += sizeof word;
        to += sizeof word;
    }
    std::byte keys[sizeof wide];
    std::memcpy(keys, &wide, sizeof wide);
    for (std::size_t i = 0; i < size; ++i) {
        to[i] = from[i] ^ keys[i];
    }
}

void apply_mask(MutableBytes bytes, const MaskKey& key, std::uint64_t offset) noexcept {
    mask(bytes.data(), bytes.data(), bytes.size(), turned(key, offset));
}

void copy_masked(Bytes from, std::byte* to, const MaskKey& key, std::uint64_t offset) noexcept {
    mask(from.data(), to, from.size(), turned(key, offset));
}

}  // namespace wsproof
