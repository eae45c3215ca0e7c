// Counts what the program asks of malloc, libraries and operator new included.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wsproof::bench {

struct Allocations {
    std::uint64_t made_count = 0;  // since the program began
    std::int64_t held_size = 0;    // bytes that can be used, as malloc rounds them
};

[[nodiscard]] Allocations allocations() noexcept;

}  // namespace wsproof::bench
