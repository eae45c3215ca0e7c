// What preflight asks on a connection, of a server and of a client.
#pragma once

#include <vector>

#include "player.hpp"

namespace wsproof::conformance {

inline constexpr milliseconds kProbeAnswer{3'000};
inline constexpr milliseconds kProbeGreeting{100};

enum class Answer : std::uint8_t {
    none,
    damaged,  // an echo, but a bad one: enough to judge the echoes of the cases
    same,
};

// probe sends one frame, a text, binary or Ping by `opcode`, and waits for what comes back;
// messages before the answer are added to `greetings`, unless that is null.
[[nodiscard]] Answer probe(Player& player, Link& link, std::uint8_t opcode,
                           std::vector<wire::ByteString>* greetings);

// greet takes what the peer says before it is asked, at most 16 messages in all.
void greet(Player& player, Link& link, std::vector<wire::ByteString>& greetings);

}  // namespace wsproof::conformance
