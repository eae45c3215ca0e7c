// What an opening handshake asks for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wire/extensions.hpp"

namespace wsproof::conformance {

struct Offer {
    std::string key;  // Sec-WebSocket-Key without blanks; empty if there is none or several
    std::vector<std::string> subprotocols;  // tokens
    std::vector<wire::Extension> extensions;
};

// offer_of reads from a head what it offers; from that of an answer, what it agrees to.
[[nodiscard]] Offer offer_of(std::string_view head);

}  // namespace wsproof::conformance
