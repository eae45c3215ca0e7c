#include "payload_spelling.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "wire/utf8.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::size_t kWorthwhile = 64;  // bytes: what is shorter is spelt out
constexpr std::size_t kPeriodMax = 256;  // bytes of what may be repeated

std::string hex_of(wire::ByteView bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const std::byte octet : bytes) {
        text += kDigits[std::to_integer<std::size_t>(octet >> 4)];
        text += kDigits[std::to_integer<std::size_t>(octet & std::byte{15})];
    }
    return text;
}

// spelt_out: "${" would be taken for a parameter.
Json spelt_out(wire::ByteView bytes) {
    std::string text(bytes.size(), '\0');
    if (!bytes.empty()) {
        std::memcpy(text.data(), bytes.data(), bytes.size());
    }
    if (wire::is_utf8(bytes) && text.find("${") == std::string::npos) {
        return text;
    }
    return {{"hex", hex_of(bytes)}};
}

// period_of is the shortest one of at most kPeriodMax bytes; 0 if there is none.
std::size_t period_of(wire::ByteView bytes) {
    for (std::size_t period = 1; period <= kPeriodMax && 2 * period <= bytes.size(); ++period) {
        if (std::equal(bytes.begin() + static_cast<std::ptrdiff_t>(period), bytes.end(),
                       bytes.begin())) {
            return period;
        }
    }
    return 0;
}

}  // namespace

Json spelling_of(wire::ByteView bytes) {
    const std::size_t period = bytes.size() > kWorthwhile ? period_of(bytes) : 0;
    if (period == 0) {
        return spelt_out(bytes);
    }
    const wire::ByteView unit = bytes.first(period);
    if (period == 1 && unit[0] >= std::byte{' '} && unit[0] < std::byte{0x7F}) {
        return {{"fill", std::string(1, std::to_integer<char>(unit[0]))}, {"size", bytes.size()}};
    }
    Json repeated = {{"repeat", spelt_out(unit)}, {"times", bytes.size() / period}};
    const wire::ByteView rest = bytes.last(bytes.size() % period);
    if (rest.empty()) {
        return repeated;
    }
    return {{"concat", Json::array({std::move(repeated), spelt_out(rest)})}};
}

}  // namespace wsproof::conformance
