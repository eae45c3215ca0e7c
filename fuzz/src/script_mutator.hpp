// Changes scripts operation by operation, so that most of what comes out goes deep: handshakes are
// right, masks and lengths fit, streams inflate. Then, sometimes, one thing is damaged.
#pragma once

#include <cstddef>
#include <cstdint>

#include "script.hpp"

namespace wsproof::fuzz {

void mutate(Script& script, Draws& draws);
// cross begins like one script and goes on like the other, or deals them out in turn.
[[nodiscard]] Script cross(const Script& first, const Script& second, Draws& draws);

// mutate_bytes changes `size` bytes of `data` in place, where `size_max` fit, by the fuzzing
// engine's own mutations if it has any. Returns the new size.
std::size_t mutate_bytes(std::uint8_t* data, std::size_t size, std::size_t size_max, Draws& draws);

}  // namespace wsproof::fuzz
