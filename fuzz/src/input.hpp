// Input reads the choices of a fuzz target off the front of its bytes. Every input is one: what is
// missing at the end reads as zero.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>
#include <wsproof/types.hpp>

namespace wsproof::fuzz {

using Buffer = std::vector<std::byte>;

class Input {
  public:
    explicit Input(Bytes bytes) noexcept : rest_(bytes) {}
    Input(const std::uint8_t* data, std::size_t size) noexcept
        : rest_(std::as_bytes(std::span(data, size))) {}

    [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }
    [[nodiscard]] std::uint8_t byte() noexcept {
        if (rest_.empty()) {
            return 0;
        }
        const auto value = std::to_integer<std::uint8_t>(rest_.front());
        rest_ = rest_.subspan(1);
        return value;
    }
    [[nodiscard]] bool flag() noexcept { return (byte() & 1U) != 0; }
    // number: `size` bytes, the highest first.
    [[nodiscard]] std::uint64_t number(std::size_t size) noexcept {
        std::uint64_t value = 0;
        for (; size > 0; --size) {
            value = value << 8 | byte();
        }
        return value;
    }
    // below: less than `bound`, which is at most 256.
    [[nodiscard]] std::size_t below(std::size_t bound) noexcept { return byte() % bound; }
    [[nodiscard]] Bytes take(std::size_t size) noexcept {
        const Bytes taken = rest_.first(std::min(size, rest_.size()));
        rest_ = rest_.subspan(taken.size());
        return taken;
    }
    [[nodiscard]] Bytes rest() noexcept { return take(rest_.size()); }
    [[nodiscard]] Bytes peek() const noexcept { return rest_; }

  private:
    Bytes rest_;
};

// text shows bytes as characters; nothing is copied.
[[nodiscard]] inline std::string_view text(Bytes bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Draws is a small stable generator, for what a target derives from a byte of its input.
class Draws {
  public:
    explicit Draws(std::uint64_t seed) noexcept : state_(seed) {}
    [[nodiscard]] std::uint64_t next() noexcept {  // splitmix64
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t value = state_;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9U;
        value = (value ^ value >> 27) * 0x94D049BB133111EBU;
        return value ^ value >> 31;
    }
    [[nodiscard]] std::size_t below(std::size_t bound) noexcept {
        return static_cast<std::size_t>(next() % bound);
    }
    [[nodiscard]] bool one_in(std::size_t count) noexcept { return below(count) == 0; }

  private:
    std::uint64_t state_;
};

}  // namespace wsproof::fuzz
