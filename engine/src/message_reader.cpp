#include <wsproof/message_reader.hpp>

#include "memory_guard.hpp"

namespace wsproof {

Error MessageReader::add(const MessageData& piece) {
    message_.reset();
    if (piece.first) {
        buffer_.clear();
        is_dropped_ = false;
    }
    if (is_dropped_ || piece.payload.size() > size_max_ - buffer_.size()) {
        is_dropped_ = true;
        buffer_.clear();
        return Error::message_too_big;
    }
    if (piece.first && piece.last) {
        message_ = Message{piece.type, piece.payload};
        return Error::none;
    }
    const Error why = guarded(
        [&] {
            buffer_.insert(buffer_.end(), piece.payload.begin(), piece.payload.end());
            return Error::none;
        },
        [] { return Error::out_of_memory; });
    if (why != Error::none) {
        is_dropped_ = true;
        buffer_.clear();
        return why;
    }
    if (piece.last) {
        message_ = Message{piece.type, buffer_};
    }
    return Error::none;
}

}  // namespace wsproof
