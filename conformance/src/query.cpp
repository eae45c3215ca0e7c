#include "query.hpp"

#include <algorithm>
#include <charconv>

namespace wsproof::conformance {

namespace {

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned octet = 0;
        const char* hex = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(hex, hex + 2, octet, 16).ptr == hex + 2) {
            plain += static_cast<char>(octet);
            i += 2;
        } else {
            plain += text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> query_of(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        if (pair.empty()) {
            continue;
        }
        const std::size_t equals = pair.find('=');
        pairs.emplace_back(decoded(pair.substr(0, equals)), equals == std::string_view::npos
                                                                ? ""
                                                                : decoded(pair.substr(equals + 1)));
    }
    return pairs;
}

}  // namespace wsproof::conformance
