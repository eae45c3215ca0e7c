// The vocabulary of the engine: bytes, time, roles and states.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace wsproof {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

// EngineClock has no now(): the engine can be told the time but cannot read it. Its epoch is the
// caller's to choose; only differences count.
struct EngineClock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<EngineClock>;
    static constexpr bool is_steady = true;  // NOLINT(readability-identifier-naming): *Clock*
};
using Time = EngineClock::time_point;
using Duration = EngineClock::duration;

enum class Role : std::uint8_t {
    client,
    server,
};

// MessageType has the values of the opcodes of RFC 6455 §5.6.
enum class MessageType : std::uint8_t {
    text = 0x1,
    binary = 0x2,
};

// State is where one endpoint stands; the transitions are the table in src/state.cpp.
enum class State : std::uint8_t {
    connecting,      // RFC 6455 §4: opening handshake in progress
    open,            // RFC 6455 §4.1: _The WebSocket Connection is Established_
    closing_local,   // RFC 6455 §7.1.3: our Close is queued or sent, the peer's has not arrived
    closing_remote,  // RFC 6455 §7.1.3: the peer's Close arrived, ours is not queued yet
    draining,        // RFC 6455 §7.1.1: nothing left to say; waiting for the transport to end
    closed,          // RFC 6455 §7.1.4: _The WebSocket Connection is Closed_
};

// Transport is what the owner of the transport must do once output() is empty. RFC 6455 §7.1.1: the
// server closes TCP first; the client waits for that, but not past Timers::close.
enum class Transport : std::uint8_t {
    keep,
    shut_down_write,
    close,
};

}  // namespace wsproof
