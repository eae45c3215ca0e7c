// Invariant: what one engine sends the other accepts and delivers, in order, whatever the channel
// does to the stream's pieces; if it spoils bytes or ends, both ends learn that it is over.
#include "pair_player.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    wsproof::fuzz::Input input(data, size);
    wsproof::fuzz::PairPlayer(input).run();
    return 0;
}
