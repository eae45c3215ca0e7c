#include "script.hpp"

#include <algorithm>
#include <array>

namespace wsproof::fuzz {
namespace {

constexpr std::size_t kOpHead = 5;  // kind, a, b and the size of data in two bytes

void append_character(Buffer& out, unsigned seed) {
    const auto put = [&out](unsigned value) { out.push_back(static_cast<std::byte>(value)); };
    if (seed < 0x80) {
        put(seed);
    } else if (seed < 0xC0) {
        put(0xC2 + (seed & 0x1DU));
        put(0x80 + (seed & 0x3FU));
    } else if (seed < 0xE0) {
        put(0xE1 + (seed & 0xBU));
        put(0x80 + (seed & 0x1FU));
        put(0xBF);
    } else {
        put(0xF1 + (seed & 1U));
        put(0x80 + (seed & 0x1FU));
        put(0x80);
        put(0x80 + (seed & 0x1FU));
    }
}

}  // namespace

Script parse_script(Bytes bytes) {
    Input input(bytes);
    Script script;
    const Bytes head = input.take(kScriptHead);
    script.head.assign(head.begin(), head.end());
    script.head.resize(kScriptHead);
    while (!input.empty() && script.ops.size() < kOpsMax) {
        Op op;
        op.kind = static_cast<OpKind>(input.below(kOpKindCount));
        op.a = input.byte();
        op.b = input.byte();
        const auto size = static_cast<std::size_t>(input.number(2));
        const Bytes data = input.take(size % (kOpDataMax + 1));
        op.data.assign(data.begin(), data.end());
        script.ops.push_back(std::move(op));
    }
    return script;
}

Buffer write_script(const Script& script, std::size_t size_max) {
    Buffer out = script.head;
    out.resize(std::min(out.size(), size_max));
    for (const Op& op : script.ops) {
        if (out.size() + kOpHead + op.data.size() > size_max) {
            break;
        }
        const std::size_t size = op.data.size();
        for (const unsigned value :
             {static_cast<unsigned>(op.kind), unsigned{op.a}, unsigned{op.b},
              static_cast<unsigned>(size >> 8), static_cast<unsigned>(size & 0xFFU)}) {
            out.push_back(static_cast<std::byte>(value));
        }
        out.insert(out.end(), op.data.begin(), op.data.end());
    }
    return out;
}

Buffer fill(Bytes data, std::size_t size, bool as_text) {
    static constexpr std::array kDefault = {std::byte{'a'}, std::byte{0xE9}, std::byte{0xC8}};
    const Bytes pattern = data.empty() ? Bytes(kDefault) : data;
    Buffer out;
    out.reserve(size + 4);
    for (std::size_t i = 0; out.size() < size; ++i) {
        const std::byte seed = pattern[i % pattern.size()];
        if (as_text) {
            append_character(out, std::to_integer<unsigned>(seed));
        } else {
            out.push_back(seed);
        }
    }
    return out;
}

std::size_t size_of(std::uint8_t choice) noexcept {
    constexpr std::array<std::size_t, 16> kSmall = {0,   1,   2,   5,   16,  33,  64, 90,
                                                    120, 125, 126, 127, 128, 200, 7,  300};
    constexpr std::array<std::size_t, 8> kLarge = {1000, 1001, 4000,   4001,
                                                   5000, 9000, 65'535, 65'536};
    return choice < 0xF8 ? kSmall[choice % kSmall.size()] : kLarge[choice % kLarge.size()];
}

}  // namespace wsproof::fuzz
