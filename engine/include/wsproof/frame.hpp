// Frame headers of RFC 6455 §5.2: encode and decode, pure functions without policy. A header that
// breaks a rule can be written and read back; what is allowed is for the rules to say.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <wsproof/types.hpp>

namespace wsproof {

// Opcode is the four bits of RFC 6455 §5.2. Every value up to 15 is representable.
enum class Opcode : std::uint8_t {
    continuation = 0x0,
    text = 0x1,
    binary = 0x2,
    close = 0x8,
    ping = 0x9,
    pong = 0xA,
};

using MaskKey = std::array<std::byte, 4>;

inline constexpr std::uint8_t kCompressedBit =
    4;  // RSV1 in FrameHeader::reserved_bits, RFC 7692 §6

inline constexpr std::size_t kHeaderSizeMax = 14;         // bytes
inline constexpr std::uint64_t kControlPayloadMax = 125;  // RFC 6455 §5.5, bytes

// LengthForm is how the payload's length is written. The shortest possible is the only legal one.
enum class LengthForm : std::uint8_t {
    bits_7,
    bits_16,
    bits_64,
};

struct FrameHeader {
    bool fin = true;
    std::uint8_t reserved_bits = 0;  // RSV1 is 4, RSV2 is 2, RSV3 is 1
    Opcode opcode = Opcode::text;
    bool masked = false;
    LengthForm length_form = LengthForm::bits_7;
    MaskKey key{};                   // meaningful if masked
    std::uint64_t payload_size = 0;  // bytes

    friend bool operator==(const FrameHeader&, const FrameHeader&) = default;
};

// is_control: opcodes 8 to 15 (RFC 6455 §5.5), reserved ones included.
[[nodiscard]] constexpr bool is_control(Opcode opcode) noexcept {
    return (static_cast<std::uint8_t>(opcode) & 0x8U) != 0;
}

// shortest_form is the one legal LengthForm for `payload_size`.
[[nodiscard]] constexpr LengthForm shortest_form(std::uint64_t payload_size) noexcept {
    if (payload_size <= 125) {
        return LengthForm::bits_7;
    }
    return payload_size <= UINT16_MAX ? LengthForm::bits_16 : LengthForm::bits_64;
}

// length_end is where the length ends: 2, 4 or 10 bytes from the start of the frame.
[[nodiscard]] constexpr std::size_t length_end(LengthForm form) noexcept {
    if (form == LengthForm::bits_7) {
        return 2;
    }
    return form == LengthForm::bits_16 ? 4 : 10;
}

// header_size is the size on the wire, the key included: 2 to 14 bytes.
[[nodiscard]] constexpr std::size_t header_size(const FrameHeader& header) noexcept {
    return length_end(header.length_form) + (header.masked ? 4 : 0);
}

// encode writes `header` to the front of `out` and returns its size. A payload_size that does not
// fit length_form loses its upper bits.
std::size_t encode(const FrameHeader& header, std::span<std::byte, kHeaderSizeMax> out) noexcept;

// decode reads the header at the front of `bytes`; nullopt if they end within it. The payload
// starts header_size() bytes on.
[[nodiscard]] std::optional<FrameHeader> decode(Bytes bytes) noexcept;

}  // namespace wsproof
