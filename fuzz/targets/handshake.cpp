// Invariant: a handshake opens a connection if and only if it satisfies RFC 6455 §4; no argument or
// peer makes an endpoint say what is malformed; both ends read the same in it.
#include "handshake_checks.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    wsproof::fuzz::Input input(data, size);
    switch (input.below(4)) {
        case 0:
            wsproof::fuzz::check_server(input);
            return 0;
        case 1:
            wsproof::fuzz::check_request(input);
            return 0;
        case 2:
            wsproof::fuzz::check_response(input);
            return 0;
        default:
            wsproof::fuzz::check_variation(input);
            return 0;
    }
}
