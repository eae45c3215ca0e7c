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

// all_granted is the element of an answer that grants a client all that its first element of
// permessage-deflate names (RFC 7692 §7.1); a client_max_window_bits without a value is but a hint,
// and left out. Without an offer it is the bare name.
[[nodiscard]] std::string all_granted(const Offer& offer);

}  // namespace wsproof::conformance
