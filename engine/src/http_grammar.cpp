#include "http_grammar.hpp"

#include <algorithm>

#include "http_scan.hpp"

namespace wsproof {
namespace {

constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::uint64_t to_lower(std::uint64_t word) noexcept {
    return word | within(word, 'A', 'Z') >> 2;
}

constexpr bool are_alike(std::uint64_t a, std::uint64_t b) noexcept {
    return a == b || to_lower(a) == to_lower(b);  // most are written alike
}

}  // namespace

std::size_t token_size(std::string_view text) noexcept {
    std::size_t size = 0;
    std::size_t index = kVector;
    while (index == kVector && text.size() - size >= kVector) {
        index = other_index(text.data() + size);
        size += index;
    }
    if (index == kVector && text.size() - size >= kWord) {
        size += first_flag(other_flags(eight(text.data() + size)));
    }
    while (size < text.size() && is_token_char(text[size])) {
        ++size;
    }
    return size;
}

bool is_field_value(std::string_view text) noexcept {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return is_control(c) && c != '\t'; });
}

bool is_visible(std::string_view text) noexcept {
    std::size_t at = 0;
    for (; text.size() - at >= kWord; at += kWord) {
        if (within(eight(text.data() + at), '!', '~') != kHighs) {
            return false;
        }
    }
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                       [](char c) { return c > ' ' && c < 0x7F; });
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) {
        return false;
    }
    if (a.size() < 4) {
        return std::equal(a.begin(), a.end(), b.begin(),
                          [](char x, char y) { return to_lower(x) == to_lower(y); });
    }
    if (a.size() <= kWord) {
        return are_alike(ends(a), ends(b));
    }
    for (std::size_t at = 0; at + kWord < a.size(); at += kWord) {
        if (!are_alike(eight(a.data() + at), eight(b.data() + at))) {
            return false;
        }
    }
    return are_alike(eight(a.data() + a.size() - kWord), eight(b.data() + b.size() - kWord));
}

std::string_view next_list_element(std::string_view& list) noexcept {
    const std::size_t comma = list.find(',');
    const std::string_view element = trim(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    return element;
}

}  // namespace wsproof
