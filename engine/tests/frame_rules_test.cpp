// Each rule alone, without a connection.
#include "frame_rules.hpp"

#include <catch2/catch.hpp>

namespace wsproof {
namespace {

constexpr MessageProgress kOpen{.is_open = true, .fragments = 1, .size = 10};

FrameHeader header(Opcode opcode, std::uint64_t size = 0) {
    return {.opcode = opcode, .length_form = shortest_form(size), .payload_size = size};
}

TEST_CASE("rules: §5.1, who masks") {
    FrameHeader frame = header(Opcode::text);
    CHECK(check_mask(frame, Role::client) == Error::none);
    CHECK(check_mask(frame, Role::server) == Error::missing_mask);
    frame.masked = true;
    CHECK(check_mask(frame, Role::client) == Error::unexpected_mask);
    CHECK(check_mask(frame, Role::server) == Error::none);
}

TEST_CASE("rules: §5.2, reserved bits") {
    for (std::uint8_t bits = 0; bits < 8; ++bits) {
        FrameHeader frame = header(Opcode::ping);
        frame.reserved_bits = bits;
        CHECK(check_reserved_bits(frame, Extended::no) ==
              (bits == 0 ? Error::none : Error::reserved_bits));
    }
}

TEST_CASE("rules: §5.2, opcodes") {
    for (std::uint8_t value = 0; value < 16; ++value) {
        const bool is_known = value <= 2 || (value >= 8 && value <= 10);
        CHECK(check_opcode(header(static_cast<Opcode>(value))) ==
              (is_known ? Error::none : Error::reserved_opcode));
        CHECK(is_control(static_cast<Opcode>(value)) == (value >= 8));
    }
}

TEST_CASE("rules: §5.4, what may follow what") {
    CHECK(check_sequence(header(Opcode::text), {}) == Error::none);
    CHECK(check_sequence(header(Opcode::continuation), {}) == Error::orphan_continuation);
    CHECK(check_sequence(header(Opcode::continuation), kOpen) == Error::none);
    CHECK(check_sequence(header(Opcode::text), kOpen) == Error::interrupted_message);
    CHECK(check_sequence(header(Opcode::binary), kOpen) == Error::interrupted_message);
    CHECK(check_sequence(header(Opcode::ping), kOpen) == Error::none);
    CHECK(check_sequence(header(Opcode::ping), {}) == Error::none);
}

TEST_CASE("rules: §5.5, control frames are short and whole") {
    CHECK(check_control(header(Opcode::ping, 125)) == Error::none);
    CHECK(check_control(header(Opcode::ping, 126)) == Error::long_control);
    FrameHeader frame = header(Opcode::close);
    frame.fin = false;
    CHECK(check_control(frame) == Error::fragmented_control);
    frame.opcode = Opcode::text;
    CHECK(check_control(frame) == Error::none);
    CHECK(check_control(header(Opcode::binary, 126)) == Error::none);
}

TEST_CASE("rules: §5.5.1, a Close of one byte") {
    CHECK(check_close_size(header(Opcode::close, 0)) == Error::none);
    CHECK(check_close_size(header(Opcode::close, 1)) == Error::one_byte_close);
    CHECK(check_close_size(header(Opcode::close, 2)) == Error::none);
    CHECK(check_close_size(header(Opcode::ping, 1)) == Error::none);
}

TEST_CASE("rules: §5.2, the shortest form of the length") {
    const auto check = [](LengthForm form, std::uint64_t size) {
        return check_length_form({.length_form = form, .payload_size = size});
    };
    CHECK(check(LengthForm::bits_7, 125) == Error::none);
    CHECK(check(LengthForm::bits_16, 125) == Error::length_not_minimal);
    CHECK(check(LengthForm::bits_16, 126) == Error::none);
    CHECK(check(LengthForm::bits_16, 65535) == Error::none);
    CHECK(check(LengthForm::bits_64, 0) == Error::length_not_minimal);
    CHECK(check(LengthForm::bits_64, 65535) == Error::length_not_minimal);
    CHECK(check(LengthForm::bits_64, 65536) == Error::none);
    CHECK(check(LengthForm::bits_64, UINT64_MAX / 2) == Error::none);
    CHECK(check(LengthForm::bits_64, UINT64_MAX / 2 + 1) == Error::length_msb_set);
}

TEST_CASE("rules: §10.4, the size of a frame, where zero means zero") {
    CHECK(check_frame_size(header(Opcode::text, 7), {.frame = 7}) == Error::none);
    CHECK(check_frame_size(header(Opcode::text, 8), {.frame = 7}) == Error::frame_too_big);
    CHECK(check_frame_size(header(Opcode::text, 0), {.frame = 0}) == Error::none);
    CHECK(check_frame_size(header(Opcode::text, 1), {.frame = 0}) == Error::frame_too_big);
    CHECK(check_frame_size(header(Opcode::ping, 125), {.frame = 0}) == Error::none);
    CHECK(check_frame_size(header(Opcode::text, UINT64_MAX / 2), {.frame = kUnlimited}) ==
          Error::none);
}

TEST_CASE("rules: §10.4, the size of a message counts all its frames") {
    CHECK(check_message_size(header(Opcode::continuation, 5), kOpen, {.message = 15}) ==
          Error::none);
    CHECK(check_message_size(header(Opcode::continuation, 6), kOpen, {.message = 15}) ==
          Error::message_too_big);
    CHECK(check_message_size(header(Opcode::text, UINT64_MAX / 2), {}, {.message = 15}) ==
          Error::message_too_big);
    CHECK(check_message_size(header(Opcode::ping, 125), kOpen, {.message = 10}) == Error::none);
}

TEST_CASE("rules: §10.4, the number of fragments, empty ones too") {
    CHECK(check_fragments(header(Opcode::continuation), kOpen, {.fragments = 2}) == Error::none);
    CHECK(check_fragments(header(Opcode::continuation), kOpen, {.fragments = 1}) ==
          Error::too_many_fragments);
    CHECK(check_fragments(header(Opcode::ping), kOpen, {.fragments = 1}) == Error::none);
    CHECK(check_fragments(header(Opcode::text), {}, {.fragments = 0}) == Error::too_many_fragments);
}

TEST_CASE("rules: several violations at once are told in the order of the RFC") {
    FrameHeader frame{.fin = false,
                      .reserved_bits = 1,
                      .opcode = static_cast<Opcode>(11),
                      .length_form = LengthForm::bits_64};
    CHECK(check_first_two(frame, Role::server, Extended::no, {}, {}) == Error::missing_mask);
    CHECK(check_first_two(frame, Role::client, Extended::no, {}, {}) == Error::reserved_bits);
    frame.reserved_bits = 0;
    CHECK(check_first_two(frame, Role::client, Extended::no, {}, {}) == Error::reserved_opcode);
    frame.opcode = Opcode::ping;
    CHECK(check_first_two(frame, Role::client, Extended::no, {}, {}) == Error::fragmented_control);
    frame.fin = true;
    CHECK(check_first_two(frame, Role::client, Extended::no, {}, {}) == Error::long_control);
    CHECK(check_length(frame, {}, {}) == Error::length_not_minimal);
    CHECK(check_first_two(header(Opcode::text, 5), Role::client, Extended::no, {}, {}) ==
          Error::none);
    CHECK(check_length(header(Opcode::text, 5), {}, {}) == Error::none);
}

TEST_CASE("rules: progress of a message") {
    FrameHeader frame = header(Opcode::text, 5);
    frame.fin = false;
    MessageProgress message = advance({}, frame);
    CHECK(message.is_open);
    CHECK(message.fragments == 1);
    CHECK(message.size == 5);
    message = advance(message, header(Opcode::ping, 9));
    CHECK(message.size == 5);
    CHECK(message.fragments == 1);
    frame = header(Opcode::continuation, 3);
    frame.fin = false;
    message = advance(message, frame);
    CHECK(message.size == 8);
    CHECK(message.fragments == 2);
    message = advance(message, header(Opcode::continuation, 3));
    CHECK_FALSE(message.is_open);
    CHECK(message.size == 0);
}

}  // namespace
}  // namespace wsproof
