// The allocations of the test program: counted, and made to fail.
#pragma once

#include <cstddef>

namespace wsproof::test {

// allocations_made: with operator new, since the start of the program.
[[nodiscard]] std::size_t allocations_made() noexcept;
// memory_held: allocations that have not been given back.
[[nodiscard]] std::size_t memory_held() noexcept;

// FailingAllocation lets one allocation in its scope fail: the first after `passing` others.
class FailingAllocation {
  public:
    explicit FailingAllocation(std::size_t passing) noexcept;
    FailingAllocation(const FailingAllocation&) = delete;
    FailingAllocation& operator=(const FailingAllocation&) = delete;
    ~FailingAllocation();
    [[nodiscard]] bool has_failed() const noexcept;
};

}  // namespace wsproof::test
