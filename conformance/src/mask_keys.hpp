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
    // is one that random keys pass but for one connection in 10^9.
    [[nodiscard]] std::string pattern() const;
    // weakness: that a part of each key is known. The rest may well be random, so that nobody can
    // tell the whole.
    [[nodiscard]] std::string weakness() const;
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

    // Relations follows how each key differs from the one before: a key of which the next is made
    // by a fixed rule (its complement, its octets in reverse) is not random, though it looks it.
    struct Relations {
        std::size_t reordered = 0;  // keys that hold the octets of the one before in any order
        std::unordered_set<std::uint32_t> steps{};     // by subtraction
        std::unordered_set<std::uint32_t> switched{};  // bits, by XOR
        void add(std::uint32_t key, std::uint32_t before);
    };

    [[nodiscard]] std::string relation() const;
    [[nodiscard]] std::size_t fixed_bits() const;

    std::size_t count_ = 0;
    std::unordered_set<std::uint32_t> distinct_;
    std::uint32_t ever_set_ = 0;
    std::uint32_t always_set_ = 0xFFFFFFFF;
    Relations relations_{};
    Sequence big_{};
    Sequence little_{};
};

}  // namespace wsproof::conformance
