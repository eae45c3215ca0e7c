// Frame headers out of a stream of bytes, however it is cut (RFC 6455 §5.2). Syntax only: whether a
// header is allowed is for frame_rules, and it can be asked before the header is complete.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <wsproof/frame.hpp>
#include <wsproof/types.hpp>

namespace wsproof {

class FrameDecoder {
  public:
    // Known is how much of header() has been read. Each level includes those before it.
    enum class Known : std::uint8_t {
        nothing,
        first_two,  // all but the length if it has more than 7 bits, and the key
        length,
        everything,
    };

    // read takes bytes off the front of `in` until the header is complete or `in` is empty. After
    // `everything`, the next call starts with the next header.
    Known read(MutableBytes& in) noexcept;

    // header is valid as far as the last read() said.
    [[nodiscard]] const FrameHeader& header() const noexcept { return header_; }
    [[nodiscard]] std::size_t bytes_read() const noexcept { return size_; }  // of this header
    // is_between_headers: no byte of the next header has been read.
    [[nodiscard]] bool is_between_headers() const noexcept { return is_complete_ || size_ == 0; }

  private:
    [[nodiscard]] Known parse(Bytes bytes) noexcept;

    FrameHeader header_{};
    std::array<std::byte, kHeaderSizeMax> bytes_{};
    std::size_t size_ = 0;
    bool is_complete_ = false;
};

}  // namespace wsproof
