// The usual cases, cut short while nothing else is going on: a message of one frame that is not
// compressed and has come whole, and a piece of a frame. What breaks a rule, or could, is
// left as it is to connection_input.cpp, which gives the same for all of these, in more steps.
#include <algorithm>
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

// find_whole: the sizes of header and payload of the frame at the front of `in`, if it is one that
// read_whole() can take; a header of zero bytes if it is not.
inline Connection::Impl::WholeFrame Connection::Impl::find_whole(Bytes in) const noexcept {
    const bool is_masked = role == Role::server;  // RFC 6455 §5.1
    std::size_t header = is_masked ? 2 + kKeySize : 2;
    if (in.size() < header) {
        return {};
    }
    const auto first = std::to_integer<unsigned>(in[0]);
    const auto second = std::to_integer<unsigned>(in[1]);
    constexpr unsigned kFin = 0x80;
    const bool is_message = first == (kFin | static_cast<unsigned>(Opcode::text)) ||
                            first == (kFin | static_cast<unsigned>(Opcode::binary));
    if (!is_message || (second >> 7 != 0) != is_masked) {
        return {};
    }
    std::uint64_t size = second & 0x7FU;
    if (size > 125) {
        const std::size_t length = size == 126 ? 2 : 8;
        header += length;
        if (in.size() < header) {
            return {};
        }
        size = big_endian(in.subspan(2, length));
        if (size <= (length == 2 ? 125U : 0xFFFFU)) {
            return {};  // not the shortest form
        }
    }
    const bool is_takeable = size <= in.size() - header && size <= whole_size_max;
    return is_takeable ? WholeFrame{header, static_cast<std::size_t>(size)} : WholeFrame{};
}

// read_whole answers with the payload, nullptr if it takes nothing; then everything is as it was.
inline Connection::Impl::Piece Connection::Impl::read_whole(MutableBytes& in) noexcept {
    const WholeFrame frame = find_whole(in);
    if (frame.header == 0) {
        return {};
    }
    const bool is_text = std::to_integer<unsigned>(in[0] & std::byte{0xF}) ==
                         static_cast<unsigned>(MessageType::text);
    const MutableBytes payload = in.subspan(frame.header).first(frame.payload);
    const bool is_masked = role == Role::server;
    std::uint32_t key = 0;
    if (is_masked) {
        std::memcpy(&key, payload.data() - kKeySize, kKeySize);
    }
    if (is_text) {
        if (payload.size() > kWholeTextMax) {
            return {};
        }
        if (is_masked) {
            apply_mask(payload, key);
        }
        if (!is_utf8(payload)) {
            apply_mask(payload, key);  // as it was; a key of zeros changes nothing
            return {};
        }
    }
    in = in.subspan(frame.header + frame.payload);
    note_activity();
    stats.bytes_received += frame.header + frame.payload;
    ++stats.frames_received;
    ++stats.messages_received;
    if (!is_text && is_masked) {  // last: little has to be kept beyond the call
        apply_mask(payload, key);
    }
    return {payload.data(), payload.size()};
}

// read_binary: what there is of the payload. No rule is left to break.
Connection::Impl::Piece Connection::Impl::read_binary(MutableBytes& in) noexcept {
    const FrameHeader& header = decoder.header();
    const std::uint64_t missing = header.payload_size - payload_read;
    const MutableBytes piece =
        take(in, static_cast<std::size_t>(std::min<std::uint64_t>(missing, in.size())));
    note_activity();
    if (header.masked) {
        apply_mask(piece, header.key, payload_read);
    }
    payload_read += piece.size();
    is_in_payload = piece.size() < missing;
    return {piece.data(), piece.size()};
}

// find_path: what next() can do without looking at anything else but `in`. An observer sees all go
// by steps.
Connection::Impl::Path Connection::Impl::find_path() const noexcept {
    if (state != State::open || opened_is_pending || compressed_has_ended || client_handshake ||
        server_handshake || options.observer != nullptr) {
        return Path::steps;
    }
    if (is_in_payload) {
        if (is_compressed || is_control(decoder.header().opcode)) {
            return Path::steps;
        }
        return received_type == MessageType::binary ? Path::binary : Path::text;
    }
    const bool is_at_rest = !progress.is_open && decoder.is_between_headers();
    return is_at_rest && options.limits.fragments != 0 ? Path::whole : Path::steps;
}

// next: events are made where they are returned, never copied: what was written in parts and is
// copied as a whole at once takes a processor as long as all the rest.
std::optional<Event> Connection::next(MutableBytes& in) noexcept {
    if (impl_->path == Impl::Path::whole && !in.empty()) {
        const auto type = static_cast<MessageType>(std::to_integer<std::uint8_t>(in[0]) & 0xFU);
        if (const Impl::Piece payload = impl_->read_whole(in); payload.data != nullptr) {
            return MessageData{type, true, true, {payload.data, payload.size}};
        }
    }
    return guarded([&] { return impl_->next(in); },
                   [&] {
                       static_cast<void>(impl_->run_out_of_memory());
                       return impl_->pending_event();
                   });
}

std::optional<Event> Connection::Impl::next(MutableBytes& in) {
    if (path == Path::steps) {
        return next_on_path(in);
    }
    if (in.empty()) {
        return std::nullopt;
    }
    if (path == Path::text) {
        return next_in_text(in);
    }
    if (path == Path::binary) {
        const Piece piece = read_binary(in);
        const bool is_first = is_first_piece;
        const bool is_last = !is_in_payload && decoder.header().fin;
        is_first_piece = false;
        stats.messages_received += is_last ? 1 : 0;
        path = is_in_payload ? Path::binary : find_path();
        return MessageData{MessageType::binary, is_first, is_last, {piece.data, piece.size}};
    }
    return next_on_path(in);
}

// next_on_path goes by steps, and finds where that led.
std::optional<Event> Connection::Impl::next_on_path(MutableBytes& in) {
    path = Path::steps;
    auto event = next_by_steps(in);
    path = find_path();
    return event;
}

std::optional<Event> Connection::Impl::next_in_text(MutableBytes& in) {
    path = Path::steps;
    note_activity();
    auto event = read_data(in);
    if (!event) {  // the first byte offends
        event = read_frames(in);
    }
    path = find_path();
    return event;
}

}  // namespace wsproof
