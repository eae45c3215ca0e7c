// Before the first case: is anybody there, does it speak WebSocket, and what can it do? Lenient on
// purpose: a faulty server has to get as far as the cases that catch its fault.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "player.hpp"

namespace wsproof::conformance {

struct Preflight {
    std::string error;  // for people: what was tried, what came, what to do; empty if the target
                        // can be tested
    std::vector<std::pair<std::string, std::string>> facts;
    bool many_connections = true;  // a second one opens while the first is held
};

// preflight fills in what `stage` knows of the target. Bounded to some 15 s. Throws Interrupted.
[[nodiscard]] Preflight preflight(Stage& stage);
// preflight_client does so for a client: it asks for several visits, of one that connects by itself
// for two.
[[nodiscard]] Preflight preflight_client(Stage& stage);

}  // namespace wsproof::conformance
