// What a case demands of its target, beside what it says in `needs`.
#pragma once

#include <string>
#include <vector>

#include "player.hpp"

namespace wsproof::conformance {

// why_unplayable says why the case cannot be judged with this target; empty if it can. `unmet` are
// the needs that the target does not meet, `many` that it takes more than one connection at a time.
[[nodiscard]] std::string why_unplayable(const Case& played, const Stage& stage,
                                         const std::vector<std::string>& unmet, bool many);

}  // namespace wsproof::conformance
