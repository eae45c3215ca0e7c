// What holds of opening handshakes (RFC 6455 §4), whoever sends what.
#pragma once

#include "input.hpp"

namespace wsproof::fuzz {

// check_server feeds any bytes to a server: what it opens for is an upgrade as the judge reads it,
// and an embedder's own HTTP server would have answered the same.
void check_server(Input& input);
// check_request makes a request of any arguments: it is refused, or a server reads it as meant.
void check_request(Input& input);
// check_response feeds any bytes to a client, with "\1" in the place of the right accept key.
void check_response(Input& input);
// check_variation: legal requests are accepted; with one thing damaged, no longer.
void check_variation(Input& input);

}  // namespace wsproof::fuzz
