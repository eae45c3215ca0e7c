// The parts of a URI that the opening handshakes carry: Host and the request target (RFC 6455 §3).
#pragma once

#include <string_view>

namespace wsproof {

// is_authority: RFC 3986 §3.2 without user information: a host that is not empty and perhaps a
// port.
[[nodiscard]] bool is_authority(std::string_view text) noexcept;

// is_resource_name: an absolute path, perhaps with a query, in visible ASCII and without "#". What
// RFC 3986 would have percent-encoded beyond that ("|", "{", …) passes: browsers send it raw.
[[nodiscard]] bool is_resource_name(std::string_view text) noexcept;

// AbsoluteUri is an http, https, ws or wss URI in two parts; both empty if it is none of these.
struct AbsoluteUri {
    std::string_view authority{};
    std::string_view path_and_query{};  // "", "/…" or "?…"
};
[[nodiscard]] AbsoluteUri split_absolute_uri(std::string_view text) noexcept;

}  // namespace wsproof
