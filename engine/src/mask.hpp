// Masking, RFC 6455 §5.3: payload byte i is combined with key byte i mod 4. Masking and unmasking
// are the same. `offset` is where the bytes stand in their frame's payload, so that a payload can
// be cut anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <wsproof/frame.hpp>
#include <wsproof/types.hpp>

#include "simd/best_kernels.hpp"

namespace wsproof {

// mask writes `from`, masked, to `to`, which is `from` or does not overlap it. The key is in memory
// order, with the byte first that meets the first.
void mask_short(const std::byte* from, std::byte* to, std::size_t size, std::uint32_t key) noexcept;
inline void mask(const std::byte* from, std::byte* to, std::size_t size,
                 std::uint32_t key) noexcept {
    constexpr std::size_t kShort = 32;  // bytes: masked faster than a kernel is called
    if (size < kShort) {
        mask_short(from, to, size, key);
    } else {
        simd::best_kernels().mask(from, to, size, key);
    }
}

// apply_mask masks `bytes` in place.
void apply_mask(MutableBytes bytes, const MaskKey& key, std::uint64_t offset) noexcept;

// The same with the key in memory order, from the first byte of a payload on.
inline void apply_mask(MutableBytes bytes, std::uint32_t key) noexcept {
    mask(bytes.data(), bytes.data(), bytes.size(), key);
}

// copy_masked writes the masked `from` to `to`, which has at least its size and does not overlap
// it.
void copy_masked(Bytes from, std::byte* to, const MaskKey& key, std::uint64_t offset) noexcept;

// The same with the key in memory order, from the first byte of a payload on.
inline void copy_masked(Bytes from, std::byte* to, std::uint32_t key) noexcept {
    mask(from.data(), to, from.size(), key);
}

}  // namespace wsproof
