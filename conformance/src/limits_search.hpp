// Finds the largest number that somebody takes, by asking: doubling, bisection, and a second look.
// Pure: whom it asks is not its business.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace wsproof::conformance {

enum class Reply : std::uint8_t {
    taken,
    refused,
    unknown,  // the time is up: the search ends with what it has
};

// Bound is what a search found.
struct Bound {
    std::optional<std::uint64_t> taken{};    // the largest that was taken
    std::optional<std::uint64_t> refused{};  // the smallest that was refused
    bool is_complete = true;                 // the time was enough
    bool is_steady = true;                   // asked again, both got the same answer

    // is_exact: nothing is between the two.
    [[nodiscard]] bool is_exact() const noexcept {
        return is_complete && refused && (!taken || *refused == *taken + 1);
    }

    friend bool operator==(const Bound&, const Bound&) = default;
};

// search asks `probe` of numbers from `first` to `last`, both at least 1. It assumes that what is
// above a refused number is refused too. A limit of 2^n or 2^n - 1, with a `first` that is a power
// of two, takes few questions; any other about twice its binary logarithm.
[[nodiscard]] Bound search(const std::function<Reply(std::uint64_t)>& probe, std::uint64_t first,
                           std::uint64_t last);

}  // namespace wsproof::conformance
