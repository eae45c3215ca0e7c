// Masking by vectors of x86-64. Included by one file for each instruction set; everything in it is
// that file's own, for a function that is compiled twice must not be taken for one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace wsproof::simd {
namespace {

// mask_word masks what one T holds, and moves on.
template <typename T>
void mask_word(const std::byte*& from, std::byte*& to, T key) noexcept {
    T word;
    std::memcpy(&word, from, sizeof word);
    word = static_cast<T>(word ^ key);
    std::memcpy(to, &word, sizeof word);
    from += sizeof word;
    to += sizeof word;
}

// mask_tail: at most 15 bytes. All steps but the last are multiples of the key's size.
inline void mask_tail(const std::byte* from, std::byte* to, std::size_t size,
                      std::uint32_t key) noexcept {
    if ((size & 8) != 0) {
        mask_word(from, to, std::uint64_t{key} << 32 | key);
    }
    if ((size & 4) != 0) {
        mask_word(from, to, key);
    }
    if ((size & 2) != 0) {
        mask_word(from, to, static_cast<std::uint16_t>(key));
        key >>= 16;
    }
    if ((size & 1) != 0) {
        *to = *from ^ static_cast<std::byte>(key);
    }
}

// turned: the key for what lies `offset` bytes behind where it was for; x86 has the first byte
// lowest.
inline std::uint32_t turned(std::uint32_t key, std::size_t offset) noexcept {
    const unsigned bits = static_cast<unsigned>(offset % 4) * 8;
    return key >> bits | key << (32 - bits) % 32;
}

// mask_long: at least one vector. The last one is read first and written last, and may overlap the
// one before it: no tail is left for smaller steps.
template <typename Vector>
void mask_long(const std::byte* from, std::byte* to, std::size_t size, std::uint32_t key) noexcept {
    constexpr std::size_t kSize = sizeof(typename Vector::Register);
    const auto wide = Vector::repeat(key);
    const auto last = Vector::load(from + size - kSize) ^ Vector::repeat(turned(key, size - kSize));
    std::byte* const end = to + size - kSize;
    for (; size > 4 * kSize; size -= 4 * kSize) {
        const auto a = Vector::load(from) ^ wide;
        const auto b = Vector::load(from + kSize) ^ wide;
        const auto c = Vector::load(from + 2 * kSize) ^ wide;
        const auto d = Vector::load(from + 3 * kSize) ^ wide;
        Vector::store(to, a);
        Vector::store(to + kSize, b);
        Vector::store(to + 2 * kSize, c);
        Vector::store(to + 3 * kSize, d);
        from += 4 * kSize;
        to += 4 * kSize;
    }
    for (; size > kSize; size -= kSize) {
        Vector::store(to, Vector::load(from) ^ wide);
        from += kSize;
        to += kSize;
    }
    Vector::store(end, last);
}

// mask_longer: at least two vectors. All stores but the first and the last are aligned: in
// first-level cache, what lies in two of its lines takes twice as long. The first vector is read
// first and written last, as the last one is.
template <typename Vector>
void mask_longer(const std::byte* from, std::byte* to, std::size_t size,
                 std::uint32_t key) noexcept {
    const auto first = Vector::load(from) ^ Vector::repeat(key);
    const std::size_t skip =
        (0 - reinterpret_cast<std::uintptr_t>(to)) % sizeof(typename Vector::Register);
    mask_long<Vector>(from + skip, to + skip, size - skip, turned(key, skip));
    Vector::store(to, first);
}

// mask_vectors: at least one vector.
template <typename Vector>
void mask_vectors(const std::byte* from, std::byte* to, std::size_t size,
                  std::uint32_t key) noexcept {
    constexpr std::size_t kLonger = 2048;  // bytes from which on it pays
    if (size < kLonger) {
        mask_long<Vector>(from, to, size, key);
    } else {
        mask_longer<Vector>(from, to, size, key);
    }
}

}  // namespace
}  // namespace wsproof::simd
