// MessageReader: from MessageData events to whole messages, for those who want them whole.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>
#include <wsproof/error.hpp>
#include <wsproof/event.hpp>
#include <wsproof/types.hpp>

namespace wsproof {

struct Message {
    MessageType type;
    Bytes payload;
};

// MessageReader collects the pieces of one message at a time. A message that comes in one piece is
// not copied. The memory it keeps grows to the longest message in pieces so far.
class MessageReader {
  public:
    // size_max bounds the memory, in bytes of one message. It has a meaning of its own where it is
    // smaller than Limits::message.
    explicit MessageReader(std::size_t size_max) noexcept : size_max_(size_max) {}

    // add takes the next piece. message_too_big: the message would exceed size_max; it is dropped,
    // and so is each further piece of it, with the same error. out_of_memory: dropped as well.
    [[nodiscard]] Error add(const MessageData& piece);
    // message is the whole message if the last piece added was its last. Its payload dies with the
    // views of that event, or at the next add().
    [[nodiscard]] const std::optional<Message>& message() const noexcept { return message_; }

  private:
    std::size_t size_max_;
    std::vector<std::byte> buffer_;
    bool is_dropped_ = false;
    std::optional<Message> message_;
};

}  // namespace wsproof
