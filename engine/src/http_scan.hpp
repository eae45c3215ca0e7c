// Text read by eight or sixteen bytes at a time: to parse a head of 157 bytes by single bytes took
// six times the instructions. Inline for http_head.cpp, where calls would be a good part of the
// work; others call http_grammar.hpp.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace wsproof {

constexpr std::array<bool, 256> token_chars() noexcept {
    std::array<bool, 256> is_token{};
    for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789")) {
        is_token[static_cast<unsigned char>(c)] = true;
    }
    for (char c = 'a'; c <= 'z'; ++c) {
        is_token[static_cast<unsigned char>(c)] = true;
        is_token[static_cast<unsigned char>(c - 'a' + 'A')] = true;
    }
    return is_token;
}

inline constexpr std::array<bool, 256> kIsTokenChar = token_chars();

constexpr bool is_token_char(char c) noexcept {
    return kIsTokenChar[static_cast<unsigned char>(c)];
}

constexpr bool is_control(char c) noexcept {
    const auto value = static_cast<unsigned char>(c);
    return value < 0x20 || value == 0x7F;
}

inline constexpr std::uint64_t kOnes = 0x0101010101010101;
inline constexpr std::uint64_t kHighs = kOnes * 0x80;
inline constexpr std::size_t kWord = 8;  // bytes

// eight: eight bytes as a number, the first of them lowest.
inline std::uint64_t eight(const char* from) noexcept {
    std::uint64_t word = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&word, from, sizeof word);
    } else {
        for (int i = 7; i >= 0; --i) {
            word = word << 8 | static_cast<unsigned char>(from[i]);
        }
    }
    return word;
}

// ends: four to eight bytes as a number, those in the middle twice.
inline std::uint64_t ends(std::string_view text) noexcept {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, text.data(), sizeof first);
    std::memcpy(&last, text.data() + text.size() - sizeof last, sizeof last);
    return std::uint64_t{first} << 32 | last;
}

// first_flag: which byte of a word is the first whose high bit is set; kWord if none is.
constexpr std::size_t first_flag(std::uint64_t flags) noexcept {
    return static_cast<std::size_t>(std::countr_zero(flags)) / 8;
}

// within: the high bit of each byte that is `first` to `last`, which are below 0x80.
constexpr std::uint64_t within(std::uint64_t word, unsigned first, unsigned last) noexcept {
    const std::uint64_t low = word & ~kHighs;  // so that no sum carries to the next byte
    const std::uint64_t from_first = low + kOnes * (0x80 - first);
    const std::uint64_t beyond_last = low + kOnes * (0x7F - last);
    return from_first & ~beyond_last & ~word & kHighs;
}

// other_flags: the high bit of each byte that is neither a letter nor a hyphen, as few in names
// are.
constexpr std::uint64_t other_flags(std::uint64_t word) noexcept {
    const std::uint64_t letters = within(word | kOnes * 0x20, 'a', 'z');
    return (letters | within(word, '-', '-')) ^ kHighs;
}

#if defined(__SSE2__)
inline constexpr std::size_t kVector = 16;  // bytes

inline __m128i vector(const char* from) noexcept {
    __m128i bytes;
    std::memcpy(&bytes, from, sizeof bytes);
    return bytes;
}

// first_zero: which of sixteen bytes is the first that is zero and not all ones.
inline std::size_t first_zero(__m128i bytes) noexcept {
    return static_cast<std::size_t>(
        std::countr_one(static_cast<unsigned>(_mm_movemask_epi8(bytes))));
}

inline constexpr std::size_t kChunk = 64;  // bytes
inline constexpr unsigned kFlagBits = 1;   // a byte

// control_flags: the flags of the bytes of a chunk that are control characters but HTAB.
inline std::uint64_t control_flags(const char* from) noexcept {
    std::uint64_t flags = 0;
    for (std::size_t at = 0; at < kChunk; at += kVector) {
        const __m128i bytes = vector(from + at);
        const __m128i from_space = _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8(0x20)), bytes);
        const __m128i tabs = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'));
        const __m128i deleted = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F));
        const __m128i good = _mm_andnot_si128(deleted, _mm_or_si128(from_space, tabs));
        const auto good_flags = static_cast<std::uint64_t>(_mm_movemask_epi8(good));
        flags |= good_flags << at;
    }
    return ~flags;
}

