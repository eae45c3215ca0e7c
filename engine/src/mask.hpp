// Masking, RFC 6455 §5.3: payload byte i is combined with key byte i mod 4. Masking and unmasking
// are the same. `offset` is where the bytes stand in their frame's payload, so that a payload can
// be cut anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <wsproof/frame.hpp>
#include <wsproof/types.hpp>

namespace wsproof {

// apply_mask masks `bytes` in place.
void apply_mask(MutableBytes bytes, const MaskKey& key, std::uint64_t offset) noexcept;

// The same with the key in memory order, from the first byte of a payload on.
void apply_mask(MutableBytes bytes, std::uint32_t key) noexcept;

// copy_masked writes the masked `from` to `to`, which has at least its size and does not overlap
// it.
void copy_masked(Bytes from, std::byte* to, const MaskKey& key, std::uint64_t offset) noexcept;

// The same with the key in memory order, from the first byte of a payload on.
void copy_masked(Bytes from, std::byte* to, std::uint32_t key) noexcept;

}  // namespace wsproof
