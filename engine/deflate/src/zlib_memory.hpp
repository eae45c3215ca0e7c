// zlib's memory comes from operator new, so that those who replace it see all of ours.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <new>

namespace wsproof {

inline void* zlib_allocate(void* /*unused*/, unsigned count, unsigned size) noexcept {
    return ::operator new (std::size_t{count} * size, std::nothrow);
}

inline void zlib_free(void* /*unused*/, void* memory) noexcept {
    ::operator delete(memory);
}

// make_stream is a z_stream to be initialised.
inline z_stream make_stream() noexcept {
    z_stream stream{};
    stream.zalloc = zlib_allocate;
    stream.zfree = zlib_free;
    return stream;
}

// zlib counts in unsigned int and takes input by a pointer to what is not const.
inline uInt zlib_size(std::size_t size) noexcept {
    constexpr std::size_t kMost = std::size_t{1} << 30;
    return static_cast<uInt>(size < kMost ? size : kMost);
}

inline Bytef* zlib_bytes(const std::byte* bytes) noexcept {
    return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes));
}

}  // namespace wsproof
