// Text is read by eight or sixteen bytes at a time: to parse a head of 157 bytes takes 1300
// instructions, and by single bytes took 8300.
#include "http_grammar.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace wsproof {
namespace {

constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

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

constexpr std::array<bool, 256> kIsTokenChar = token_chars();

constexpr bool is_token_char(char c) noexcept {
    return kIsTokenChar[static_cast<unsigned char>(c)];
}

constexpr bool is_control(char c) noexcept {
    const auto value = static_cast<unsigned char>(c);
    return value < 0x20 || value == 0x7F;
}

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighs = kOnes * 0x80;
constexpr std::size_t kWord = 8;  // bytes

// eight: eight bytes as a number, the first of them lowest.
std::uint64_t eight(const char* from) noexcept {
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

// first_flag: which byte of a word is the first whose high bit is set; kWord if none is.
constexpr std::size_t first_flag(std::uint64_t flags) noexcept {
    return static_cast<std::size_t>(std::countr_zero(flags)) / 8;
}

// control_flags: of the bits that are set, the lowest is the high bit of the first control
// character. A byte is below 0x20 if taking 0x20 from it borrows, and below 0x80. A borrow goes on
// to the bytes behind, hence only the first counts.
constexpr std::uint64_t control_flags(std::uint64_t word) noexcept {
    const std::uint64_t without_delete = word ^ kOnes * 0x7F;
    const std::uint64_t low = (word - kOnes * 0x20) & ~word;
    const std::uint64_t deleted = (without_delete - kOnes) & ~without_delete;
    return (low | deleted) & kHighs;
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

constexpr std::uint64_t to_lower(std::uint64_t word) noexcept {
    return word | within(word, 'A', 'Z') >> 2;
}

constexpr bool are_alike(std::uint64_t a, std::uint64_t b) noexcept {
    return a == b || to_lower(a) == to_lower(b);  // most are written alike
}

// ends: four to eight bytes as a number, those in the middle twice.
std::uint64_t ends(std::string_view text) noexcept {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, text.data(), sizeof first);
    std::memcpy(&last, text.data() + text.size() - sizeof last, sizeof last);
    return std::uint64_t{first} << 32 | last;
}

#if defined(__SSE2__)
constexpr std::size_t kVector = 16;  // bytes

__m128i vector(const char* from) noexcept {
    __m128i bytes;
    std::memcpy(&bytes, from, sizeof bytes);
    return bytes;
}

// first_zero: which of sixteen bytes is the first that is zero and not all ones.
std::size_t first_zero(__m128i bytes) noexcept {
    return static_cast<std::size_t>(
        std::countr_one(static_cast<unsigned>(_mm_movemask_epi8(bytes))));
}

// control_index: which of kVector bytes is the first control character; kVector if none is.
std::size_t control_index(const char* from) noexcept {
    const __m128i bytes = vector(from);
    const __m128i from_space = _mm_cmpeq_epi8(_mm_max_epu8(bytes, _mm_set1_epi8(0x20)), bytes);
    const __m128i deleted = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F));
    return first_zero(_mm_andnot_si128(deleted, from_space));
}

// other_index: likewise of what is neither a letter nor a hyphen, as few bytes in names are.
std::size_t other_index(const char* from) noexcept {
    const __m128i bytes = vector(from);
    const __m128i from_a =
        _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    const __m128i letters = _mm_cmpeq_epi8(_mm_min_epu8(from_a, _mm_set1_epi8('z' - 'a')), from_a);
    const __m128i hyphens = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
    return first_zero(_mm_or_si128(letters, hyphens));
}
#else
constexpr std::size_t kVector = kWord;

std::size_t control_index(const char* from) noexcept {
    return first_flag(control_flags(eight(from)));
}

std::size_t other_index(const char* from) noexcept {
    return first_flag(other_flags(eight(from)));
}
#endif

}  // namespace

std::size_t find_control(std::string_view text) noexcept {
    std::size_t at = 0;
    const auto is_good = [text](std::size_t i) { return !is_control(text[i]) || text[i] == '\t'; };
    while (text.size() - at >= kVector) {
        const std::size_t index = control_index(text.data() + at);
        if (index == kVector) {
            at += kVector;  // by a constant: what comes next does not wait for the index
            continue;
        }
        at += index;
        if (text[at] != '\t') {
            return at;
        }
        ++at;
    }
    if (text.size() - at >= kWord) {
        const std::size_t index = first_flag(control_flags(eight(text.data() + at)));
        at += index;
    }
    while (at < text.size() && is_good(at)) {
        ++at;
    }
    return at;
}

bool is_field_value(std::string_view text) noexcept {
    return find_control(text) == text.size();
}

std::size_t token_size(std::string_view text) noexcept {
    std::size_t size = 0;
    std::size_t index = kVector;
    while (index == kVector && text.size() - size >= kVector) {
        index = other_index(text.data() + size);
        size += index;
    }
    if (index == kVector && text.size() - size >= kWord) {
        size += first_flag(other_flags(eight(text.data() + size)));
    }
    while (size < text.size() && is_token_char(text[size])) {
        ++size;
    }
    return size;
}

bool is_visible(std::string_view text) noexcept {
    std::size_t at = 0;
    for (; text.size() - at >= kWord; at += kWord) {
        if (within(eight(text.data() + at), '!', '~') != kHighs) {
            return false;
        }
    }
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                       [](char c) { return c > ' ' && c < 0x7F; });
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) {
        return false;
    }
    if (a.size() < 4) {
        return std::equal(a.begin(), a.end(), b.begin(),
                          [](char x, char y) { return to_lower(x) == to_lower(y); });
    }
    if (a.size() <= kWord) {
        return are_alike(ends(a), ends(b));
    }
    for (std::size_t at = 0; at + kWord < a.size(); at += kWord) {
        if (!are_alike(eight(a.data() + at), eight(b.data() + at))) {
            return false;
        }
    }
    return are_alike(eight(a.data() + a.size() - kWord), eight(b.data() + b.size() - kWord));
}

std::string_view next_list_element(std::string_view& list) noexcept {
    const std::size_t comma = list.find(',');
    const std::string_view element = trim(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    return element;
}

}  // namespace wsproof
