// What the player itself has sent of compressed messages: later ones may refer back to it.
#pragma once

#include <cstdint>

#include "wire/inflate.hpp"

namespace wsproof::conformance {

class OwnStream {
  public:
    // frame takes a data frame of ours; what a compressed message held becomes history when its
    // last frame is seen, as far as it can be inflated.
    void frame(std::uint8_t opcode, std::uint8_t rsv, bool fin, wire::ByteView payload);
    [[nodiscard]] wire::ByteView history() const noexcept { return history_.view(); }

  private:
    bool is_compressed_ = false;
    wire::ByteString message_{};
    wire::History history_{};
};

}  // namespace wsproof::conformance
