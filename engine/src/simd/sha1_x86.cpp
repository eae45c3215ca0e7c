// x86-64 with the SHA extensions: four rounds an instruction.
#if defined(__x86_64__)
#include <immintrin.h>

#include <utility>

#include "sha1.hpp"

namespace wsproof::simd {

namespace {

constexpr int kSteps = 20;     // of four rounds
constexpr int kTurned = 0x1B;  // four words the other way round

__m128i load(const std::byte* from) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

__m128i load_half(const std::byte* from) noexcept {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
}

// schedule makes the words of a block: word t of FIPS 180-4 §6.1.2 is in lane 3 - t % 4 of
// words[t / 4].
inline void schedule(const std::byte* first, const std::byte* rest,
                     __m128i (&words)[kSteps]) noexcept {
    const __m128i reversed = _mm_set_epi64x(0x0001020304050607, 0x08090A0B0C0D0E0F);
    words[0] = load(first);
    words[1] = _mm_unpacklo_epi64(load_half(first + 16), load_half(rest));
    words[2] = load(rest + 8);
    words[3] = load(rest + 24);
    for (int i = 0; i < 4; ++i) {
        words[i] = _mm_shuffle_epi8(words[i], reversed);
    }
    for (int i = 4; i < 8; ++i) {
        const __m128i older = _mm_sha1msg1_epu32(words[i - 4], words[i - 3]);
        words[i] = _mm_sha1msg2_epu32(older ^ words[i - 2], words[i - 1]);
    }
    for (int i = 8; i < kSteps; ++i) {
        const __m128i sixth = _mm_alignr_epi8(words[i - 2], words[i - 1], 8);
        const __m128i sum = sixth ^ words[i - 4] ^ words[i - 7] ^ words[i - 8];
        words[i] = _mm_slli_epi32(sum, 2) | _mm_srli_epi32(sum, 30);
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

// take: words(t) is a vector of the words of step t.
template <typename Words, int... kStep>
inline void take(Sha1State& state, const Words& words,
                 std::integer_sequence<int, kStep...> /*steps*/) noexcept {
    auto* const abcd = reinterpret_cast<__m128i*>(state.data());
    const State before{_mm_shuffle_epi32(_mm_loadu_si128(abcd), kTurned),
                       _mm_set_epi32(static_cast<int>(state[4]), 0, 0, 0)};
    State now = before;
    (step<kStep>(now, words(kStep)), ...);
    now.abcd = _mm_add_epi32(now.abcd, before.abcd);
    now.e = _mm_sha1nexte_epu32(now.e, before.e);
    _mm_storeu_si128(abcd, _mm_shuffle_epi32(now.abcd, kTurned));
    state[4] = static_cast<std::uint32_t>(_mm_extract_epi32(now.e, 3));
}

constexpr auto kAllSteps = std::make_integer_sequence<int, kSteps>{};

void take_parts(Sha1State& state, const std::byte* first, const std::byte* rest) noexcept {
    __m128i words[kSteps];
    schedule(first, rest, words);
    take(
        state, [&](int i) { return words[i]; }, kAllSteps);
}

void take_words(Sha1State& state, const Sha1Words& words) noexcept {
    const auto* const from = reinterpret_cast<const __m128i*>(words.data());
    const auto turned = [from](int i) {
        return _mm_shuffle_epi32(_mm_loadu_si128(from + i), kTurned);
    };
    take(state, turned, kAllSteps);
}

}  // namespace

const Sha1 kSha1X86 = {take_parts, take_words};

}  // namespace wsproof::simd
#endif
