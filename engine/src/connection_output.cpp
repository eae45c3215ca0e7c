// Output: what the owner wants to send, checked before anything is changed.
#include <wsproof/prepared_message.hpp>

#include "close.hpp"
#include "connection_impl.hpp"

namespace wsproof {

// check_sendable: data and control frames go out as long as a Close can still follow them (RFC 6455
// §5.5.1), which includes the time between the peer's Close and our answer.
Error Connection::Impl::check_sendable() const noexcept {
    if (!next_state(state, Signal::sent_close)) {
        return Error::wrong_state;
    }
    return queue.size() < options.limits.output_queue ? Error::none : Error::output_full;
}

inline Error Connection::Impl::send_short(MessageType type, Bytes payload) {
    if (type == MessageType::text && !is_utf8(payload)) {
        return Error::invalid_utf8_argument;
    }
    writer.write_short(static_cast<Opcode>(type), payload);
    ++stats.messages_sent;
    return Error::none;
}

Error Connection::send(MessageType type, const Payload& payload, SendOptions options) {
    if (!payload.borrowed_ && impl_->can_send_short(payload.bytes_.size(), options)) {
        return impl_->or_out_of_memory([&] { return impl_->send_short(type, payload.bytes_); });
    }
    const Outgoing out{payload.bytes_, payload.writable_, payload.token_, payload.borrowed_};
    return impl_->or_out_of_memory([&] { return impl_->send(type, out, options); });
}

Error Connection::Impl::send(MessageType type, const Outgoing& payload, const SendOptions& how) {
    if (const Error why = check_sendable(); why != Error::none) {
        return why;
    }
    if (message_is_open) {
        return Error::message_open;
    }
    if (how.fragment_at == 0) {
        return Error::invalid_argument;  // no number of empty frames carries it
    }
    if (type == MessageType::text && !is_utf8(payload.bytes)) {
        return Error::invalid_utf8_argument;
    }
    if (compression && compression->wants(payload.bytes.size(), how)) {
        return send_compressed(type, payload, how);
    }
    writer.write_data({static_cast<Opcode>(type)}, true, payload, how.fragment_at);
    ++stats.messages_sent;
    return Error::none;
}

Error Connection::Impl::send_compressed(MessageType type, const Outgoing& payload,
                                        const SendOptions& how) {
    const auto deflated = compression->deflate_message(payload.bytes);
    if (!deflated) {
        return run_out_of_memory();  // what the peer's inflater knows is no longer known
    }
    writer.write_data({static_cast<Opcode>(type), true}, true, {*deflated, {}, 0, false},
                      how.fragment_at);
    if (payload.is_borrowed) {
        queue.release(payload.token);
    }
    ++stats.messages_sent;
    return Error::none;
}

Error Connection::Impl::send(const PreparedMessage& message, Token token) {
    if (const Error why = check_sendable(); why != Error::none) {
        return why;
    }
    if (message_is_open) {
        return Error::message_open;
    }
    if (role == Role::client) {
        return Error::invalid_argument;  // RFC 6455 §5.1: a client's frames are masked
    }
    const auto header = decode(message.bytes());
    if (message.error() != Error::none || !header) {
        return message.error();
    }
    queue.lend(message.bytes(), token, FrameEnd::yes);
    writer.count_frame(*header);
    ++stats.messages_sent;
    return Error::none;
}

Error Connection::Impl::begin(MessageType type, const SendOptions& how) {
    if (!next_state(state, Signal::sent_close)) {
        return Error::wrong_state;
    }
    if (message_is_open) {
        return Error::message_open;
    }
    if (how.fragment_at == 0) {
        return Error::invalid_argument;
    }
    message_is_open = true;
    message_is_started = false;
    sent_type = type;
    message_is_compressed = compression != nullptr && how.compress;
    fragment_at = how.fragment_at;
    return Error::none;
}

Error Connection::Impl::append(const Outgoing& payload) {
    if (const Error why = check_sendable(); why != Error::none) {
        return why;
    }
    if (!message_is_open) {
        return Error::no_message_open;
    }
    if (sent_type == MessageType::text) {
        Utf8Validator text = sent_text;
        if (text.feed(payload.bytes) < payload.bytes.size()) {
            return Error::invalid_utf8_argument;
        }
        sent_text = text;
    }
    Outgoing piece = payload;
    if (message_is_compressed) {
        const auto deflated = compression->deflate_part(payload.bytes);
        if (!deflated) {
            return run_out_of_memory();
        }
        piece = {*deflated, {}, 0, false};
    }
    writer.write_data(next_frame(), false, piece, fragment_at);
    if (message_is_compressed && payload.is_borrowed) {
        queue.release(payload.token);
    }
    message_is_started = true;
    return Error::none;
}

// next_frame: RFC 6455 §5.4, the first has the type; RFC 7692 §6.1, and RSV1 if compressed.
FirstFrame Connection::Impl::next_frame() const noexcept {
    if (message_is_started) {
        return {Opcode::continuation};
    }
    return {static_cast<Opcode>(sent_type), message_is_compressed};
}

Error Connection::Impl::finish() {
    if (!next_state(state, Signal::sent_close)) {
        return Error::wrong_state;
    }
    if (!message_is_open) {
        return Error::no_message_open;
    }
    if (sent_type == MessageType::text && !sent_text.is_complete()) {
        return Error::invalid_utf8_argument;
    }
    if (message_is_compressed) {
        writer.write_data(next_frame(), true, {Compression::empty_block(), {}, 0, false},
                          kUnlimited);
        compression->end_sending();
    } else {
        writer.write_data(next_frame(), true, {}, kUnlimited);
    }
    ++stats.messages_sent;
    message_is_open = false;
    return Error::none;
}

Error Connection::Impl::finish(const Outgoing& payload) {
    if (const Error why = check_sendable(); why != Error::none) {
        return why;
    }
    if (!message_is_open) {
        return Error::no_message_open;
    }
    if (sent_type == MessageType::text) {
        Utf8Validator text = sent_text;
        if (text.feed(payload.bytes) < payload.bytes.size() || !text.is_complete()) {
            return Error::invalid_utf8_argument;
        }
        sent_text = text;
    }
    if (message_is_compressed) {
        const auto deflated = compression->deflate_message(payload.bytes);
        if (!deflated) {
            return run_out_of_memory();
        }
        writer.write_data(next_frame(), true, {*deflated, {}, 0, false}, fragment_at);
        if (payload.is_borrowed) {
            queue.release(payload.token);
        }
    } else {
        writer.write_data(next_frame(), true, payload, fragment_at);
    }
    ++stats.messages_sent;
    message_is_open = false;
    return Error::none;
}

Error Connection::Impl::send_control(Opcode opcode, Bytes payload) {
    if (const Error why = check_sendable(); why != Error::none) {
        return why;
    }
    if (payload.size() > kControlPayloadMax) {
        return Error::control_too_long;
    }
    writer.write_control(opcode, payload);
    return Error::none;
}

Error Connection::Impl::close(CloseCode code, std::string_view reason) {
    if (!next_state(state, Signal::sent_close)) {
        return Error::wrong_state;
    }
    const CloseBody body = make_close(code, reason);
    if (body.error != Error::none) {
        return body.error;
    }
    writer.write_control(Opcode::close, body.bytes());
    move(Signal::sent_close);
    return Error::none;
}

void Connection::Impl::consume(std::size_t size) {
    const std::size_t consumed = queue.consume(size);
    stats.bytes_sent += consumed;
    output_was_sent = now;
    if (consumed == 0 || !timers.is_running(Timer::close)) {
        return;
    }
    if (state == State::closed && queue.size() == 0) {
        timers.stop(Timer::close);
        return;
    }
    // Timers::close is for a peer that does nothing. One that still takes what was queued before
    // the Close, or the Close itself, gets the whole time to answer.
    timers.start(Timer::close, now, options.timers.close);
}

}  // namespace wsproof
