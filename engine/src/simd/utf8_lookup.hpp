// UTF-8 by vectors: three tables of sixteen say what is wrong with two neighbouring bytes, after
// Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte" (2020). Included by
// one file for each instruction set; everything in it is that file's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace wsproof::simd {
namespace {

// What can be wrong with a byte and the one before it. A pair is wrong in a way if all three tables
// have its bit.
enum Wrong : std::uint8_t {
    kTooShort = 1 << 0,      // a lead, and no trail behind it
    kTooLong = 1 << 1,       // ASCII, and a trail behind it
    kOverlong3 = 1 << 2,     // E0, and a trail below A0
    kTooLarge = 1 << 3,      // F4 and a trail above 8F; F5 to FF and one above 8F
    kSurrogate = 1 << 4,     // ED, and a trail above 9F
    kOverlong2 = 1 << 5,     // C0 or C1
    kTooLarge1000 = 1 << 6,  // F5 to FF and a trail below 90; also F0 and one: overlong
    kTwoTrails = 1 << 7,     // right as the third or fourth byte of a code point only
};
constexpr std::uint8_t kOverlong4 = kTooLarge1000;
constexpr std::uint8_t kAnyLow = kTooShort | kTooLong | kTwoTrails;  // whatever the low bits are
constexpr std::uint8_t kLargeLow = kAnyLow | kTooLarge | kTooLarge1000;

// By the high four bits of the first byte,
alignas(16) constexpr std::uint8_t kFirstHigh[16] = {
    kTooLong,
    kTooLong,
    kTooLong,
    kTooLong,
    kTooLong,
    kTooLong,
    kTooLong,
    kTooLong,
    kTwoTrails,
    kTwoTrails,
    kTwoTrails,
    kTwoTrails,
    kTooShort | kOverlong2,
    kTooShort,
    kTooShort | kOverlong3 | kSurrogate,
    kTooShort | kTooLarge | kTooLarge1000 | kOverlong4};
// by its low four bits,
alignas(16) constexpr std::uint8_t kFirstLow[16] = {kAnyLow | kOverlong3 | kOverlong2 | kOverlong4,
                                                    kAnyLow | kOverlong2,
                                                    kAnyLow,
                                                    kAnyLow,
                                                    kAnyLow | kTooLarge,
                                                    kLargeLow,
                                                    kLargeLow,
                                                    kLargeLow,
                                                    kLargeLow,
                                                    kLargeLow,
                                                    kLargeLow,
                                                    kLargeLow,
                                                    kLargeLow,
                                                    kLargeLow | kSurrogate,
                                                    kLargeLow,
                                                    kLargeLow};
// and by the high four bits of the second.
constexpr std::uint8_t kAnyTrail = kTooLong | kOverlong2 | kTwoTrails;
alignas(16) constexpr std::uint8_t kSecondHigh[16] = {
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort,
    kAnyTrail | kOverlong3 | kTooLarge1000 | kOverlong4,
    kAnyTrail | kOverlong3 | kTooLarge,
    kAnyTrail | kSurrogate | kTooLarge,
    kAnyTrail | kSurrogate | kTooLarge,
    kTooShort,
    kTooShort,
    kTooShort,
    kTooShort};

// wrongs: not zero where `bytes` break a rule; the other three are the bytes one to three before.
template <typename V>
typename V::Register wrongs(typename V::Register bytes, typename V::Register one,
                            typename V::Register two, typename V::Register three) noexcept {
    const auto pair = V::look_up(kFirstHigh, V::high_nibbles(one)) &
                      V::look_up(kFirstLow, V::low_nibbles(one)) &
                      V::look_up(kSecondHigh, V::high_nibbles(bytes));
    // The top bit is set where a third or fourth byte has to be: there two trails are right.
    const auto later = V::minus(two, 0xE0 - 0x80) | V::minus(three, 0xF0 - 0x80);
    return (later & V::repeat(0x80808080U)) ^ pair;
}

// wrongs_at: of the vector at `bytes`, with three more bytes before it.
template <typename V>
typename V::Register wrongs_at(const std::byte* bytes) noexcept {
    return wrongs<V>(V::load(bytes), V::load(bytes - 1), V::load(bytes - 2), V::load(bytes - 3));
}

// ends_early: the last code point lacks bytes. `end` has at least three bytes before it.
inline bool ends_early(const std::byte* end) noexcept {
    return end[-1] >= std::byte{0xC0} || end[-2] >= std::byte{0xE0} || end[-3] >= std::byte{0xF0};
}

// is_utf8_short: fewer bytes than a vector and three. They are laid out behind zeros, and have
// zeros behind them, which are too short an end for an early one.
template <typename V>
bool is_utf8_short(const std::byte* bytes, std::size_t size) noexcept {
    constexpr std::size_t kSize = sizeof(typename V::Register);
    alignas(64) std::byte room[3 * kSize + 16] = {};
    std::byte* const begin = room + 16;
    if (size > 0) {  // else `bytes` may be null, which memcpy() must not get
        std::memcpy(begin, bytes, size);
    }
    return V::is_zero(wrongs_at<V>(begin) | wrongs_at<V>(begin + kSize));
}

// is_utf8_long: at least a vector and three.
template <typename V>
bool is_utf8_long(const std::byte* bytes, std::size_t size) noexcept {
    constexpr std::size_t kSize = sizeof(typename V::Register);
    const std::byte* const end = bytes + size;
    const auto first = V::load(bytes);
    bool was_ascii = V::is_ascii(first);
    auto wrong = V::repeat(0);
    if (!was_ascii) {
        wrong = wrongs<V>(first, V::template behind_zeros<1>(first),
                          V::template behind_zeros<2>(first), V::template behind_zeros<3>(first));
    }
    const std::byte* at = bytes + kSize;
    for (; end - at >= static_cast<std::ptrdiff_t>(4 * kSize); at += 4 * kSize) {
        const bool is_ascii = V::is_ascii((V::load(at) | V::load(at + kSize)) |
                                          (V::load(at + 2 * kSize) | V::load(at + 3 * kSize)));
        if (is_ascii && was_ascii) {
            continue;
        }
        wrong = wrong | wrongs_at<V>(at);  // the code point before may lack bytes
        if (!is_ascii) {
            wrong = wrong | wrongs_at<V>(at + kSize) | wrongs_at<V>(at + 2 * kSize) |
                    wrongs_at<V>(at + 3 * kSize);
        }
        was_ascii = is_ascii;
    }
    while (at != end) {
        at = end - at >= static_cast<std::ptrdiff_t>(kSize) ? at : end - kSize;  // some of it again
        const bool is_ascii = V::is_ascii(V::load(at));
        if (!is_ascii || !was_ascii) {
            wrong = wrong | wrongs_at<V>(at);
        }
        was_ascii = is_ascii;
        at += kSize;
    }
    return V::is_zero(wrong) && !ends_early(end);
}

}  // namespace
}  // namespace wsproof::simd
