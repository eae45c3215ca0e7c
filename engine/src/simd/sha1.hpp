// SHA-1 by the processor's own instructions, where it has them: for the opening handshake, most of
// whose time it is otherwise. libcrypto has them too, but costs twice as much for two blocks.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace wsproof::simd {

inline constexpr std::size_t kSha1Block = 64;  // bytes

using Sha1State = std::array<std::uint32_t, 5>;
inline constexpr Sha1State kSha1Begin = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476,
                                         0xC3D2E1F0};

// Sha1Words are a block's, all of them (FIPS 180-4 §6.1.2, step 1).
using Sha1Words = std::array<std::uint32_t, 80>;

[[nodiscard]] constexpr Sha1Words sha1_words(const std::array<std::byte, kSha1Block>& block) {
    Sha1Words words{};
    for (std::size_t i = 0; i < kSha1Block; ++i) {
        words[i / 4] = words[i / 4] << 8 | std::to_integer<std::uint32_t>(block[i]);
    }
    for (std::size_t i = 16; i < words.size(); ++i) {
        words[i] = std::rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    }
    return words;
}

// Sha1 takes a block into a state (FIPS 180-4 §6.1.2).
struct Sha1 {
    // take_parts: of 24 and 40 bytes. To put them together in memory would make a processor wait:
    // what is stored in parts and loaded as a whole has to have reached the cache.
    void (*take_parts)(Sha1State& state, const std::byte* first, const std::byte* rest);
    // take_words: to make the words is most of the work, for a block that is always the same.
    void (*take_words)(Sha1State& state, const Sha1Words& words);
};
inline constexpr std::size_t kSha1FirstPart = 24;  // bytes

// fast_sha1 is nullptr if this processor has no such instructions.
[[nodiscard]] const Sha1* fast_sha1() noexcept;

#if defined(__x86_64__)
extern const Sha1 kSha1X86;
#endif

}  // namespace wsproof::simd
