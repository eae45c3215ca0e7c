#include "target.hpp"

#include <algorithm>
#include <charconv>

namespace wsproof::conformance {

namespace {

constexpr std::string_view kPlain = "ws://";
constexpr std::string_view kSecure = "wss://";

// split_port: "host", "host:80", "[::1]:80". Empty on success, else the reason.
std::string split_port(std::string_view authority, Target& target) {
    std::string_view port;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) {
            return "an IPv6 address needs its closing bracket";
        }
        target.host = authority.substr(1, end - 1);
        const std::string_view rest = authority.substr(end + 1);
        if (!rest.empty() && rest.front() != ':') {
            return "after the bracket a colon and a port are wanted";
        }
        port = rest.empty() ? rest : rest.substr(1);
    } else {
        const std::size_t colon = authority.find(':');
        target.host = authority.substr(0, colon);
        port = colon == std::string_view::npos ? std::string_view{} : authority.substr(colon + 1);
    }
    if (target.host.empty()) {
        return "the host is missing";
    }
    if (!port.empty()) {
        unsigned number = 0;
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (error != std::errc{} || end != port.data() + port.size() || number == 0 ||
            number > 65535) {
            return "\"" + std::string(port) + "\" is not a port: 1 to 65535";
        }
        target.port = static_cast<std::uint16_t>(number);
    }
    return {};
}

}  // namespace

bool Target::is_loopback() const noexcept {
    return std::all_of(endpoints.begin(), endpoints.end(),
                       [](const auto& endpoint) { return endpoint.is_loopback(); });
}

ParsedTarget parse_target(std::string_view url) {
    ParsedTarget parsed;
    Target& target = parsed.target;
    target.url = url;
    target.is_secure = url.starts_with(kSecure);
    if (!target.is_secure && !url.starts_with(kPlain)) {
        parsed.error = "a URL begins with ws:// or wss://, as in ws://127.0.0.1:9001/";
        return parsed;
    }
    url.remove_prefix(target.is_secure ? kSecure.size() : kPlain.size());
    const std::uint16_t default_port = target.is_secure ? 443 : 80;
    target.port = default_port;
    if (url.find('#') != std::string_view::npos) {
        parsed.error = "a ws URL has no fragment (RFC 6455 §3): write %23 for #";
        return parsed;
    }
    const bool is_plain = std::all_of(url.begin(), url.end(), [](char c) {
        return c > ' ' && static_cast<unsigned char>(c) < 0x7F;
    });
    if (!is_plain) {
        parsed.error =
            "blanks, control and non-ASCII characters in a URL have to be percent-encoded";
        return parsed;
    }
    const std::size_t end = url.find_first_of("/?");
    const std::string_view authority = url.substr(0, end);
    if (authority.find('@') != std::string_view::npos) {
        parsed.error =
            "user and password do not belong in a ws URL; use -H 'Authorization: Basic …'";
        return parsed;
    }
    parsed.error = split_port(authority, target);
    if (end != std::string_view::npos) {
        target.resource = (url[end] == '?' ? "/" : "") + std::string(url.substr(end));
    }
    const bool is_ipv6 = target.host.find(':') != std::string::npos;
    target.host_field = is_ipv6 ? "[" + target.host + "]" : target.host;
    if (target.port != default_port) {
        target.host_field += ":" + std::to_string(target.port);
    }
    return parsed;
}

std::string certificate_advice(std::string_view reason) {
    const bool is_unknown = reason.find("expired") == std::string_view::npos &&
                            reason.find("mismatch") == std::string_view::npos;
    return is_unknown ? "--ca FILE trusts it, --insecure skips the check"
                      : "--insecure skips the check";
}

std::string tls_failure(const net::Stream& stream, net::Status status) {
    std::string why =
        stream.tls_error().empty() ? std::string(net::name(status)) : stream.tls_error();
    if (stream.tls_fault() == net::TlsFault::certificate) {
        why += "; " + certificate_advice(why);
    }
    return why;
}

}  // namespace wsproof::conformance
