// x86-64 with the SHA extensions: four rounds an instruction.
#if defined(__x86_64__)
#include <immintrin.h>

#include <utility>

#include "sha1.hpp"

namespace wsproof::simd {

namespace {

constexpr int kSteps = 20;  // of four rounds

// schedule: word t of FIPS 180-4 §6.1.2 in lane 3 - t % 4 of words[t / 4].
inline void schedule(const std::byte* block, __m128i (&words)[kSteps]) noexcept {
    const __m128i reversed = _mm_set_epi64x(0x0001020304050607, 0x08090A0B0C0D0E0F);
    for (int i = 0; i < 4; ++i) {
        const auto* from = reinterpret_cast<const __m128i*>(block) + i;
        words[i] = _mm_shuffle_epi8(_mm_loadu_si128(from), reversed);
    }
    for (int i = 4; i < kSteps; ++i) {
        const __m128i older = _mm_sha1msg1_epu32(words[i - 4], words[i - 3]);
        words[i] = _mm_sha1msg2_epu32(older ^ words[i - 2], words[i - 1]);
    }
}

struct State {
    __m128i abcd;
    __m128i e;  // in the highest lane; from the second step on, the `abcd` that it comes from
};

// step: the function and the constant change every 20 rounds, and are part of the instruction.
template <int kStep>
inline void step(State& state, __m128i words) noexcept {
    const __m128i e =
        kStep == 0 ? _mm_add_epi32(state.e, words) : _mm_sha1nexte_epu32(state.e, words);
    state.e = state.abcd;
    state.abcd = _mm_sha1rnds4_epu32(state.abcd, e, kStep / 5);
}

template <int... kStep>
inline void all_steps(State& state, const __m128i (&words)[kSteps],
                      std::integer_sequence<int, kStep...> /*which*/) noexcept {
    (step<kStep>(state, words[kStep]), ...);
}

}  // namespace

void sha1_x86(std::uint32_t (&state)[5], const std::byte* blocks, std::size_t count) noexcept {
    constexpr int kTurned = 0x1B;  // the other way round
    auto* const abcd = reinterpret_cast<__m128i*>(&state[0]);
    State now{_mm_shuffle_epi32(_mm_loadu_si128(abcd), kTurned),
              _mm_set_epi32(static_cast<int>(state[4]), 0, 0, 0)};
    for (; count > 0; --count, blocks += kSha1Block) {
        __m128i words[kSteps];
        schedule(blocks, words);
        const State before = now;
        all_steps(now, words, std::make_integer_sequence<int, kSteps>{});
        now.abcd = _mm_add_epi32(now.abcd, before.abcd);
        now.e = _mm_sha1nexte_epu32(now.e, before.e);
    }
    _mm_storeu_si128(abcd, _mm_shuffle_epi32(now.abcd, kTurned));
    state[4] = static_cast<std::uint32_t>(_mm_extract_epi32(now.e, 3));
}

}  // namespace wsproof::simd
#endif
