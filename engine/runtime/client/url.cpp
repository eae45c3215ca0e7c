#include "url.hpp"

#include <charconv>

namespace wsproof::runtime {

namespace {

// take_scheme removes it; schemes are not case-sensitive (RFC 3986 §3.1).
bool take_scheme(std::string_view& text, bool& is_secure) {
    const std::size_t end = text.find("://");
    if (end == std::string_view::npos) {
        return false;
    }
    std::string scheme(text.substr(0, end));
    for (char& c : scheme) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    }
    is_secure = scheme == "wss";
    text.remove_prefix(end + 3);
    return is_secure || scheme == "ws";
}

bool read_port(std::string_view text, std::uint16_t& port) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port != 0;
}

// split_authority: "host", "host:80", "[::1]:80"; an empty port is the default (RFC 3986 §3.2.3).
bool split_authority(std::string_view authority, Url& url) {
    std::string_view port;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) {
            return false;
        }
        url.host = authority.substr(1, end - 1);
        port = authority.substr(end + 1);
    } else {
        const std::size_t colon = authority.find(':');
        url.host = authority.substr(0, colon);
        port = colon == std::string_view::npos ? std::string_view{} : authority.substr(colon);
    }
    if (url.host.empty() || (!port.empty() && port.front() != ':')) {
        return false;
    }
    return port.size() <= 1 || read_port(port.substr(1), url.port);
}

}  // namespace

std::optional<Url> parse_url(std::string_view text, std::string& error) {
    const std::string quoted = '"' + std::string(text) + '"';
    Url url;
    if (!take_scheme(text, url.is_secure)) {
        error = quoted + ": a URL begins with ws:// or wss://";
        return std::nullopt;
    }
    if (text.find('#') != std::string_view::npos) {
        error = quoted + ": a WebSocket URL has no fragment (RFC 6455 §3): write %23 for #";
        return std::nullopt;
    }
    const std::size_t end = text.find_first_of("/?");
    const std::string_view authority = text.substr(0, end);
    if (authority.find('@') != std::string_view::npos) {
        error = quoted +
                ": a WebSocket URL has no user name (RFC 6455 §3): send an Authorization field";
        return std::nullopt;
    }
    const std::uint16_t default_port = url.is_secure ? 443 : 80;
    url.port = default_port;
    if (!split_authority(authority, url)) {
        error = quoted + ": no host, or a port that is none";
        return std::nullopt;
    }
    url.target = end == std::string_view::npos ? "" : text.substr(end);
    if (!url.target.starts_with('/')) {
        url.target.insert(0, "/");
    }
    const bool is_ipv6 = url.host.find(':') != std::string::npos;
    url.host_field = is_ipv6 ? '[' + url.host + ']' : url.host;
    if (url.port != default_port) {
        url.host_field += ':' + std::to_string(url.port);
    }
    return url;
}

}  // namespace wsproof::runtime
