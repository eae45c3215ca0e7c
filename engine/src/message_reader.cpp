#include <algorithm>
#include <cstring>
#include <functional>
#include <wsproof/message_reader.hpp>

#include "memory_guard.hpp"

namespace wsproof {

bool MessageReader::Memory::has(Bytes piece) const noexcept {
    const std::less<const std::byte*> is_before;  // of pointers into whatever it may be
    const std::byte* const end = bytes.data() + bytes.size();
    return !piece.empty() && !is_before(piece.data(), bytes.data()) && is_before(piece.data(), end);
}

void MessageReader::Memory::make_room(std::size_t more) {
    begin = size == 0 ? 0 : begin;
    if (bytes.size() - begin - size >= more) {
        return;
    }
    if (bytes.size() - size >= more) {
        std::memmove(bytes.data(), bytes.data() + begin, size);
    } else {
        std::vector<std::byte> larger(std::max(size + more, 2 * bytes.size()));
        std::ranges::copy(held(), larger.begin());
        bytes.swap(larger);
    }
    begin = 0;
}

// append leaves a piece that lies behind what is held where it is. One that came after the header
// of a frame moves up; it never overlaps what follows it.
void MessageReader::Memory::append(Bytes piece) {
    if (piece.empty()) {
        return;
    }
    if (has(piece)) {
        if (size == 0) {
            begin = static_cast<std::size_t>(piece.data() - bytes.data());
        }
    } else {
        make_room(piece.size());
    }
    std::byte* const end = bytes.data() + begin + size;
    if (piece.data() != end) {
        std::memmove(end, piece.data(), piece.size());
    }
    size += piece.size();
}

MutableBytes MessageReader::room(std::size_t size) noexcept {
    message_.reset();
    return guarded(
        [&] {
            received_.make_room(size);
            return MutableBytes(received_.bytes).subspan(received_.begin + received_.size, size);
        },
        [] { return MutableBytes{}; });
}

void MessageReader::drop() noexcept {
    is_dropped_ = true;
    received_.size = 0;
    copied_.size = 0;
}

Error MessageReader::collect(const MessageData& piece) {
    message_.reset();
    if (piece.first) {
        drop();
        is_dropped_ = false;
        is_received_ = received_.has(piece.payload);
    }
    Memory& memory = is_received_ ? received_ : copied_;
    if (is_dropped_ || piece.payload.size() > size_max_ - memory.size) {
        drop();
        return Error::message_too_big;
    }
    const Error why = guarded(
        [&] {
            memory.append(piece.payload);
            return Error::none;
        },
        [] { return Error::out_of_memory; });
    if (why != Error::none) {
        drop();
        return why;
    }
    if (piece.last) {
        message_ = Message{piece.type, memory.held()};
        memory.size = 0;
    }
    return Error::none;
}

}  // namespace wsproof
