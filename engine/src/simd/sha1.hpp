// SHA-1 by the processor's own instructions, where it has them: for the opening handshake, most of
// whose time it is otherwise. libcrypto has them too, but costs twice as much for two blocks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wsproof::simd {

inline constexpr std::size_t kSha1Block = 64;  // bytes
inline constexpr std::uint32_t kSha1Begin[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476,
                                                0xC3D2E1F0};

// Sha1 takes `count` blocks into `state` (FIPS 180-4 §6.1.2).
using Sha1 = void (*)(std::uint32_t (&state)[5], const std::byte* blocks, std::size_t count);

// fast_sha1 is nullptr if this processor has no such instructions.
[[nodiscard]] Sha1 fast_sha1() noexcept;

#if defined(__x86_64__)
void sha1_x86(std::uint32_t (&state)[5], const std::byte* blocks, std::size_t count) noexcept;
#endif

}  // namespace wsproof::simd
