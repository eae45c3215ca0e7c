#include "http_grammar.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "http_scan.hpp"

namespace wsproof::test {
namespace {

constexpr std::size_t kSizeMax = 70;  // bytes: a chunk and some

bool is_plain_control(char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}

bool is_plain_token_char(char c) {
    const auto value = static_cast<unsigned char>(c);
    return value > ' ' && value < 0x7F &&
           std::string_view("\"(),/:;<=>?@[\\]{}").find(c) == std::string_view::npos;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::size_t plain_size(const std::string& text, bool (*belongs)(char)) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), belongs) -
                                    text.begin());
}

// for_each_text: letters, one byte of which is any, at each place.
template <typename Check>
void for_each_text(Check check) {
    for (std::size_t size = 0; size <= kSizeMax; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (int value = 0; value < 256; ++value) {
                std::string text(size, 'Z');
                text[at] = static_cast<char>(value);
                check(text);
            }
        }
    }
}

// control_indices: what Controls finds, with `padding` behind the text.
std::vector<std::size_t> control_indices(const std::string& text, char padding) {
    const std::string padded = text + std::string(kChunk - 1, padding);
    Controls controls(std::string_view(padded).substr(0, text.size()));
    std::vector<std::size_t> indices;
    for (std::size_t at = controls.next(); at < text.size(); at = controls.next()) {
        indices.push_back(at);
    }
    return indices;
}

TEST_CASE("Grammar: all controls are found wherever they are, and none behind the text") {
    for_each_text([](const std::string& text) {
        std::vector<std::size_t> expected;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (is_plain_control(text[i])) {
                expected.push_back(i);
            }
        }
        if (control_indices(text, '\n') != expected || control_indices(text, 'a') != expected) {
            FAIL(text);
        }
    });
    using Indices = std::vector<std::size_t>;
    CHECK(control_indices("a\tb\t\r\n", '\r') == Indices{4, 5});
    CHECK(control_indices(std::string(200, '\t') + "\x7F", '\r') == Indices{200});
    CHECK(control_indices(std::string(kChunk, '\n') + "\x80\xFF\x1F", ' ').size() == kChunk + 1);
    CHECK(control_indices("", '\n').empty());
}

TEST_CASE("Grammar: a token is scanned to the byte that ends it") {
    for_each_text([](const std::string& text) {
        const std::string padded = text + "\r" + std::string(kVector - 1, 'a');
        if (scan_token(padded.data()) != plain_size(text, is_plain_token_char)) {
            FAIL(text);
        }
    });
}

TEST_CASE("Grammar: base64 is known byte by byte") {
    const std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t at = 0; at < kVector; ++at) {
        for (int c = 0; c < 256; ++c) {
            std::string text(kVector, 'x');
            text[at] = static_cast<char>(c);
            const bool is_good = alphabet.find(text[at]) != std::string_view::npos;
            if (are_base64(text.data()) != is_good) {
                FAIL(c << " at " << at);
            }
        }
    }
}

TEST_CASE("Grammar: a token ends at the first byte that is none of it") {
    for_each_text([](const std::string& text) {
        if (token_size(text) != plain_size(text, is_plain_token_char)) {
            FAIL(text);
        }
    });
    CHECK(token_size("Sec-WebSocket-Key: x") == 17);
    CHECK(token_size("a\x80-b") == 1);
    CHECK_FALSE(is_token(""));
}

TEST_CASE("Grammar: case is ignored of the letters A to Z and of nothing else") {
    for (const std::size_t size : {1U, 3U, 4U, 7U, 8U, 9U, 16U, 17U}) {
        for (std::size_t at = 0; at < size; ++at) {
            for (int pair = 0; pair < 0x10000; ++pair) {
                std::string a(size, 'q');
                std::string b(size, 'Q');
                a[at] = static_cast<char>(pair >> 8);
                b[at] = static_cast<char>(pair & 0xFF);
                if (equals_ignoring_case(a, b) != (lower(a[at]) == lower(b[at]))) {
                    FAIL(a << " and " << b);
                }
            }
        }
    }
    CHECK(equals_ignoring_case("", ""));
    CHECK_FALSE(equals_ignoring_case("Upgrade", "Upgrades"));
}

TEST_CASE("Grammar: lists fall into trimmed elements") {
    std::string_view list = " a, ,\tb c\t,";
    CHECK(next_list_element(list) == "a");
    CHECK(next_list_element(list).empty());
    CHECK(next_list_element(list) == "b c");
    CHECK(list.empty());
}

}  // namespace
}  // namespace wsproof::test
