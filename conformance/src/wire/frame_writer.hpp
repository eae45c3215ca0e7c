// Encodes frames, legal or not. Independent of the engine on purpose: the engine is also a target.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace wsproof::conformance::wire {

using ByteString = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;
using Key = std::array<std::byte, 4>;

enum class LengthForm : std::uint8_t {
    minimal,
    bits16,  // 126 and two bytes
    bits64,  // 127 and eight bytes
};

// RawFrame is every field of RFC 6455 §5.2 as it shall stand on the wire; none is corrected.
struct RawFrame {
    bool fin = true;
    std::uint8_t rsv = 0;  // 4 = RSV1, 2 = RSV2, 1 = RSV3
    std::uint8_t opcode = 1;
    std::optional<Key> key{};  // nullopt: mask bit 0, payload in clear
    LengthForm length = LengthForm::minimal;
    std::optional<std::uint64_t> declared{};  // nullopt: the payload's size
    ByteView payload{};
};

// append_frame appends the encoding of `frame` to `out`.
void append_frame(ByteString& out, const RawFrame& frame);

// mask XORs `data` with `key`, whose first octet belongs to data[-offset] (RFC 6455 §5.3).
void mask(std::span<std::byte> data, const Key& key, std::uint64_t offset) noexcept;

}  // namespace wsproof::conformance::wire
