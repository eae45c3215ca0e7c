// The loops that touch every byte of a payload, once for each instruction set. All of them give the
// same results; which is taken is decided at run time, once. What includes this is compiled for
// several instruction sets, so it has nothing inline in it that a linker could choose among.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wsproof::simd {

struct Kernels {
    const char* name;
    // mask: to[i] = from[i] ^ byte i % 4 of `key`, whose bytes are in memory order (RFC 6455 §5.3).
    // `from` is `to`, or does not overlap it.
    void (*mask)(const std::byte* from, std::byte* to, std::size_t size,
                 std::uint32_t key) noexcept;
    // is_utf8: the bytes are whole code points (RFC 3629 §4).
    bool (*is_utf8)(const std::byte* bytes, std::size_t size) noexcept;
};

extern const Kernels kPortable;
#if defined(__x86_64__)
extern const Kernels kSse4;
extern const Kernels kAvx2;
extern const Kernels kAvx512;
#endif

// Available are those that this processor and its system can run, the best last.
struct Available {
    const Kernels* kernels[4];
    std::size_t count;
};
[[nodiscard]] Available available_kernels() noexcept;

}  // namespace wsproof::simd
