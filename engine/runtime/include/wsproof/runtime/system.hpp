// What the engine leaves to its owner: the time, and unpredictable bytes.
#pragma once

#include <array>
#include <cstddef>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

namespace wsproof::runtime {

// now is the time by the steady clock.
[[nodiscard]] Time now() noexcept;

// SystemEntropy draws from the system, many keys at a time: a system call for each would cost more
// than the frame. For one thread.
class SystemEntropy final : public Entropy {
  public:
    void fill(MutableBytes out) noexcept override;

  private:
    std::array<std::byte, 1024> pool_;
    std::size_t used_ = sizeof pool_;  // bytes of it
};

}  // namespace wsproof::runtime
