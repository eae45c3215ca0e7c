// Grammar that the handshakes share (RFC 9110 §5.6, which RFC 2616 §2.2 said before).
#pragma once

#include <cstddef>
#include <string_view>

namespace wsproof {

// token_size: how many bytes at the front of `text` are a token's.
[[nodiscard]] std::size_t token_size(std::string_view text) noexcept;

[[nodiscard]] inline bool is_token(std::string_view text) noexcept {
    return !text.empty() && token_size(text) == text.size();
}

// is_field_value: no control characters but HTAB; obs-text passes.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;

// is_visible: ASCII without controls and blanks.
[[nodiscard]] bool is_visible(std::string_view text) noexcept;

// trim takes SP and HTAB off both ends.
[[nodiscard]] inline std::string_view trim(std::string_view text) noexcept {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

// equals_ignoring_case folds A-Z with a-z and nothing else (RFC 6455 §2.1).
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

// next_list_element takes the first element of a comma-separated list off `list`, trimmed and
// possibly empty. Not for lists whose elements may hold quoted strings.
[[nodiscard]] std::string_view next_list_element(std::string_view& list) noexcept;

}  // namespace wsproof
