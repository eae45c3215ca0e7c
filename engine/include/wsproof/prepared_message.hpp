// PreparedMessage: a message that is framed once and sent on many connections.
#pragma once

#include <cstddef>
#include <vector>
#include <wsproof/error.hpp>
#include <wsproof/types.hpp>

namespace wsproof {

// PreparedMessage is for servers: a client masks every frame with a new key (RFC 6455 §5.3), which
// leaves nothing to share. Immutable, so that threads can share it.
class PreparedMessage {
  public:
    // The payload is copied, into one frame. error() is invalid_utf8_argument if it is a text that
    // is not UTF-8; such a message is refused by Connection::send().
    PreparedMessage(MessageType type, Bytes payload);

    [[nodiscard]] Error error() const noexcept { return error_; }
    [[nodiscard]] Bytes bytes() const noexcept { return frame_; }  // the frame
    [[nodiscard]] std::size_t header_size() const noexcept { return header_size_; }

  private:
    Error error_ = Error::none;
    std::size_t header_size_ = 0;
    std::vector<std::byte> frame_;
};

}  // namespace wsproof
