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

    // room is where the next read is best put, for those who would copy no piece at all: `size`
    // bytes of the reader's own, right behind what it holds of a message, so that add() finds the
    // next piece in its place. Connection::next() has to have had all of one room before the next;
    // messages die with it. Empty if memory ran out. The memory is kept: one that many connections
    // share is smaller.
    [[nodiscard]] MutableBytes room(std::size_t size) noexcept;

    // add takes the next piece. message_too_big: the message would exceed size_max; it is dropped,
    // and so is each further piece of it, with the same error. out_of_memory: dropped as well.
    [[nodiscard]] Error add(const MessageData& piece) {
        if (piece.first && piece.last && piece.payload.size() <= size_max_) {
            message_ = Message{piece.type, piece.payload};
            return Error::none;
        }
        return collect(piece);
    }
    // message is the whole message if the last piece added was its last. Its payload dies with the
    // views of that event, or at the next add().
    [[nodiscard]] const std::optional<Message>& message() const noexcept { return message_; }

  private:
    // Memory holds a message from `begin` on; what room() gave out begins at `begin + size`.
    struct Memory {
        std::vector<std::byte> bytes;
        std::size_t begin = 0;
        std::size_t size = 0;

        [[nodiscard]] bool has(Bytes piece) const noexcept;
        void make_room(std::size_t more);  // behind what is held
        void append(Bytes piece);
        [[nodiscard]] Bytes held() const noexcept { return Bytes(bytes).subspan(begin, size); }
    };

    [[nodiscard]] Error collect(const MessageData& piece);
    void drop() noexcept;

    std::size_t size_max_;
    Memory received_;           // messages that come into room()
    Memory copied_;             // those that come from elsewhere: other buffers, or an inflater
    bool is_received_ = false;  // which of the two the message is in
    bool is_dropped_ = false;
    std::optional<Message> message_;
};

}  // namespace wsproof
