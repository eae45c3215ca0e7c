// How an expectation that was not met leaves the play.
#pragma once

#include "player.hpp"

namespace wsproof::conformance {

struct Player::Unmet {};

}  // namespace wsproof::conformance
