// Payload recipes of the scenario language, drawn at random: what echo servers get wrong.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "payload.hpp"
#include "program.hpp"

namespace wsproof::netfuzz {

using conformance::Random;

// chance is true once in `n` times.
[[nodiscard]] inline bool chance(Random& random, std::uint64_t n) {
    return random.below(n) == 0;
}

template <typename List>
[[nodiscard]] const auto& one_of(Random& random, const List& list) {
    return list[random.below(std::size(list))];
}

[[nodiscard]] std::string hex_of(const std::string& bytes);
[[nodiscard]] std::string random_bytes(Random& random, std::uint64_t size);
// code_points is valid UTF-8 of `count` characters, those at the edges of every width among them.
[[nodiscard]] std::string code_points(Random& random, std::uint64_t count);

// A size that buffers and length forms have edges at; above 4096 bytes rarely.
[[nodiscard]] std::uint64_t some_size(Random& random);
[[nodiscard]] Json text_payload(Random& random);
[[nodiscard]] Json binary_payload(Random& random);
// control_payload is of 125 bytes at most.
[[nodiscard]] Json control_payload(Random& random);
// invalid_text is no UTF-8, by one sequence of bytes in it or at its end.
[[nodiscard]] std::string invalid_text(Random& random);

}  // namespace wsproof::netfuzz
