// Payload recipes (scenarios/LANGUAGE.md) and the seeds behind them.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "scenario.hpp"
#include "wire/frame_writer.hpp"

namespace wsproof::conformance {

// BadRecipe says why a payload cannot be made.
class BadRecipe : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Random is a stable generator (splitmix64): the same seed gives the same bytes for ever, on every
// machine.
class Random {
  public:
    explicit Random(std::uint64_t seed) noexcept : state_(seed) {}
    std::uint64_t next() noexcept;
    std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }

  private:
    std::uint64_t state_;
};

// seed_of mixes a seed with a name (FNV-1a, then splitmix64): of a run and a case, of a case and a
// label.
[[nodiscard]] std::uint64_t seed_of(std::uint64_t seed, std::string_view name) noexcept;

// make_payload makes the bytes of `spec` for the case of this seed. Throws BadRecipe.
[[nodiscard]] wire::ByteString make_payload(const PayloadSpec& spec, std::uint64_t case_seed);

// size_of says how many bytes the recipe makes, without making them; of what is compressed it gives
// a bound. Throws BadRecipe.
[[nodiscard]] std::uint64_t size_of(const PayloadSpec& spec);

// check_payload throws BadRecipe if the recipe cannot be made; cheap for large payloads too.
void check_payload(const PayloadSpec& spec);

// describe says what the recipe makes, in a few words: 1048576 bytes of text, seed "a".
[[nodiscard]] std::string describe(const PayloadSpec& spec);

}  // namespace wsproof::conformance
