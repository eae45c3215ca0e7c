// UTF-8 by the table of RFC 3629 §4, for the judge.
#pragma once

#include <cstddef>
#include <cstdint>

#include "frame_writer.hpp"

namespace wsproof::conformance::wire {

// Utf8 is fed the pieces of one text; a piece may end inside a character.
class Utf8 {
  public:
    // feed: false once the text can no longer become valid.
    bool feed(ByteView text) noexcept;
    // is_complete: valid so far, and not inside a character.
    [[nodiscard]] bool is_complete() const noexcept { return valid_ && pending_ == 0; }

  private:
    bool step(std::uint8_t octet) noexcept;

    bool valid_ = true;
    int pending_ = 0;             // continuation octets still to come
    std::uint8_t lowest_ = 0x80;  // what the next of them may be
    std::uint8_t highest_ = 0xBF;
};

[[nodiscard]] bool is_utf8(ByteView text) noexcept;

}  // namespace wsproof::conformance::wire
