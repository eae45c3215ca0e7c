// UTF-8 as RFC 3629 §4 has it, validated piece by piece, RFC 6455 §8.1: no overlong forms, no
// surrogates, nothing above U+10FFFF. A violation is found at its first byte, wherever it is cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <wsproof/types.hpp>

#include "simd/best_kernels.hpp"

namespace wsproof {

class Utf8Validator {
  public:
    // feed returns how many bytes of `bytes` are valid as far as they go: all of them, or the index
    // of the first that cannot be. After a violation it is of no more use.
    [[nodiscard]] std::size_t feed(Bytes bytes) noexcept {
        return feed(bytes, simd::best_kernels());
    }
    [[nodiscard]] std::size_t feed(Bytes bytes, const simd::Kernels& kernels) noexcept;
    // feed_bytewise: the same, without vectors.
    [[nodiscard]] std::size_t feed_bytewise(Bytes bytes) noexcept;
    // is_complete: not within a code point.
    [[nodiscard]] bool is_complete() const noexcept { return missing_ == 0; }

  private:
    [[nodiscard]] bool take_lead(std::uint8_t byte) noexcept;
    [[nodiscard]] bool take_trail(std::uint8_t byte) noexcept;

    std::uint8_t missing_ = 0;  // bytes until the code point is complete
    std::uint8_t low_ = 0x80;   // range of the next of them
    std::uint8_t high_ = 0xBF;
};

[[nodiscard]] bool is_utf8(Bytes bytes) noexcept;

}  // namespace wsproof
