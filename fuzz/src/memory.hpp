// What a target takes from operator new (the engine's zlib included), counted in every build.
#pragma once

#include <cstddef>

namespace wsproof::fuzz {

// Memory measures from its construction on; one at a time.
class Memory {
  public:
    Memory() noexcept;
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

    [[nodiscard]] std::size_t peak() const noexcept;   // most bytes held at once
    [[nodiscard]] std::size_t held() const noexcept;   // bytes
    [[nodiscard]] std::size_t count() const noexcept;  // allocations made
};

}  // namespace wsproof::fuzz
