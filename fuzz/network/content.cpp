#include "content.hpp"

#include <array>
#include <string_view>

namespace wsproof::netfuzz {

namespace {

constexpr std::array<std::uint32_t, 24> kEdges = {
    0x00,    0x01,    0x7F,    0x80,    0x7FF,   0x800,    0xD7FF,   0xE000,
    0xFDD0,  0xFEFF,  0xFFFD,  0xFFFE,  0xFFFF,  0x2028,   0x20AC,   0x00E9,
    0x10000, 0x1F44B, 0x1FFFE, 0x40000, 0xFFFFD, 0x10FFFD, 0x10FFFE, 0x10FFFF};

void append_utf8(std::string& out, std::uint32_t point) {
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | point >> 6);
        put(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        put(0xE0 | point >> 12);
        put(0x80 | (point >> 6 & 0x3F));
        put(0x80 | (point & 0x3F));
    } else {
        put(0xF0 | point >> 18);
        put(0x80 | (point >> 12 & 0x3F));
        put(0x80 | (point >> 6 & 0x3F));
        put(0x80 | (point & 0x3F));
    }
}

std::uint32_t some_point(Random& random) {
    switch (random.below(6)) {
        case 0:
            return one_of(random, kEdges);
        case 1:
            return static_cast<std::uint32_t>(0x80 + random.below(0x780));
        case 2:
            return static_cast<std::uint32_t>(0x800 + random.below(0xD000));
        case 3:
            return static_cast<std::uint32_t>(0x10000 + random.below(0x100000));
        default:
            return static_cast<std::uint32_t>(0x20 + random.below(0x5F));
    }
}

std::string words(Random& random, std::uint64_t size) {
    std::string text;
    while (text.size() < size) {
        text += static_cast<char>('a' + random.below(26));
    }
    return text;
}

}  // namespace

std::string hex_of(const std::string& bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const char each : bytes) {
        hex += kDigits[static_cast<unsigned char>(each) >> 4];
        hex += kDigits[static_cast<unsigned char>(each) & 15];
    }
    return hex;
}

std::string random_bytes(Random& random, std::uint64_t size) {
    std::string bytes;
    while (bytes.size() < size) {
        bytes += static_cast<char>(random.next() & 0xFF);
    }
    return bytes;
}

std::string code_points(Random& random, std::uint64_t count) {
    std::string text;
    for (std::uint64_t i = 0; i < count; ++i) {
        append_utf8(text, some_point(random));
    }
    return text;
}

std::uint64_t some_size(Random& random) {
    constexpr std::array<std::uint64_t, 26> kSmall = {0,   1,   2,   3,   4,   5,   7,   8,   15,
                                                      16,  31,  33,  63,  65,  100, 124, 125, 126,
                                                      127, 128, 129, 200, 255, 256, 257, 1000};
    constexpr std::array<std::uint64_t, 8> kMiddle = {1023, 1025, 2048, 4000,
                                                      4095, 4096, 3333, 1500};
    constexpr std::array<std::uint64_t, 9> kLarge = {16384, 32767, 32768, 40000, 65535,
                                                     65536, 65537, 70000, 100000};
    switch (random.below(16)) {
        case 0:
            return one_of(random, kLarge);
        case 1:
        case 2:
            return one_of(random, kMiddle);
        case 3:
        case 4:
            return random.below(300);
        default:
            return one_of(random, kSmall);
    }
}

Json text_payload(Random& random) {
    switch (random.below(8)) {
        case 0:
            return "";
        case 1:
        case 2:
            return {{"hex", hex_of(code_points(random, 1 + random.below(20)))}};
        case 3:
        case 4:
            return {{"fill", "x"}, {"size", some_size(random)}};
        case 5:
            return {{"repeat", "k\u00f3\u20ac\U0001F44B"}, {"times", random.below(120)}};
        default:
            return words(random, 1 + random.below(12));
    }
}

Json binary_payload(Random& random) {
    switch (random.below(6)) {
        case 0:
            return "";
        case 1:
            return {{"generate", "zero"}, {"size", some_size(random)}};
        case 2:
        case 3:
            return {{"generate", "counter"}, {"size", some_size(random)}};
        default:
            return {{"hex", hex_of(random_bytes(random, 1 + random.below(24)))}};
    }
}

Json control_payload(Random& random) {
    switch (random.below(5)) {
        case 0:
            return "";
        case 1:
            return {{"fill", "p"}, {"size", 125 - random.below(3)}};
        case 2:
            return {{"generate", "counter"}, {"size", random.below(126)}};
        case 3:
            return {{"hex", hex_of(random_bytes(random, 1 + random.below(12)))}};
        default:
            return words(random, 1 + random.below(8));
    }
}

std::string invalid_text(Random& random) {
    constexpr std::array<std::string_view, 34> kBad = {"\x80",
                                                       "\xBF",
                                                       "\xC0\xAF",
                                                       "\xC0\x80",
                                                       "\xC1\xBF",
                                                       "\xE0\x80\xAF",
                                                       "\xE0\x9F\xBF",
                                                       "\xF0\x80\x80\xAF",
                                                       "\xF0\x8F\xBF\xBF",
                                                       "\xED\xA0\x80",
                                                       "\xED\xBF\xBF",
                                                       "\xED\xAD\xBF",
                                                       "\xED\xA0\x80\xED\xB0\x80",
                                                       "\xF4\x90\x80\x80",
                                                       "\xF5\x80\x80\x80",
                                                       "\xF7\xBF\xBF\xBF",
                                                       "\xF8\x88\x80\x80\x80",
                                                       "\xFC\x84\x80\x80\x80\x80",
                                                       "\xFE",
                                                       "\xFF",
                                                       "\xC3(",
                                                       "\xE2\x28\xA1",
                                                       "\xE2\x82(",
                                                       "\xF0\x28\x8C\xBC",
                                                       "\xF0\x90\x28\xBC",
                                                       "\xC2 ",
                                                       "\xE2\x82 ",
                                                       "\xF0\x9F\x91 ",
                                                       "\xC3\xC3",
                                                       "\xE2\x82\xC2\xA2",
                                                       "\xFB\xBF\xBF\xBF\xBF",
                                                       "\xF4\xBF\xBF\xBF",
                                                       "\xEF\xBF",
                                                       "\x61\xE2\x82"};
    constexpr std::array<std::string_view, 8> kCut = {
        "\xC3", "\xE2", "\xE2\x82", "\xF0", "\xF0\x9F", "\xF0\x9F\x91", "\xF4\x8F", "\xED\x9F"};
    std::string text = chance(random, 3) ? "" : code_points(random, random.below(20));
    if (chance(random, 4)) {
        return text + std::string(one_of(random, kCut));
    }
    text += one_of(random, kBad);
    return chance(random, 2) ? text + words(random, random.below(20)) : text + ".";
}

}  // namespace wsproof::netfuzz
