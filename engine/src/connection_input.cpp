// Input: bytes -> frame -> rule -> state -> event. A header is judged as soon as enough of it is
// there, a payload as it comes, so that nothing is awaited or kept on behalf of a frame that breaks
// a rule, and what is reported does not depend on how the stream is cut.
#include <algorithm>
#include <cstring>
#include <optional>

#include "close.hpp"
#include "connection_impl.hpp"
#include "mask.hpp"

namespace wsproof {

std::optional<Event> Connection::Impl::next_by_steps(MutableBytes& in) {
    if (compressed_has_ended) {
        compressed_has_ended = false;
        compression->end_message();
    }
    if (has_pending_event()) {
        return pending_event();
    }
    if (state == State::connecting) {
        return read_handshake(in);
    }
    return read_open(in);
}

std::optional<Event> Connection::Impl::read_open(MutableBytes& in) {
    client_handshake.reset();  // the views in the event that ended it are dead by now
    server_handshake.reset();
    return read_frames(in);
}

bool Connection::Impl::has_pending_event() const noexcept {
    return opened_is_pending || failed_is_pending ||
           (state == State::closed && !closed_is_reported);
}

std::optional<Event> Connection::Impl::pending_event() noexcept {
    if (opened_is_pending) {
        opened_is_pending = false;
        // Made in its place: a copy would wait for what has just been written.
        return std::optional<Event>(std::in_place, std::in_place_type<Opened>,
                                    server_handshake->subprotocol(), server_handshake->deflate(),
                                    std::span<const Field>{});
    }
    if (failed_is_pending) {
        const Failed event = *failed_is_pending;
        failed_is_pending.reset();
        return event;
    }
    if (state == State::closed && !closed_is_reported) {
        closed_is_reported = true;
        return Closed{is_clean, peer_close_code, error};
    }
    return std::nullopt;
}

// read_frames answers with what the frames in `in` tell or, when they are at an end, with what else
// there is to report.
std::optional<Event> Connection::Impl::read_frames(MutableBytes& in) {
    if (!in.empty()) {
        note_activity();
    }
    const auto listens = [this] { return state == State::open || state == State::closing_local; };
    while (listens()) {
        if (!is_in_payload && !read_header(in)) {
            break;
        }
        auto event = is_control(decoder.header().opcode) ? read_control(in)
                     : is_compressed                     ? read_compressed(in)
                                                         : read_data(in);
        if (event) {
            return event;
        }
        if (is_in_payload && listens()) {
            return pending_event();  // the rest has not arrived
        }
    }
    // RFC 6455 §7.1.7 and §1.4: what comes after a failure or the peer's Close is not looked at.
    if (!listens()) {
        static_cast<void>(take(in, in.size()));
    }
    return pending_event();
}

// read_header: whether the next header is complete and good.
bool Connection::Impl::read_header(MutableBytes& in) {
    const std::size_t size_before = in.size();
    const FrameDecoder::Known known = decoder.read(in);
    stats.bytes_received += size_before - in.size();
    if (known == FrameDecoder::Known::nothing) {
        return false;
    }
    const FrameHeader& header = decoder.header();
    frame_begin = stats.bytes_received - decoder.bytes_read();
    const Extended extended = compression ? Extended::deflate : Extended::no;
    if (const Error why = check_first_two(header, role, extended, progress, options.limits);
        why != Error::none) {
        fail(why, frame_begin + 2);
        return false;
    }
    if (known == FrameDecoder::Known::first_two) {
        return false;
    }
    if (const Error why = check_length(header, progress, options.limits); why != Error::none) {
        fail(why, frame_begin + length_end(header.length_form));
        return false;
    }
    if (known != FrameDecoder::Known::everything) {
        return false;
    }
    ++stats.frames_received;
    if (options.observer != nullptr) {
        options.observer->received(header);
    }
    if (header.opcode == Opcode::text || header.opcode == Opcode::binary) {
        received_type = static_cast<MessageType>(header.opcode);
        is_first_piece = true;
        is_compressed = header.reserved_bits != 0;
        if (is_compressed) {
            compression->start_message();
        }
    }
    progress = advance(progress, header);
    is_in_payload = true;
    payload_read = 0;
    unmasked_ahead = 0;
    return true;
}

MutableBytes Connection::Impl::take(MutableBytes& in, std::size_t size) noexcept {
    const MutableBytes taken = in.first(size);
    in = in.subspan(size);
    stats.bytes_received += size;
    return taken;
}

// read_data answers with what there is of the payload, in place. Empty pieces are not events unless
// they end a message.
std::optional<Event> Connection::Impl::read_data(MutableBytes& in) {
    const FrameHeader& header = decoder.header();
    const std::uint64_t missing = header.payload_size - payload_read;
    MutableBytes piece =
        take(in, static_cast<std::size_t>(std::min<std::uint64_t>(missing, in.size())));
    std::size_t valid = piece.size();
    if (received_type == MessageType::text) {
        valid = unmask_text(piece);
    } else if (header.masked) {
        apply_mask(piece, header.key, payload_read);
    }
    payload_read += piece.size();
    is_in_payload = payload_read < header.payload_size;
    return deliver(piece, valid, header.fin && !is_in_payload);
}

// unmask_text unmasks and validates in blocks that the first-level cache keeps from the one to the
// other. The result is how many bytes are valid as far as they go; those behind stay masked.
std::size_t Connection::Impl::unmask_text(MutableBytes piece) noexcept {
    constexpr std::size_t kBlock = std::size_t{16} << 10;  // bytes
    const FrameHeader& header = decoder.header();
    std::size_t done = 0;
    while (done < piece.size()) {
        const MutableBytes block = piece.subspan(done, std::min(kBlock, piece.size() - done));
        if (header.masked) {
            apply_mask(block, header.key, payload_read + done);
        }
        const std::size_t valid = received_text.feed(block);
        done += valid;
        if (valid < block.size()) {
            break;
        }
    }
    return done;
}

// read_compressed answers with what the payload inflates to, as much as the chunk holds. Compressed
// bytes that are not needed for that stay in `in`, already unmasked.
std::optional<Event> Connection::Impl::read_compressed(MutableBytes& in) {
    const FrameHeader& header = decoder.header();
    const std::uint64_t missing = header.payload_size - payload_read;
    const MutableBytes piece =
        in.first(static_cast<std::size_t>(std::min<std::uint64_t>(missing, in.size())));
    if (header.masked && piece.size() > unmasked_ahead) {
        apply_mask(piece.subspan(unmasked_ahead), header.key, payload_read + unmasked_ahead);
    }
    unmasked_ahead = std::max(unmasked_ahead, piece.size());
    const bool is_whole = piece.size() == missing;
    const auto inflated = compression->inflate(piece, header.fin && is_whole);
    static_cast<void>(take(in, inflated.consumed));
    payload_read += inflated.consumed;
    unmasked_ahead -= inflated.consumed;
    if (inflated.error == Error::out_of_memory) {
        static_cast<void>(run_out_of_memory());
        return std::nullopt;
    }
    is_in_payload = !is_whole || !inflated.is_done;
    const bool is_last = header.fin && !is_in_payload;
    compressed_has_ended = is_last;
    const std::size_t valid = received_type == MessageType::text
                                  ? received_text.feed(inflated.bytes)
                                  : inflated.bytes.size();
    auto event = deliver(inflated.bytes, valid, is_last && inflated.error == Error::none);
    if (inflated.error != Error::none) {
        fail(inflated.error, payload_begin());  // unless the text offended before
    }
    return event;
}

// deliver: empty pieces are not events unless they end a message. `valid` is how much of the piece
// is UTF-8, if it is text.
std::optional<Event> Connection::Impl::deliver(Bytes piece, std::size_t valid, bool is_last) {
    if (received_type == MessageType::text) {
        valid = valid_prefix(piece, valid, is_last);
        if (state == State::draining) {
            piece = piece.first(valid);
            is_last = false;
        }
    }
    if (piece.empty() && !is_last) {
        return std::nullopt;
    }
    const bool is_first = is_first_piece;
    is_first_piece = false;
    stats.messages_received += is_last ? 1 : 0;
    return MessageData{received_type, is_first, is_last, piece};
}

// valid_prefix is how much of a piece of text can be delivered. If that is not all, the connection
// has failed: RFC 6455 §8.1. A text that ends within a code point offends with its last byte.
std::size_t Connection::Impl::valid_prefix(Bytes piece, std::size_t valid, bool is_last) {
    if (valid < piece.size()) {
        fail(Error::invalid_utf8,
             is_compressed ? payload_begin() : stats.bytes_received - piece.size() + valid + 1);
        return valid;
    }
    if (is_last && !received_text.is_complete()) {
        if (is_compressed) {  // its last byte may have come out long before its end was known
            fail(Error::invalid_utf8, payload_begin());
            return piece.size();
        }
        fail(Error::invalid_utf8, stats.bytes_received);
        return piece.empty() ? 0 : piece.size() - 1;
    }
    return valid;
}

// read_control_payload: the whole payload, unmasked, in place if it came whole; nullopt before
// that.
std::optional<MutableBytes> Connection::Impl::read_control_payload(MutableBytes& in) {
    const FrameHeader& header = decoder.header();
    const auto size = static_cast<std::size_t>(header.payload_size);  // check_control: at most 125
    MutableBytes payload;
    if (payload_read == 0 && in.size() >= size) {
        payload = take(in, size);
    } else {
        if (!control_payload) {
            control_payload = std::make_unique<ControlPayload>();
        }
        const auto missing = size - static_cast<std::size_t>(payload_read);
        const Bytes part = take(in, std::min(missing, in.size()));
        std::copy(part.begin(), part.end(),
                  control_payload->begin() + static_cast<std::ptrdiff_t>(payload_read));
        payload_read += part.size();
        if (payload_read < size) {
            return std::nullopt;
        }
        payload = MutableBytes(*control_payload).first(size);
    }
    if (header.masked) {
        apply_mask(payload, header.key, 0);
    }
    is_in_payload = false;
    return payload;
}

std::optional<Event> Connection::Impl::read_control(MutableBytes& in) {
    const auto payload = read_control_payload(in);
    if (!payload) {
        return std::nullopt;
    }
    if (decoder.header().opcode == Opcode::close) {
        return receive_close(*payload);
    }
    if (decoder.header().opcode == Opcode::pong) {
        return Pong{*payload};  // RFC 6455 §5.5.3: unasked or not, it needs no answer
    }
    if (options.automation.pong && state == State::open) {  // RFC 6455 §5.5.1: none after our Close
        writer.write_control(Opcode::pong, *payload);
    }
    return Ping{*payload};
}

std::optional<Event> Connection::Impl::receive_close(Bytes body) {
    const ParsedClose close = parse_close(body);
    if (close.error != Error::none) {
        fail(close.error, stats.bytes_received);
        return std::nullopt;
    }
    peer_close_code = close.code;
    move(Signal::got_close);
    if (state == State::closing_remote && options.automation.close) {
        // RFC 6455 §5.5.1: a Close is answered with a Close, and typically with the same code.
        writer.write_control(Opcode::close, make_close(close.code, {}).bytes());
        move(Signal::sent_close);
    }
    return CloseReceived{close.code, close.reason};
}

}  // namespace wsproof
