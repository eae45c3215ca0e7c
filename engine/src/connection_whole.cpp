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
// The first byte of a message in one frame: FIN and the opcode.
constexpr std::byte kWholeText{0x81};
constexpr std::byte kWholeBinary{0x82};
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

// find_longer: the same where the length takes two or eight bytes more.
Connection::Impl::WholeFrame Connection::Impl::find_longer(MutableBytes in,
                                                           std::size_t key_size) const noexcept {
    const std::size_t field = (std::to_integer<unsigned>(in[1]) & 0x7FU) == 126 ? 2 : 8;
    const std::size_t header = 2 + field + key_size;
    if (in.size() < header) {
        return {};
    }
    const std::uint64_t size = big_endian(in.subspan(2, field));
    if (size <= (field == 2 ? 125U : 0xFFFFU)) {
        return {};  // not the shortest form
    }
    const bool is_takeable = size <= in.size() - header && size <= whole_size_max;
    return is_takeable ? WholeFrame{in.data() + header, static_cast<std::size_t>(size)}
                       : WholeFrame{};
}

// find_whole: the payload of the frame at the front of `in`, if it is a message in one frame that
// breaks no rule but those of text; nullptr if not.
inline Connection::Impl::WholeFrame Connection::Impl::find_whole(MutableBytes in) const noexcept {
    const std::size_t key_size = role == Role::server ? kKeySize : 0;  // RFC 6455 §5.1
    const std::size_t header = 2 + key_size;
    if (in.size() < header) {
        return {};
    }
    if (in[0] != kWholeText && in[0] != kWholeBinary) {
        return {};
    }
    const unsigned mask_bit = key_size != 0 ? 0x80 : 0;
    const std::size_t size = std::to_integer<unsigned>(in[1]) ^ mask_bit;
    if (size > 125) {
        return size > 127 ? WholeFrame{} : find_longer(in, key_size);
    }
    const bool is_takeable = size <= in.size() - header && size <= whole_size_max;
    return is_takeable ? WholeFrame{in.data() + header, size} : WholeFrame{};
}

inline void Connection::Impl::unmask_whole(WholeFrame frame) const noexcept {
    if (role == Role::server) {
        std::uint32_t key = 0;
        std::memcpy(&key, frame.payload - kKeySize, kKeySize);
        apply_mask({frame.payload, frame.size}, key);
    }
}

// read_whole_text unmasks text. If it is not valid, everything is as it was.
inline bool Connection::Impl::read_whole_text(WholeFrame frame) const noexcept {
    if (frame.size > kWholeTextMax) {
        return false;
    }
    unmask_whole(frame);
    if (is_utf8({frame.payload, frame.size})) {
        return true;
    }
    unmask_whole(frame);
    return false;
}

inline void Connection::Impl::take_whole(MutableBytes& in, WholeFrame frame) noexcept {
    std::byte* const end = frame.payload + frame.size;
    const auto size = static_cast<std::size_t>(end - in.data());
    in = {end, in.size() - size};
    note_activity();
    stats.bytes_received += size;
    ++stats.frames_received;
    ++stats.messages_received;
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
    if (impl_->path == Impl::Path::whole) {
        const Impl::WholeFrame frame = impl_->find_whole(in);
        const bool is_text = frame.payload != nullptr && in[0] != kWholeBinary;
        if (frame.payload != nullptr && (!is_text || impl_->read_whole_text(frame))) {
            impl_->take_whole(in, frame);
            std::optional<Event> event(std::in_place, std::in_place_type<MessageData>,
                                       is_text ? MessageType::text : MessageType::binary, true,
                                       true, Bytes(frame.payload, frame.size));
            if (!is_text) {
                impl_->unmask_whole(frame);  // last: little has to be kept beyond the call
            }
            return event;
        }
    }
    return impl_->next_guarded(in);
}

std::optional<Event> Connection::Impl::next_guarded(MutableBytes& in) noexcept {
    return guarded([&] { return next(in); },
                   [&] {
                       static_cast<void>(run_out_of_memory());
                       return pending_event();
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
