// What a port speaks when it does not speak what was expected: asked to give good advice, never to
// judge.
#pragma once

#include <span>
#include <wsproof/net/socket.hpp>

namespace wsproof::conformance {

// speaks_tls: a TLS handshake is answered in kind. Takes a second at most.
[[nodiscard]] bool speaks_tls(std::span<const net::Endpoint> endpoints,
                              const net::Interrupt& interrupt);
// speaks_http: a plain request draws an HTTP answer. Takes a second at most.
[[nodiscard]] bool speaks_http(std::span<const net::Endpoint> endpoints,
                               const net::Interrupt& interrupt);

}  // namespace wsproof::conformance
