// require states an invariant of a fuzz target. Unlike assert it is active in every build.
#pragma once

#include <string_view>

namespace wsproof::fuzz {

// broken prints `what` and aborts, which every fuzzing engine takes for a finding.
[[noreturn]] void broken(std::string_view what) noexcept;

inline void require(bool holds, std::string_view what) noexcept {
    if (!holds) {
        broken(what);
    }
}

}  // namespace wsproof::fuzz
