// Invariant: whatever bytes a connection gets, how they are cut changes nothing; it reports what a
// slow reference of RFC 6455 §5 foretells; what it says is legal; work and memory have bounds.
#include "connection_checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace wsproof::fuzz;
    Input input(data, size);
    check_connection(input);
    return 0;
}
