// What a measurement sends: megabytes of frames that repeat themselves, without megabytes of
// memory.
#pragma once

#include <cstdint>
#include <vector>

#include "wire/frame_writer.hpp"

namespace wsproof::conformance {

// Piece is `bytes` over and over, until `size` bytes of it are out.
struct Piece {
    wire::ByteString bytes;
    std::uint64_t size = 0;
};

using Script = std::vector<Piece>;

// once is a script of these bytes.
[[nodiscard]] Script once(wire::ByteString bytes);

// All are masked, as a client's frames are (RFC 6455 §5.1), with one key for the whole of a
// script; the payload is the letter w. `opcode` is 1 or 2.
//
// frame_of is one frame of so many payload bytes.
[[nodiscard]] Script frame_of(std::uint8_t opcode, std::uint64_t size);
// message_of is one message of so many payload bytes, in fragments of `fragment` bytes; two at
// least, if there are two bytes.
[[nodiscard]] Script message_of(std::uint8_t opcode, std::uint64_t size, std::uint64_t fragment);
// fragments_of is one message of so many frames. Each holds one byte; or the first one does and the
// others are empty.
[[nodiscard]] Script fragments_of(std::uint8_t opcode, std::uint64_t count, bool are_empty);
// inflating is one compressed message, in one frame, that inflates to so many bytes (RFC 7692
// §7.2): at most a thousandth of them on the wire, if there are many.
[[nodiscard]] Script inflating(std::uint8_t opcode, std::uint64_t size);
// control is one control frame.
[[nodiscard]] wire::ByteString control(std::uint8_t opcode, wire::ByteView payload);

// size_of counts the bytes on the wire.
[[nodiscard]] std::uint64_t size_of(const Script& script) noexcept;

}  // namespace wsproof::conformance
