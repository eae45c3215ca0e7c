// Counts what the program asks of malloc, libraries and operator new included.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wsproof::bench {

// allocation_count is how many there have been since the program began.
[[nodiscard]] std::uint64_t allocation_count() noexcept;

// Held counts the bytes that are allocated and not freed while it lives, as malloc rounds them. One
// at a time: to ask malloc for sizes takes time, which nothing that is timed shall pay.
class Held {
  public:
    Held() noexcept;
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held();
    [[nodiscard]] std::int64_t size() const noexcept;
};

}  // namespace wsproof::bench
