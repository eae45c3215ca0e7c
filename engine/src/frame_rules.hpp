// What a frame header must satisfy, RFC 6455 §5.1 to §5.5: one function per rule. No rule touches a
// buffer or a state machine; each answers the error that its violation is.
#pragma once

#include <cstdint>
#include <wsproof/error.hpp>
#include <wsproof/frame.hpp>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

namespace wsproof {

// MessageProgress is what the frames so far say about the message being received.
struct MessageProgress {
    bool is_open = false;         // a data frame without FIN came
    bool is_compressed = false;   // RFC 7692 §6: its first frame has RSV1
    std::uint32_t fragments = 0;  // frames of it so far
    std::uint64_t size = 0;       // payload bytes its headers have announced, unless compressed
};

// Extended says what an extension gives the reserved bits to mean.
enum class Extended : std::uint8_t {
    no,
    deflate,  // RSV1 of a message's first frame: it is compressed, RFC 7692 §6
};

// Rules on the first two bytes of a header, in the order of the RFC.
[[nodiscard]] Error check_mask(const FrameHeader& header, Role receiver) noexcept;  // §5.1
[[nodiscard]] Error check_reserved_bits(const FrameHeader& header,
                                        Extended extended) noexcept;   // §5.2
[[nodiscard]] Error check_opcode(const FrameHeader& header) noexcept;  // §5.2
[[nodiscard]] Error check_sequence(const FrameHeader& header,
                                   const MessageProgress& message) noexcept;  // §5.4
[[nodiscard]] Error check_control(const FrameHeader& header) noexcept;        // §5.5
[[nodiscard]] Error check_close_size(const FrameHeader& header) noexcept;     // §5.5.1
[[nodiscard]] Error check_fragments(const FrameHeader& header, const MessageProgress& message,
                                    const Limits& limits) noexcept;  // §10.4

// Rules that need the whole length.
[[nodiscard]] Error check_length_form(const FrameHeader& header) noexcept;  // §5.2
[[nodiscard]] Error check_frame_size(const FrameHeader& header,
                                     const Limits& limits) noexcept;  // §10.4
[[nodiscard]] Error check_message_size(const FrameHeader& header, const MessageProgress& message,
                                       const Limits& limits) noexcept;  // §10.4

// check_first_two and check_length apply all rules of their group and answer the first violation.
[[nodiscard]] Error check_first_two(const FrameHeader& header, Role receiver, Extended extended,
                                    const MessageProgress& message, const Limits& limits) noexcept;
[[nodiscard]] Error check_length(const FrameHeader& header, const MessageProgress& message,
                                 const Limits& limits) noexcept;

// advance counts a frame that passed the rules.
[[nodiscard]] MessageProgress advance(MessageProgress message, const FrameHeader& header) noexcept;

}  // namespace wsproof
