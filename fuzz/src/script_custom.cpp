// The custom mutator and crossover of the targets whose input is a script.
#include <algorithm>

#include "script_mutator.hpp"

namespace {

using namespace wsproof::fuzz;

constexpr std::size_t kRawLane = 16;  // one mutation in so many is of bytes

std::size_t store(const Script& script, std::uint8_t* out, std::size_t size_max) {
    const Buffer bytes = write_script(script, size_max);
    std::transform(bytes.begin(), bytes.end(), out,
                   [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
    return bytes.size();
}

Script load(const std::uint8_t* data, std::size_t size) {
    return parse_script(std::as_bytes(std::span(data, size)));
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned seed);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned seed) {
    Draws draws(seed);
    if (draws.one_in(kRawLane)) {
        return mutate_bytes(data, size, size_max, draws);
    }
    Script script = load(data, size);
    mutate(script, draws);
    return store(script, data, size_max);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size,
                                                 const std::uint8_t* second,
                                                 std::size_t second_size, std::uint8_t* out,
                                                 std::size_t size_max, unsigned seed);
extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size,
                                                 const std::uint8_t* second,
                                                 std::size_t second_size, std::uint8_t* out,
                                                 std::size_t size_max, unsigned seed) {
    Draws draws(seed);
    return store(cross(load(first, first_size), load(second, second_size), draws), out, size_max);
}
