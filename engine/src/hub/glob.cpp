#include "glob.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace wsproof {
namespace {

// OneMatch: whether one character matches, and how much of the pattern that took.
struct OneMatch {
    bool matches;
    std::size_t size;
};

// match_set: `pattern` begins with "[". Without an end there is no match.
OneMatch match_set(std::string_view pattern, char c) noexcept {
    bool matches = false;
    std::size_t at = 1;
    while (at < pattern.size() && pattern[at] != ']') {
        char low = pattern[at];
        char high = low;
        if (at + 2 < pattern.size() && pattern[at + 1] == '-') {
            high = pattern[at + 2];
            at += 2;
        }
        if (low > high) {
            std::swap(low, high);
        }
        matches = matches || (low <= c && c <= high);
        ++at;
    }
    return {matches && at < pattern.size(), at + 1};
}

OneMatch match_one(std::string_view pattern, char c) noexcept {
    switch (pattern.front()) {
        case '?':
            return {true, 1};
        case '[':
            return match_set(pattern, c);
        case '\\':
            if (pattern.size() > 1) {
                return {pattern[1] == c, 2};
            }
            [[fallthrough]];
        default:
            return {pattern.front() == c, 1};
    }
}

}  // namespace

bool matches_glob(std::string_view pattern, std::string_view text) noexcept {
    // Where to go on if what follows the last star does not match here.
    std::optional<std::string_view> after_star;
    std::string_view retry;
    for (;;) {
        if (pattern.starts_with('*')) {
            pattern.remove_prefix(1);
            after_star = pattern;
            retry = text;
            continue;
        }
        if (text.empty() && pattern.empty()) {
            return true;
        }
        if (!text.empty() && !pattern.empty()) {
            const OneMatch one = match_one(pattern, text.front());
            if (one.matches) {
                pattern.remove_prefix(one.size);
                text.remove_prefix(1);
                continue;
            }
        }
        if (!after_star || retry.empty()) {
            return false;
        }
        retry.remove_prefix(1);
        text = retry;
        pattern = *after_star;
    }
}

}  // namespace wsproof