// other_index: which of kVector bytes is the first that is neither a letter nor a hyphen, as few
// bytes in names are; kVector if none is.
inline std::size_t other_index(const char* from) noexcept {
    const __m128i bytes = vector(from);
    const __m128i from_a =
        _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    const __m128i letters = _mm_cmpeq_epi8(_mm_min_epu8(from_a, _mm_set1_epi8('z' - 'a')), from_a);
    const __m128i hyphens = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
    return first_zero(_mm_or_si128(letters, hyphens));
}
// are_base64: whether kVector bytes are of base64's alphabet (RFC 4648 §4).
inline bool are_base64(const char* from) noexcept {
    const __m128i bytes = vector(from);
    const __m128i from_a =
        _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    const __m128i letters = _mm_cmpeq_epi8(_mm_min_epu8(from_a, _mm_set1_epi8('z' - 'a')), from_a);
    const __m128i from_slash = _mm_sub_epi8(bytes, _mm_set1_epi8('/'));
    const __m128i digits =
        _mm_cmpeq_epi8(_mm_min_epu8(from_slash, _mm_set1_epi8('9' - '/')), from_slash);
    const __m128i pluses = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('+'));
    return first_zero(_mm_or_si128(_mm_or_si128(letters, digits), pluses)) == kVector;
}
#else
inline constexpr std::size_t kVector = kWord;

inline constexpr std::size_t kChunk = kWord;
inline constexpr unsigned kFlagBits = 8;

inline std::uint64_t control_flags(const char* from) noexcept {
    const std::uint64_t word = eight(from);
    return within(word, 0, '\t' - 1) | within(word, '\t' + 1, ' ' - 1) | within(word, 0x7F, 0x7F);
}

inline std::size_t other_index(const char* from) noexcept {
    return first_flag(other_flags(eight(from)));
}

inline bool are_base64(const char* from) noexcept {
    const std::uint64_t word = eight(from);
    const std::uint64_t letters = within(word | kOnes * 0x20, 'a', 'z');
    return (letters | within(word, '/', '9') | within(word, '+', '+')) == kHighs;
}
#endif

// Controls walks through the control characters but HTAB of a text, behind which kChunk - 1 bytes
// more can be read, whatever they are. Where one is does not depend on where the last one was: a
// processor looks ahead.
class Controls {
  public:
    explicit Controls(std::string_view text) noexcept : text_(text) {}

    // next: the index of the next one, or the size of the text.
    [[nodiscard]] std::size_t next() noexcept {
        while (flags_ == 0) {
            if (chunk_end_ >= text_.size()) {
                return text_.size();
            }
            flags_ = control_flags(text_.data() + chunk_end_);
            chunk_end_ += kChunk;
            if (chunk_end_ > text_.size()) {
                flags_ &= ~std::uint64_t{0} >> (chunk_end_ - text_.size()) * kFlagBits;
            }
        }
        const auto bit = static_cast<std::size_t>(std::countr_zero(flags_));
        flags_ &= flags_ - 1;
        return chunk_end_ - kChunk + bit / kFlagBits;
    }

  private:
    std::string_view text_;
    std::size_t chunk_end_ = 0;  // of the one that flags_ are of
    std::uint64_t flags_ = 0;    // not walked through yet
};

// scan_token: how many bytes from `from` on are a token's. One that is not is among them, and
// behind it kVector - 1 bytes more can be read.
inline std::size_t scan_token(const char* from) noexcept {
    std::size_t size = 0;
    std::size_t index = kVector;
    while (index == kVector) {
        index = other_index(from + size);
        size += index;
    }
    while (is_token_char(from[size])) {
        ++size;
    }
    return size;
}

}  // namespace wsproof
