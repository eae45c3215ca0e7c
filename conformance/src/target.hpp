// The server under test: what its URL and the options say.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <wsproof/net/stream.hpp>

#include "scenario.hpp"

namespace wsproof::conformance {

// Probe is a question and its answer, of a server that does not echo. In the reply `*` stands for
// any bytes and `?` for any one.
struct Probe {
    std::string request;
    std::string reply;
};

struct Target {
    std::string url;
    std::string host;  // without brackets
    std::uint16_t port = 80;
    std::string resource = "/";  // path and query: the request target
    std::string host_field;      // the Host field: with the port unless it is the default
    bool is_secure = false;      // wss
    std::shared_ptr<const net::TlsContext> tls;  // of wss, once it is made
    std::vector<net::Endpoint> endpoints;
    std::vector<std::pair<std::string, std::string>> fields;  // -H
    std::string origin;
    std::vector<std::string> subprotocols;
    std::vector<Step> prologue{};  // on each connection, once it is open
    std::optional<Probe> probe{};

    [[nodiscard]] bool is_loopback() const noexcept;
};

struct ParsedTarget {
    Target target;
    std::string error;  // for people; empty if it is a URL that can be tested
};

// parse_target reads a ws or wss URI (RFC 6455 §3). It resolves nothing.
[[nodiscard]] ParsedTarget parse_target(std::string_view url);

// certificate_advice names the options that help where a certificate was refused for this reason.
[[nodiscard]] std::string certificate_advice(std::string_view reason);

// tls_failure says for people why `stream`, whose TLS handshake ended so, has no TLS.
[[nodiscard]] std::string tls_failure(const net::Stream& stream, net::Status status);

}  // namespace wsproof::conformance
