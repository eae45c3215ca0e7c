// ws and wss URLs, RFC 6455 §3.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wsproof::runtime {

struct Url {
    bool is_secure = false;
    std::string host;  // without brackets
    std::uint16_t port = 80;
    std::string host_field;  // with the port unless it is the default
    std::string target;      // path and query: the resource name
};

// parse_url splits what has the form of one; the engine judges the characters. On nullopt `error`
// says why.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text, std::string& error);

}  // namespace wsproof::runtime
