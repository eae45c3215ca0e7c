// RFC 3629 §4: the table of well-formed byte sequences as ranges for the byte after the lead.
#include "utf8.hpp"

#include <cstring>

namespace wsproof {

namespace {

// skip_ascii is the index after those bytes from `index` on that are surely ASCII, in
// steps of words.
std::size_t skip_ascii(Bytes bytes, std::size_t index) noexcept {
    constexpr std::uint64_t kHighBits = 0x8080808080808080U;
    constexpr std::size_t kStride = 4 * sizeof(std::uint64_t);
    while (index + kStride <= bytes.size()) {
        std::uint64_t words[4];
        std::memcpy(words, bytes.data() + index, kStride);
        if (((words[0] | words[1] | words[2] | words[3]) & kHighBits) != 0) {
            break;
        }
        index += kStride;
    }
    while (index + sizeof(std::uint64_t) <= bytes.size()) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + index, sizeof word);
        if ((word & kHighBits) != 0) {
            break;
        }
        index += sizeof word;
    }
    return index;
}

bool is_ascii(Bytes bytes) noexcept {
    const std::size_t begin = skip_ascii(bytes, 0);
    std::byte high{};
    for (const std::byte byte : bytes.subspan(begin)) {
        high |= byte;
    }
    return (high & std::byte{0x80}) == std::byte{};
}

// cut_off is how many bytes at the end start a code point that is not complete.
std::size_t cut_off(Bytes bytes) noexcept {
    constexpr std::byte kLeads[] = {std::byte{0xC0}, std::byte{0xE0}, std::byte{0xF0}};
    for (std::size_t missing = 1; missing <= 3 && missing <= bytes.size(); ++missing) {
        if (bytes[bytes.size() - missing] >= kLeads[missing - 1]) {
            return missing;
        }
    }
    return 0;
}

}  // namespace

bool Utf8Validator::take_lead(std::uint8_t byte) noexcept {
    low_ = 0x80;
    high_ = 0xBF;
    if (byte >= 0xC2 && byte <= 0xDF) {  // C0 and C1 start overlong forms only
        missing_ = 1;
        return true;
    }
    if (byte >= 0xE0 && byte <= 0xEF) {
        missing_ = 2;
        low_ = byte == 0xE0 ? 0xA0 : low_;    // overlong below U+0800
        high_ = byte == 0xED ? 0x9F : high_;  // surrogates U+D800-U+DFFF
        return true;
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        missing_ = 3;
        low_ = byte == 0xF0 ? 0x90 : low_;    // overlong below U+10000
        high_ = byte == 0xF4 ? 0x8F : high_;  // above U+10FFFF
        return true;
    }
    return byte < 0x80;
}

bool Utf8Validator::take_trail(std::uint8_t byte) noexcept {
    if (byte < low_ || byte > high_) {
        return false;
    }
    --missing_;
    low_ = 0x80;
    high_ = 0xBF;
    return true;
}

std::size_t Utf8Validator::feed_bytewise(Bytes bytes) noexcept {
    std::size_t index = 0;
    while (index < bytes.size()) {
        if (missing_ == 0) {
            index = skip_ascii(bytes, index);
            if (index == bytes.size()) {
                break;
            }
        }
        const auto byte = std::to_integer<std::uint8_t>(bytes[index]);
        const bool is_valid = missing_ == 0 ? take_lead(byte) : take_trail(byte);
        if (!is_valid) {
            return index;
        }
        ++index;
    }
    return index;
}

// feed: vectors see whole code points only, and say yes or no. What is cut off at either end, and
// where exactly a violation is, is for the bytewise way.
std::size_t Utf8Validator::feed(Bytes bytes, const simd::Kernels& kernels) noexcept {
    std::size_t begin = 0;
    for (; missing_ > 0 && begin < bytes.size(); ++begin) {
        if (!take_trail(std::to_integer<std::uint8_t>(bytes[begin]))) {
            return begin;
        }
    }
    const Bytes rest = bytes.subspan(begin);
    const std::size_t size = rest.size() - cut_off(rest);
    if (!kernels.is_utf8(rest.data(), size)) {
        return begin + feed_bytewise(rest);
    }
    return begin + size + feed_bytewise(rest.subspan(size));
}

bool is_utf8(Bytes bytes) noexcept {
    constexpr std::size_t kShort = 32;  // bytes; ASCII is seen faster than a kernel is called
    if (bytes.size() < kShort && is_ascii(bytes)) {
        return true;
    }
    return simd::best_kernels().is_utf8(bytes.data(), bytes.size());
}

}  // namespace wsproof
