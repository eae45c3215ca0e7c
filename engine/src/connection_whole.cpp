// The usual case, cut short: a message of one frame that is not compressed and has come whole,
// while nothing else is going on. What breaks a rule, or could, is left as it is to
// connection_input.cpp, which gives the same for all of these, in more steps.
#include <cstring>

#include "connection_impl.hpp"
#include "mask.hpp"

namespace wsproof {

namespace {

constexpr std::size_t kKeySize = 4;
// Longer text is unmasked and validated in blocks.
constexpr std::size_t kWholeTextMax = std::size_t{16} << 10;  // bytes

std::uint64_t big_endian(Bytes bytes) noexcept {
    std::uint64_t value = 0;
    for (const std::byte byte : bytes) {
        value = value << 8 | std::to_integer<std::uint64_t>(byte);
    }
    return value;
}

}  // namespace

// find_whole: whether the frame at the front of `in` is one that read_whole() can take, and the
// sizes of its header and payload.
bool Connection::Impl::find_whole(Bytes in, WholeFrame& found) const noexcept {
    const bool is_masked = role == Role::server;  // RFC 6455 §5.1
    std::size_t header = is_masked ? 2 + kKeySize : 2;
    if (in.size() < header) {
        return false;
    }
    const auto first = std::to_integer<unsigned>(in[0]);
    const auto second = std::to_integer<unsigned>(in[1]);
    constexpr unsigned kFin = 0x80;
    const bool is_message = first == (kFin | static_cast<unsigned>(Opcode::text)) ||
                            first == (kFin | static_cast<unsigned>(Opcode::binary));
    if (!is_message || (second >> 7 != 0) != is_masked) {
        return false;
    }
    std::uint64_t size = second & 0x7FU;
    if (size > 125) {
        const std::size_t length = size == 126 ? 2 : 8;
        header += length;
        if (in.size() < header) {
            return false;
        }
        size = big_endian(in.subspan(2, length));
        if (size <= (length == 2 ? 125U : 0xFFFFU)) {
            return false;  // not the shortest form
        }
    }
    found = {header, static_cast<std::size_t>(size)};
    return size <= in.size() - header && size <= options.limits.frame &&
           size <= options.limits.message && options.limits.fragments != 0;
}

// read_whole leaves everything as it was if it takes nothing.
bool Connection::Impl::read_whole(MutableBytes& in, MessageData& message) noexcept {
    WholeFrame frame;
    if (!find_whole(in, frame)) {
        return false;
    }
    const auto type = static_cast<MessageType>(std::to_integer<std::uint8_t>(in[0]) & 0xFU);
    const MutableBytes payload = in.subspan(frame.header, frame.payload);
    if (type == MessageType::text && payload.size() > kWholeTextMax) {
        return false;
    }
    std::uint32_t key = 0;
    if (role == Role::server) {
        std::memcpy(&key, payload.data() - kKeySize, kKeySize);
        apply_mask(payload, key);
    }
    if (type == MessageType::text && !is_utf8(payload)) {
        apply_mask(payload, key);  // as it was; a key of zeros changes nothing
        return false;
    }
    in = in.subspan(frame.header + frame.payload);
    note_activity();
    stats.bytes_received += frame.header + frame.payload;
    ++stats.frames_received;
    ++stats.messages_received;
    message = {type, true, true, payload};
    return true;
}

std::optional<Event> Connection::Impl::next(MutableBytes& in) {
    MessageData message;
    if (is_at_rest() && options.observer == nullptr && read_whole(in, message)) {
        return message;
    }
    return next_by_steps(in);
}

}  // namespace wsproof
