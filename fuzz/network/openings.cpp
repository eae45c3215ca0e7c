#include "openings.hpp"

#include <array>

namespace wsproof::netfuzz {

Opening agree_on_deflate(Random& random) {
    constexpr std::array<const char*, 14> kOffers = {
        "permessage-deflate",
        "permessage-deflate",
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=9",
        "permessage-deflate; client_max_window_bits=15",
        "permessage-deflate; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; server_max_window_bits=9",
        "permessage-deflate; server_max_window_bits=10; server_no_context_takeover",
        "permessage-deflate; server_max_window_bits=12; client_max_window_bits=12",
        "permessage-deflate; client_max_window_bits; server_no_context_takeover",
        "permessage-deflate; server_max_window_bits=15",
    };
    return {.name = "deflate", .step = {{"deflate", one_of(random, kOffers)}}, .deflates = true};
}

Opening some_opening(Random& random, const Setting& setting, bool may_offend) {
    if (setting.deflates && chance(random, 4)) {
        return agree_on_deflate(random);
    }
    if (!chance(random, 4)) {
        return {};
    }
    const bool is_server = setting.peer == conformance::Role::server;
    if (may_offend && chance(random, 2)) {
        return is_server ? faulty_request(random) : faulty_answer(random);
    }
    return is_server ? odd_request(random) : odd_answer(random);
}

}  // namespace wsproof::netfuzz
