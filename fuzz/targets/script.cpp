// Invariant: whatever a peer sends and an owner does, in any order, a connection reports what the
// reference foretells, says only what is legal, takes and refuses calls as documented, gives each
// borrowed payload back once, ends once, and all that however the peer's bytes are cut.
#include <algorithm>

#include "script_mutator.hpp"
#include "script_player.hpp"

using namespace wsproof::fuzz;

namespace {

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

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static_cast<void>(check_script(load(data, size)));
    return 0;
}

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
                                                 std::size_t size_max, unsigned seed) {
    Draws draws(seed);
    return store(cross(load(first, first_size), load(second, second_size), draws), out, size_max);
}
