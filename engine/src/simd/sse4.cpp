// x86-64 with SSE4.1: vectors of 16 bytes.
#if defined(__x86_64__)
#include "kernels.hpp"
#include "mask_loop.hpp"
#include "sse_vector.hpp"
#include "utf8_lookup.hpp"

namespace wsproof::simd {

namespace {

void mask(const std::byte* from, std::byte* to, std::size_t size, std::uint32_t key) noexcept {
    if (size >= sizeof(Sse::Register)) {
        mask_vectors<Sse>(from, to, size, key);
    } else {
        mask_tail(from, to, size, key);
    }
}

bool is_utf8(const std::byte* bytes, std::size_t size) noexcept {
    return size < sizeof(Sse::Register) + 3 ? is_utf8_short<Sse>(bytes, size)
                                            : is_utf8_long<Sse>(bytes, size);
}

}  // namespace

const Kernels kSse4 = {"SSE4.1", mask, is_utf8};

}  // namespace wsproof::simd
#endif
