// Invariant: called in any order, by any id, the Hub keeps its books: an error says what is wrong,
// each socket ends with one disconnect, nothing is heard of what is gone, and time passes.
#include "hub_player.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    wsproof::fuzz::Input input(data, size);
    wsproof::fuzz::HubPlayer(input).run();
    return 0;
}
