// Bytes in tests: annotated hex, text, and back.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <wsproof/types.hpp>

namespace wsproof::test {

using Buffer = std::vector<std::byte>;

// "81 05"_hex: pairs of digits, blanks between them ignored.
inline Buffer operator""_hex(const char* text, std::size_t size) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    Buffer bytes;
    int high = -1;
    for (const char c : std::string_view(text, size)) {
        if (c == ' ') {
            continue;
        }
        if (high < 0) {
            high = digit(c);
        } else {
            bytes.push_back(static_cast<std::byte>(high * 16 + digit(c)));
            high = -1;
        }
    }
    return bytes;
}

inline Buffer to_bytes(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

inline std::string to_text(Bytes bytes) {
    std::string text;
    for (const std::byte byte : bytes) {
        text.push_back(static_cast<char>(byte));
    }
    return text;
}

inline std::string to_hex(Bytes bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::byte byte : bytes) {
        const auto value = std::to_integer<unsigned>(byte);
        if (!text.empty()) {
            text.push_back(' ');
        }
        text.push_back(kDigits[value >> 4]);
        text.push_back(kDigits[value & 0xFU]);
    }
    return text;
}

inline Buffer operator+(Buffer left, const Buffer& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

}  // namespace wsproof::test
