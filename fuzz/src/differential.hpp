// Another implementation reads the same frames: what it delivers, whether it refuses, with which
// close code. One that follows the RFC differs only where the RFC lets it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>
#include <wsproof/error.hpp>
#include <wsproof/types.hpp>

#include "input.hpp"
#include "script.hpp"

namespace wsproof::fuzz {

struct Delivered {
    std::uint8_t opcode = 0;  // text, binary, ping or pong
    Buffer payload{};
    friend bool operator==(const Delivered&, const Delivered&) = default;
};

// Opinion is what an implementation makes of a stream of frames.
struct Opinion {
    std::vector<Delivered> delivered{};
    bool is_refused = false;         // it failed the connection
    std::uint16_t refused_with = 0;  // the code of its Close
    bool is_closed = false;          // the peer's Close was accepted
    std::uint16_t closed_with = 0;   // 1005: it had no code
    Error error = Error::none;       // of the engine: why it refused
};

inline constexpr std::uint64_t kDifferentialLimit = 1U << 17;  // bytes of a message, for both

// frames_of makes a stream out of those operations of a script that a peer performs on frames.
[[nodiscard]] Buffer frames_of(const Script& script, Role receiver);

// ask_engine feeds the stream to an open connection of the engine, without extensions.
[[nodiscard]] Opinion ask_engine(Role role, Bytes stream);

// Other is another implementation, and what it is known to do otherwise.
struct Other {
    Opinion (*ask)(Role, Bytes);
    bool (*is_known_difference)(const Opinion& engine, const Opinion& other);
};

// is_new_code: one that IANA has registered after RFC 6455 (1012 and 1013 in 2012, 1014 in 2016).
[[nodiscard]] constexpr bool is_new_code(std::uint16_t code) noexcept {
    return code >= 1012 && code <= 1014;
}

// compare requires that both opinions are the same, but for known differences. The engine judges a
// header before it is there as a whole; where the stream ends too early for the other, it gets some
// more bytes.
void compare(Role role, Bytes stream, const Other& other);

}  // namespace wsproof::fuzz
