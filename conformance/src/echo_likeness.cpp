#include "echo_likeness.hpp"

#include <algorithm>
#include <cctype>

namespace wsproof::conformance {

namespace {

bool is_same_letter(std::byte left, std::byte right) {
    return std::tolower(std::to_integer<int>(left)) == std::tolower(std::to_integer<int>(right));
}

}  // namespace

bool is_damaged_echo(wire::ByteView sent, wire::ByteView got) {
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
