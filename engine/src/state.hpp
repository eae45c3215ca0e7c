// The states of a connection and what moves it between them. The table is in state.cpp; it does not
// know our role, so that it cannot favour one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <wsproof/types.hpp>

namespace wsproof {

// Signal is something that happened to the connection, whoever caused it.
enum class Signal : std::uint8_t {
    opened,      // RFC 6455 §4.1: the opening handshake is complete
    refused,     // RFC 6455 §4.2.2: the answer to the handshake is not 101
    sent_close,  // RFC 6455 §7.1.2: our Close is queued; nothing of ours follows it
    got_close,   // RFC 6455 §5.5.1: the peer's Close arrived
    failed,      // RFC 6455 §7.1.7: we fail the connection
    timed_out,   // Timers::close passed
    eof,         // the transport ended
};

inline constexpr std::size_t kStateCount = static_cast<std::size_t>(State::closed) + 1;
inline constexpr std::size_t kSignalCount = static_cast<std::size_t>(Signal::eof) + 1;

struct Transition {
    State from;
    Signal signal;
    State to;
    std::string_view citation;  // "RFC 6455 §7.1.3"
};

// transitions is the table, in the order in which a connection lives.
[[nodiscard]] std::span<const Transition> transitions() noexcept;

// next_state: nullopt if `signal` cannot happen in `from`.
[[nodiscard]] std::optional<State> next_state(State from, Signal signal) noexcept;

[[nodiscard]] std::string_view name(State state) noexcept;
[[nodiscard]] std::string_view name(Signal signal) noexcept;

}  // namespace wsproof
