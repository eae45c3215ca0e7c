// x86-64 with AVX2: vectors of 32 bytes, and of 16 for what is shorter.
#if defined(__x86_64__)
#include <immintrin.h>

#include "kernels.hpp"
#include "mask_loop.hpp"
#include "sse_vector.hpp"
#include "utf8_lookup.hpp"

namespace wsproof::simd {

namespace {

struct Avx2 {
    using Register = __m256i;

    static Register load(const std::byte* from) noexcept {
        return _mm256_loadu_si256(reinterpret_cast<const Register*>(from));
    }
    static void store(std::byte* to, Register value) noexcept {
        _mm256_storeu_si256(reinterpret_cast<Register*>(to), value);
    }
    static Register repeat(std::uint32_t word) noexcept {
        return _mm256_set1_epi32(static_cast<int>(word));
    }
    static Register look_up(const std::uint8_t* table, Register index) noexcept {
        const __m128i half = _mm_load_si128(reinterpret_cast<const __m128i*>(table));
        return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(half), index);
    }
    static Register low_nibbles(Register bytes) noexcept { return bytes & repeat(0x0F0F0F0FU); }
    static Register high_nibbles(Register bytes) noexcept {
        return low_nibbles(_mm256_srli_epi16(bytes, 4));
    }
    static Register minus(Register bytes, int value) noexcept {
        return _mm256_subs_epu8(bytes, _mm256_set1_epi8(static_cast<char>(value)));
    }
    template <int kCount>
    static Register behind_zeros(Register bytes) noexcept {
        const Register low_moved_up = _mm256_permute2x128_si256(bytes, bytes, 0x08);
        return _mm256_alignr_epi8(bytes, low_moved_up, 16 - kCount);
    }
    static bool is_zero(Register bytes) noexcept { return _mm256_testz_si256(bytes, bytes) != 0; }
    static bool is_ascii(Register bytes) noexcept { return _mm256_movemask_epi8(bytes) == 0; }
};

void mask(const std::byte* from, std::byte* to, std::size_t size, std::uint32_t key) noexcept {
    if (size >= sizeof(Avx2::Register)) {
        mask_vectors<Avx2>(from, to, size, key);
    } else if (size >= sizeof(Sse::Register)) {
        mask_long<Sse>(from, to, size, key);
    } else {
        mask_tail(from, to, size, key);
    }
}

bool is_utf8(const std::byte* bytes, std::size_t size) noexcept {
    if (size >= sizeof(Avx2::Register) + 3) {
        return is_utf8_long<Avx2>(bytes, size);
    }
    return size < sizeof(Sse::Register) + 3 ? is_utf8_short<Sse>(bytes, size)
                                            : is_utf8_long<Sse>(bytes, size);
}

}  // namespace

const Kernels kAvx2 = {"AVX2", mask, is_utf8};

}  // namespace wsproof::simd
#endif
