// RFC 6455 §5.3, eight bytes at a time.
#include "mask.hpp"

#include <cstring>

namespace wsproof {

namespace {

// word_key is the key, turned to `offset` and repeated, in memory order.
std::uint64_t word_key(const MaskKey& key, std::uint64_t offset) noexcept {
    std::byte bytes[8];
    for (std::size_t i = 0; i < sizeof bytes; ++i) {
        bytes[i] = key[(offset + i) % 4];
    }
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

// mask_words handles `from` == `to` as well, because each word is read before it is written.
void mask_words(const std::byte* from, std::byte* to, std::size_t size, const MaskKey& key,
                std::uint64_t offset) noexcept {
    constexpr std::size_t kWord = sizeof(std::uint64_t);
    constexpr std::size_t kStride = 4 * kWord;
    const std::uint64_t turned = word_key(key, offset);
    std::size_t done = 0;
    for (; done + kStride <= size; done += kStride) {
        std::uint64_t words[4];
        std::memcpy(words, from + done, kStride);
        for (std::uint64_t& word : words) {
            word ^= turned;
        }
        std::memcpy(to + done, words, kStride);
    }
    for (; done + kWord <= size; done += kWord) {
        std::uint64_t word = 0;
        std::memcpy(&word, from + done, kWord);
        word ^= turned;
        std::memcpy(to + done, &word, kWord);
    }
    for (; done < size; ++done) {
        to[done] = from[done] ^ key[(offset + done) % 4];
    }
}

}  // namespace

void apply_mask(MutableBytes bytes, const MaskKey& key, std::uint64_t offset) noexcept {
    mask_words(bytes.data(), bytes.data(), bytes.size(), key, offset);
}

void copy_masked(Bytes from, std::byte* to, const MaskKey& key, std::uint64_t offset) noexcept {
    mask_words(from.data(), to, from.size(), key, offset);
}

}  // namespace wsproof
