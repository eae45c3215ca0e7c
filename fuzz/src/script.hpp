// A script is a program of operations on one connection: what its peer sends, frame by frame, and
// what its owner does. Any bytes are a script; ScriptMutator changes them operation by operation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>
#include <wsproof/types.hpp>

#include "input.hpp"

namespace wsproof::fuzz {

enum class OpKind : std::uint8_t {
    frame,       // a: opcode (FrameChoice), fragment; b: damage; data: payload
    message,     // a: type, fragments, pings between; b: size; data: filling
    compressed,  // a: how to cut and end; b: damage; data: a recipe (deflate_stream.hpp)
    close,       // a, b: code; data: reason
    handshake,   // a: variations; b: damage; data: a field
    raw,         // data: bytes
    repeat,      // a: how often the last bytes come again
    cut,         // a: how what follows is cut
    tick,        // a: milliseconds, or to the deadline
    end_of_input,
    take_output,  // a: how much, and how
    decide,       // a: how an UpgradeRequest is answered; data: a field
    send,         // a: type, ownership; b: size of fragments; data: filling
    parts,        // a: begin, append, finish; data: filling
    control,      // a: ping or pong; data: payload
    say_close,    // a, b: code; data: reason
    abort,        // a, b: code
    prepared,     // a: type; data: filling
    echo,         // a: whether messages are sent back
    move,         // the connection goes to another place
};
inline constexpr std::size_t kOpKindCount = 20;

struct Op {
    OpKind kind = OpKind::frame;
    std::uint8_t a = 0;
    std::uint8_t b = 0;
    Buffer data{};
};

inline constexpr std::size_t kScriptHead = 5;  // bytes: role and manners, then a setting
inline constexpr std::size_t kOpsMax = 64;
inline constexpr std::size_t kOpDataMax = 400;  // bytes

struct Script {
    Buffer head{};  // kScriptHead bytes
    std::vector<Op> ops{};
};

[[nodiscard]] Script parse_script(Bytes bytes);
// write_script is the inverse as far as `size_max` bytes hold whole operations.
[[nodiscard]] Buffer write_script(const Script& script, std::size_t size_max);

// damage_of: most values of a byte damage nothing; 1 to 8 are kinds of damage.
[[nodiscard]] constexpr unsigned damage_of(std::uint8_t b) noexcept {
    return b >= 248 ? b - 247U : 0;
}
inline constexpr std::uint8_t kDamageFirst = 248;

// fill makes `size` bytes of `data`, over and over; `as_text` makes valid UTF-8 of it, of at least
// so many bytes.
[[nodiscard]] Buffer fill(Bytes data, std::size_t size, bool as_text);
// size_of is one of the sizes at which frames and messages change; large ones for few choices.
[[nodiscard]] std::size_t size_of(std::uint8_t choice) noexcept;

}  // namespace wsproof::fuzz
