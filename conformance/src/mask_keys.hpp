// Judges whether the mask keys of a client could be guessed (RFC 6455 §5.3, §10.3). One key says
// nothing, and a zero key is as good as another: what is looked for are sequences that chance does
// not make.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>

#include "wire/frame_writer.hpp"

namespace wsproof::conformance {

class MaskKeys {
  public:
    void add(const wire::Key& key);
    // pattern says what makes the keys seen so far predictable; empty if nothing does. Every test
    // is one that random keys pass but for one run in 10^9.
    [[nodiscard]] std::string pattern() const;
    // repetition is the part of it that asks for no order: that keys come again.
    [[nodiscard]] std::string repetition() const;

  private:
    // Sequence follows the keys as numbers in one byte order.
    struct Sequence {
        std::uint32_t last = 0;
        std::uint32_t step = 0;      // from the key before the last to the last
        std::uint32_t previous = 0;  // the step before that
        bool is_linear = true;       // k' = a k + c (mod 2^32): counters and bad generators
        void add(std::uint32_t key, std::size_t before);
    };

    std::size_t count_ = 0;
    std::unordered_set<std::uint32_t> distinct_;
    Sequence big_{};
    Sequence little_{};
};

}  // namespace wsproof::conformance
