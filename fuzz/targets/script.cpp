// Invariant: whatever a peer sends and an owner does, in any order, a connection reports what the
// reference foretells, says only what is legal, takes and refuses calls as documented, gives each
// borrowed payload back once, ends once, and all that however the peer's bytes are cut.
#include "script_player.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace wsproof::fuzz;
    static_cast<void>(check_script(parse_script(Input(data, size).rest())));
    return 0;
}
