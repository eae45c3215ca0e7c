// The negotiation of permessage-deflate, RFC 7692 §5 and §7.1.
#pragma once

#include <optional>
#include <string>
#include <vector>
#include <wsproof/error.hpp>
#include <wsproof/options.hpp>

#include "extensions.hpp"

namespace wsproof {

// make_deflate_offer is what a client's Sec-WebSocket-Extensions offers.
[[nodiscard]] std::string make_deflate_offer(const Deflate& deflate);

// choose_deflate is what a server agrees to: the first of the offers that is valid (RFC 7692 §5.1);
// nullopt if none is. The others are declined (§7).
struct DeflateAgreement {
    DeflateParameters parameters{};
    std::string response{};  // the value of Sec-WebSocket-Extensions
};
[[nodiscard]] std::optional<DeflateAgreement> choose_deflate(const std::vector<Extension>& offers,
                                                             const Deflate& deflate);

// judge_deflate is what a client makes of the server's answer to its offer. bad_extension: it
// answers something else (§5.1, §7), and the connection fails.
struct DeflateAnswer {
    Error error = Error::none;
    std::optional<DeflateParameters> parameters{};  // nullopt: declined
};
[[nodiscard]] DeflateAnswer judge_deflate(const std::vector<Extension>& answer,
                                          const Deflate& deflate);

}  // namespace wsproof
