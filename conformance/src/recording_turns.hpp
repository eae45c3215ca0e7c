// The turns of a recorded dialogue: what the client said without waiting for more, and what the
// server said then.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "recording.hpp"

namespace wsproof::conformance {

struct Turn {
    std::vector<const Said*> said{};     // by the client, a Close of its own last
    std::vector<const Said*> pongs{};    // that answered Pings in `said`
    std::vector<const Said*> answers{};  // messages of the server
    const Said* closed = nullptr;        // the server's Close, behind them
    bool is_pushed = false;              // the server had said more than it was asked by then
    double asked_ms = 0;                 // when the client had said this
};

// turns_of sorts what was said. A Pong goes to the turn of its Ping, since no message of the
// client's is needed for it; what the server said while the client's Close was on its way goes
// before that Close. Pongs that answer the server's Pings are left out: a player sends its own.
// They live as long as `said`.
[[nodiscard]] std::vector<Turn> turns_of(std::span<const Said> said);

}  // namespace wsproof::conformance
