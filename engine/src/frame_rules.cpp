// RFC 6455 §5.1 to §5.5, rule by rule.
#include "frame_rules.hpp"

namespace wsproof {

Error check_mask(const FrameHeader& header, Role receiver) noexcept {
    // RFC 6455 §5.1: a client masks all its frames, a server none; either way the receiver closes.
    if (receiver == Role::server) {
        return header.masked ? Error::none : Error::missing_mask;
    }
    return header.masked ? Error::unexpected_mask : Error::none;
}

Error check_reserved_bits(const FrameHeader& header, Extended extended) noexcept {
    // RFC 6455 §5.2: zero unless an extension gives them a meaning. RFC 7692 §6.1: RSV1 is neither
    // for control frames nor for the fragments after the first.
    const bool may_be_compressed =
        extended == Extended::deflate &&
        (header.opcode == Opcode::text || header.opcode == Opcode::binary);
    const unsigned meaningful = may_be_compressed ? kCompressedBit : 0U;
    return (header.reserved_bits & ~meaningful) == 0 ? Error::none : Error::reserved_bits;
}

Error check_opcode(const FrameHeader& header) noexcept {
    switch (header.opcode) {
        case Opcode::continuation:
        case Opcode::text:
        case Opcode::binary:
        case Opcode::close:
        case Opcode::ping:
        case Opcode::pong:
            return Error::none;
    }
    return Error::reserved_opcode;  // RFC 6455 §5.2: 3-7 and 11-15
}

Error check_sequence(const FrameHeader& header, const MessageProgress& message) noexcept {
    // RFC 6455 §5.4: a message's first frame has its type, the others continue it; only control
    // frames come between.
    if (is_control(header.opcode)) {
        return Error::none;
    }
    if (header.opcode == Opcode::continuation) {
        return message.is_open ? Error::none : Error::orphan_continuation;
    }
    return message.is_open ? Error::interrupted_message : Error::none;
}

Error check_control(const FrameHeader& header) noexcept {
    if (!is_control(header.opcode)) {
        return Error::none;
    }
    if (!header.fin) {
        return Error::fragmented_control;  // RFC 6455 §5.5
    }
    // RFC 6455 §5.5: at most 125 bytes, so that any longer form of the length is a violation.
    return header.length_form == LengthForm::bits_7 ? Error::none : Error::long_control;
}

Error check_close_size(const FrameHeader& header) noexcept {
    // RFC 6455 §5.5.1: a body starts with a code of two bytes.
    const bool is_one_byte = header.opcode == Opcode::close && header.payload_size == 1;
    return is_one_byte ? Error::one_byte_close : Error::none;
}

Error check_fragments(const FrameHeader& header, const MessageProgress& message,
                      const Limits& limits) noexcept {
    // Empty fragments cost the sender nothing that Limits::message would count.
    if (is_control(header.opcode) || message.fragments < limits.fragments) {
        return Error::none;
    }
    return Error::too_many_fragments;
}

Error check_length_form(const FrameHeader& header) noexcept {
    if (header.payload_size >> 63 != 0) {
        return Error::length_msb_set;  // RFC 6455 §5.2
    }
    // RFC 6455 §5.2 binds the sender to the shortest form and does not say what the receiver does.
    // We refuse longer ones: two spellings of one frame serve only those who want to be misread.
    const bool is_shortest = header.length_form == shortest_form(header.payload_size);
    return is_shortest ? Error::none : Error::length_not_minimal;
}

Error check_frame_size(const FrameHeader& header, const Limits& limits) noexcept {
    // Control frames have their own limit, and always fit the memory kept for them.
    if (is_control(header.opcode) || header.payload_size <= limits.frame) {
        return Error::none;
    }
    return Error::frame_too_big;
}

Error check_message_size(const FrameHeader& header, const MessageProgress& message,
                         const Limits& limits) noexcept {
    // Of a compressed message the size counts that it inflates to (Limits::message).
    if (is_control(header.opcode) || message.is_compressed || header.reserved_bits != 0) {
        return Error::none;
    }
    // message.size passed this check before, so that the difference cannot wrap around.
    return header.payload_size <= limits.message - message.size ? Error::none
                                                                : Error::message_too_big;
}

Error check_first_two(const FrameHeader& header, Role receiver, Extended extended,
                      const MessageProgress& message, const Limits& limits) noexcept {
    if (const Error error = check_mask(header, receiver); error != Error::none) {
        return error;
    }
    if (const Error error = check_reserved_bits(header, extended); error != Error::none) {
        return error;
    }
    if (const Error error = check_opcode(header); error != Error::none) {
        return error;
    }
    if (const Error error = check_sequence(header, message); error != Error::none) {
        return error;
    }
    if (const Error error = check_control(header); error != Error::none) {
        return error;
    }
    if (const Error error = check_close_size(header); error != Error::none) {
        return error;
    }
    return check_fragments(header, message, limits);
}

Error check_length(const FrameHeader& header, const MessageProgress& message,
                   const Limits& limits) noexcept {
    if (const Error error = check_length_form(header); error != Error::none) {
        return error;
    }
    if (const Error error = check_frame_size(header, limits); error != Error::none) {
        return error;
    }
    return check_message_size(header, message, limits);
}

MessageProgress advance(MessageProgress message, const FrameHeader& header) noexcept {
    if (is_control(header.opcode)) {
        return message;
    }
    if (header.fin) {
        return {};
    }
    message.is_compressed = message.is_compressed || header.reserved_bits != 0;
    const std::uint64_t announced = message.is_compressed ? 0 : header.payload_size;
    return {true, message.is_compressed, message.fragments + 1, message.size + announced};
}

}  // namespace wsproof
