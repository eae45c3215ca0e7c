// Bytes in the judge's tests: annotated hex, text, and every way of cutting an input.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/frame_writer.hpp"

namespace wsproof::conformance::test {

using wire::ByteString;
using wire::ByteView;

// "81 05"_hex: pairs of digits, blanks between them ignored.
inline ByteString operator""_hex(const char* text, std::size_t size) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    ByteString bytes;
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

inline ByteString to_bytes(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

inline std::string to_text(ByteView bytes) {
    std::string text;
    for (const std::byte octet : bytes) {
        text.push_back(static_cast<char>(octet));
    }
    return text;
}

inline ByteString operator+(ByteString left, const ByteString& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

// for_each_cut calls `read` with the pieces of `in`: whole, byte by byte, and split in two at each
// offset.
template <typename Read>
void for_each_cut(const ByteString& in, Read read) {
    const ByteView all(in);
    read(std::vector<ByteView>{all});
    std::vector<ByteView> bytes;
    for (std::size_t i = 0; i < in.size(); ++i) {
        bytes.push_back(all.subspan(i, 1));
    }
    read(bytes);
    for (std::size_t i = 1; i < in.size(); ++i) {
        CAPTURE(i);
        read(std::vector<ByteView>{all.first(i), all.subspan(i)});
    }
}

}  // namespace wsproof::conformance::test
