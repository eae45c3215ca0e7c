#include "echo_likeness.hpp"

#include <algorithm>
#include <cctype>

#include "wire/inflate.hpp"

namespace wsproof::conformance {

namespace {

bool is_same_letter(std::byte left, std::byte right) {
    return std::tolower(std::to_integer<int>(left)) == std::tolower(std::to_integer<int>(right));
}

// is_masked_otherwise: some four bytes, again and again, make the one of the other: a frame whose
// payload was masked with another key than it names, or not at all.
bool is_masked_otherwise(wire::ByteView sent, wire::ByteView got) {
    constexpr std::size_t kKey = 4;
    if (got.size() != sent.size() || sent.size() < 3 * kKey) {
        return false;
    }
    for (std::size_t at = kKey; at < sent.size(); ++at) {
        if ((sent[at] ^ got[at]) != (sent[at - kKey] ^ got[at - kKey])) {
            return false;
        }
    }
    return sent.front() != got.front() || sent[1] != got[1] || sent[2] != got[2] ||
           sent[3] != got[3];
}

// is_compressed: it inflates to what was sent, though nobody had agreed on that.
bool is_compressed(wire::ByteView sent, wire::ByteView got) {
    const wire::Inflated message = wire::inflate(got, {}, sent.size() + 1);
    return message.is_whole() &&
           std::equal(sent.begin(), sent.end(), message.data.begin(), message.data.end());
}

}  // namespace

bool is_damaged_echo(wire::ByteView sent, wire::ByteView got) {
    if (is_masked_otherwise(sent, got) || is_compressed(sent, got)) {
        return true;
    }
    if (got.size() < sent.size()) {
        return got.size() * 2 >= sent.size() &&
               (std::equal(got.begin(), got.end(), sent.begin()) ||
                std::equal(got.rbegin(), got.rend(), sent.rbegin()));
    }
    if (got.size() > sent.size()) {
        return false;
    }
    std::size_t same = 0;
    std::size_t same_but_for_case = 0;
    for (std::size_t at = 0; at < sent.size(); ++at) {
        same += sent[at] == got[at] ? 1 : 0;
        same_but_for_case += is_same_letter(sent[at], got[at]) ? 1 : 0;
    }
    return same_but_for_case < sent.size() && same * 2 >= sent.size();
}

}  // namespace wsproof::conformance
