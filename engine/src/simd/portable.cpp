// For every processor: words of eight bytes, and RFC 3629 §4 byte by byte.
#include <cstring>

#include "../utf8.hpp"
#include "kernels.hpp"

namespace wsproof::simd {

namespace {

using Word = std::uint64_t;

void mask(const std::byte* from, std::byte* to, std::size_t size, std::uint32_t key) noexcept {
    constexpr std::size_t kStride = 4 * sizeof(Word);
    const Word wide = Word{key} << 32 | key;
    std::size_t done = 0;
    for (; done + kStride <= size; done += kStride) {
        Word words[4];
        std::memcpy(words, from + done, kStride);
        for (Word& word : words) {
            word ^= wide;
        }
        std::memcpy(to + done, words, kStride);
    }
    for (; done + sizeof(Word) <= size; done += sizeof(Word)) {
        Word word = 0;
        std::memcpy(&word, from + done, sizeof word);
        word ^= wide;
        std::memcpy(to + done, &word, sizeof word);
    }
    std::byte keys[sizeof key];
    std::memcpy(keys, &key, sizeof key);
    for (std::size_t i = 0; done < size; ++done, ++i) {
        to[done] = from[done] ^ keys[i % sizeof key];
    }
}

bool is_utf8(const std::byte* bytes, std::size_t size) noexcept {
    Utf8Validator validator;
    return validator.feed_bytewise({bytes, size}) == size && validator.is_complete();
}

}  // namespace

const Kernels kPortable = {"portable", mask, is_utf8};

}  // namespace wsproof::simd
