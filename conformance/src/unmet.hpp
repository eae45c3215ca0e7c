// How an expectation that was not met leaves the play.
#pragma once

#include "player.hpp"

namespace wsproof::conformance {

struct Player::Unmet {};

// Unsupported: the peer declines what the case is about, which it may.
struct Player::Unsupported {
    std::string reason;
};

}  // namespace wsproof::conformance
