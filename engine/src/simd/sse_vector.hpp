// Vectors of 16 bytes. Included by one file for each instruction set that has them; everything in
// it is that file's own.
#pragma once

#include <smmintrin.h>

#include <cstddef>
#include <cstdint>

namespace wsproof::simd {
namespace {

struct Sse {
    using Register = __m128i;

    static Register load(const std::byte* from) noexcept {
        return _mm_loadu_si128(reinterpret_cast<const Register*>(from));
    }
    static void store(std::byte* to, Register value) noexcept {
        _mm_storeu_si128(reinterpret_cast<Register*>(to), value);
    }
    static Register repeat(std::uint32_t word) noexcept {
        return _mm_set1_epi32(static_cast<int>(word));
    }
    static Register look_up(const std::uint8_t* table, Register index) noexcept {
        return _mm_shuffle_epi8(_mm_load_si128(reinterpret_cast<const Register*>(table)), index);
    }
    static Register low_nibbles(Register bytes) noexcept { return bytes & repeat(0x0F0F0F0FU); }
    static Register high_nibbles(Register bytes) noexcept {
        return low_nibbles(_mm_srli_epi16(bytes, 4));
    }
    static Register minus(Register bytes, int value) noexcept {  // not below zero
        return _mm_subs_epu8(bytes, _mm_set1_epi8(static_cast<char>(value)));
    }
    template <int kCount>
    static Register behind_zeros(Register bytes) noexcept {
        return _mm_slli_si128(bytes, kCount);
    }
    static bool is_zero(Register bytes) noexcept { return _mm_testz_si128(bytes, bytes) != 0; }
    static bool is_ascii(Register bytes) noexcept { return _mm_movemask_epi8(bytes) == 0; }
};

}  // namespace
}  // namespace wsproof::simd
