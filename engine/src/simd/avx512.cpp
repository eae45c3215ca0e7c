// x86-64 with AVX-512F and BW: vectors of 64 bytes; what is shorter behind a mask of lanes.
#if defined(__x86_64__)
#include <immintrin.h>

#include "kernels.hpp"
#include "mask_loop.hpp"
#include "utf8_lookup.hpp"

namespace wsproof::simd {

namespace {

constexpr std::size_t kVector = 64;  // bytes

struct Avx512 {
    using Register = __m512i;

    static Register load(const std::byte* from) noexcept { return _mm512_loadu_si512(from); }
    static void store(std::byte* to, Register value) noexcept { _mm512_storeu_si512(to, value); }
    static Register repeat(std::uint32_t word) noexcept {
        return _mm512_set1_epi32(static_cast<int>(word));
    }
    static Register look_up(const std::uint8_t* table, Register index) noexcept {
        const __m128i quarter = _mm_load_si128(reinterpret_cast<const __m128i*>(table));
        return _mm512_shuffle_epi8(_mm512_broadcast_i32x4(quarter), index);
    }
    static Register low_nibbles(Register bytes) noexcept { return bytes & repeat(0x0F0F0F0FU); }
    static Register high_nibbles(Register bytes) noexcept {
        return low_nibbles(_mm512_srli_epi16(bytes, 4));
    }
    static Register minus(Register bytes, int value) noexcept {
        return _mm512_subs_epu8(bytes, _mm512_set1_epi8(static_cast<char>(value)));
    }
    template <int kCount>
    static Register behind_zeros(Register bytes) noexcept {
        // Each quarter gets the end of the one before it; the first gets zeros.
        const Register moved_up = _mm512_maskz_shuffle_i64x2(0xFC, bytes, bytes, 0x90);
        return _mm512_alignr_epi8(bytes, moved_up, 16 - kCount);
    }
    static bool is_zero(Register bytes) noexcept {
        return _mm512_test_epi8_mask(bytes, bytes) == 0;
    }
    static bool is_ascii(Register bytes) noexcept { return _mm512_movepi8_mask(bytes) == 0; }
};

// lanes: the first `size` of them, less than a vector.
__mmask64 lanes(std::size_t size) noexcept {
    return (std::uint64_t{1} << size) - 1;
}

void mask(const std::byte* from, std::byte* to, std::size_t size, std::uint32_t key) noexcept {
    if (size >= kVector) {
        mask_vectors<Avx512>(from, to, size, key);
    } else if (size > 0) {
        const __m512i bytes = _mm512_maskz_loadu_epi8(lanes(size), from);
        _mm512_mask_storeu_epi8(to, lanes(size), bytes ^ Avx512::repeat(key));
    }
}

// is_utf8_within: less than a vector, with zeros behind it, which are too short an end for an early
// one.
bool is_utf8_within(const std::byte* bytes, std::size_t size) noexcept {
    const __m512i all = _mm512_maskz_loadu_epi8(lanes(size), bytes);
    return Avx512::is_ascii(all) ||
           Avx512::is_zero(wrongs<Avx512>(all, Avx512::behind_zeros<1>(all),
                                          Avx512::behind_zeros<2>(all),
                                          Avx512::behind_zeros<3>(all)));
}

bool is_utf8(const std::byte* bytes, std::size_t size) noexcept {
    if (size < kVector) {
        return is_utf8_within(bytes, size);
    }
    return size < kVector + 3 ? is_utf8_short<Avx512>(bytes, size)
                              : is_utf8_long<Avx512>(bytes, size);
}

}  // namespace

const Kernels kAvx512 = {"AVX-512", mask, is_utf8};

}  // namespace wsproof::simd
#endif
