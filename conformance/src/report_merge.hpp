// Reports of parts of a run, put together.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "report_stored.hpp"

namespace wsproof::conformance {

// Unmergeable says why reports do not belong together, for people.
struct Unmergeable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// merge gives the run of which `parts` (at least one) are shards or selections, its cases in the
// order of the library. Times add up. A shard that is missing makes a run that ended early. Throws
// Unmergeable if two hold the same case, or differ in role, tool, seed or target; `target`, if not
// empty, is then the name of all.
[[nodiscard]] StoredRun merge(std::vector<StoredRun> parts, const std::string& target = {});

}  // namespace wsproof::conformance
