// What the engine leaves to its owner: the time, and unpredictable bytes.
#pragma once

#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

namespace wsproof::runtime {

// now is the time by the steady clock.
[[nodiscard]] Time now() noexcept;

// SystemEntropy draws from libcrypto's generator, many keys at a time: a call for each would cost
// more than the frame. Each thread draws for itself, and so does a child after fork().
class SystemEntropy final : public Entropy {
  public:
    void fill(MutableBytes out) noexcept override;
};

}  // namespace wsproof::runtime
