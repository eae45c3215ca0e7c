#include "uri.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "http_grammar.hpp"

namespace wsproof {
namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr bool is_hex(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

constexpr bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// RFC 3986 §2.2, §2.3: unreserved and sub-delims.
constexpr std::array<bool, 256> name_chars() noexcept {
    std::array<bool, 256> is_name{};
    for (std::size_t i = 0; i < is_name.size(); ++i) {
        const char c = static_cast<char>(i);
        constexpr std::string_view kMarks = "-._~!$&'()*+,;=";
        is_name[i] = is_letter(c) || is_digit(c) || kMarks.find(c) != std::string_view::npos;
    }
    return is_name;
}

constexpr std::array<bool, 256> kIsNameChar = name_chars();

constexpr bool is_name_char(char c) noexcept {
    return kIsNameChar[static_cast<unsigned char>(c)];
}

bool is_port(std::string_view text) noexcept {
    constexpr int kPortMax = 65535;
    int port = 0;
    for (const char c : text) {
        if (!is_digit(c)) {
            return false;
        }
        port = port * 10 + (c - '0');
        if (port > kPortMax) {
            return false;
        }
    }
    return true;  // RFC 3986 §3.2.3: it may be empty after the colon
}

bool is_registered_name(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (text.size() - i < 3 || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) {
                return false;
            }
            i += 2;
        } else if (!is_name_char(text[i])) {
            return false;
        }
    }
    return !text.empty();
}

// What stands in the brackets of an IP literal, by its alphabet: the resolver knows the rest.
bool is_ip_literal(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(),
                                        [](char c) { return is_name_char(c) || c == ':'; });
}

// is_path: visible, and without a fragment (RFC 3986 §3.5).
bool is_path(std::string_view text) noexcept {
    return is_visible(text) && text.find('#') == std::string_view::npos;
}

}  // namespace

bool is_authority(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos || !is_ip_literal(text.substr(1, end - 1))) {
            return false;
        }
        const std::string_view rest = text.substr(end + 1);
        return rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1)));
    }
    const std::size_t colon = text.find(':');
    return is_registered_name(text.substr(0, colon)) &&
           (colon == std::string_view::npos || is_port(text.substr(colon + 1)));
}

bool is_resource_name(std::string_view text) noexcept {
    return text.starts_with('/') && is_path(text);
}

AbsoluteUri split_absolute_uri(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 4> kSchemes = {"http", "https", "ws", "wss"};
    const std::size_t colon = text.find("://");
    const bool is_known =
        colon != std::string_view::npos &&
        std::any_of(kSchemes.begin(), kSchemes.end(), [&](std::string_view scheme) {
            return equals_ignoring_case(text.substr(0, colon), scheme);
        });
    if (!is_known) {
        return {};
    }
    const std::string_view rest = text.substr(colon + 3);
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    const AbsoluteUri uri{rest.substr(0, end), rest.substr(end)};
    const bool is_good = is_authority(uri.authority) && is_path(uri.path_and_query);
    return is_good ? uri : AbsoluteUri{};
}

}  // namespace wsproof
