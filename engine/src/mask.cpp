#include "mask.hpp"

#include <bit>
#include <cstring>

#include "simd/kernels.hpp"

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

void apply_mask(MutableBytes bytes, const MaskKey& key, std::uint64_t offset) noexcept {
    simd::best_kernels().mask(bytes.data(), bytes.data(), bytes.size(), turned(key, offset));
}

void copy_masked(Bytes from, std::byte* to, const MaskKey& key, std::uint64_t offset) noexcept {
    simd::best_kernels().mask(from.data(), to, from.size(), turned(key, offset));
}

}  // namespace wsproof
