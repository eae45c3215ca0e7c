// Delta debugging on programs: what can be left out, made smaller or plainer while the failure
// stays the same?
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "program.hpp"

namespace wsproof::netfuzz {

// smaller gives the programs that are one step simpler, the boldest steps first.
[[nodiscard]] std::vector<Program> smaller(const Program& program);

// size_of orders programs: acts, items, cuts and bytes of recipes.
[[nodiscard]] std::size_t size_of(const Program& program);

// shrink replaces the program as long as one of those that are simpler fails alike. `first_alike`
// plays some candidates and gives the index of the first that does, their number if none does; it
// is given `width` at a time. Ends when `is_over` says so.
[[nodiscard]] Program shrink(
    Program program, const std::function<std::size_t(const std::vector<Program>&)>& first_alike,
    const std::function<bool()>& is_over, std::size_t width);

}  // namespace wsproof::netfuzz
