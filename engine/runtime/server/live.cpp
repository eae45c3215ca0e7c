#include "live.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace wsproof::runtime {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

// match_set reads the set behind `[`: `pattern` is past its `]` afterwards. A range may be written
// in either direction.
bool match_set(std::string_view& pattern, char c) noexcept {
    const std::size_t end = pattern.find(']');
    const std::string_view set = pattern.substr(0, end);
    pattern.remove_prefix(end == kNone ? pattern.size() : end + 1);
    bool is_in = false;
    for (std::size_t i = 0; end != kNone && i < set.size(); ++i) {
        char low = set[i];
        char high = low;
        if (i + 2 < set.size() && set[i + 1] == '-') {
            high = set[i += 2];
        }
        if (low > high) {
            std::swap(low, high);
        }
        is_in = is_in || (low <= c && c <= high);
    }
    return is_in;
}

// match_one takes one element that is no `*` off the pattern, and says whether `c` is it.
bool match_one(std::string_view& pattern, char c) noexcept {
    const char first = pattern.front();
    pattern.remove_prefix(1);
    if (first == '?') {
        return true;
    }
    if (first == '[') {
        return match_set(pattern, c);
    }
    if (first != '\\' || pattern.empty()) {
        return first == c;
    }
    const char quoted = pattern.front();
    pattern.remove_prefix(1);
    return quoted == c;
}

// choose answers whether a Live's pattern admits what the client offers, and what is accepted.
bool choose(const std::string& pattern, std::span<const std::string_view> offered,
            std::string& chosen) {
    if (pattern == "*" || offered.empty()) {
        return true;
    }
    const auto found = std::find_if(offered.begin(), offered.end(), [&](std::string_view name) {
        return glob_matches(pattern, name);
    });
    if (found == offered.end()) {
        return false;
    }
    chosen = *found;
    return true;
}

}  // namespace

// On a mismatch the last `*` takes one byte more: earlier ones need not, so the time is bounded by
// the product of both lengths.
bool glob_matches(std::string_view pattern, std::string_view text) noexcept {
    std::string_view behind_star;
    std::size_t star_end = kNone;  // how much of the text the last `*` has taken
    std::size_t at = 0;
    while (at < text.size() || !pattern.empty()) {
        if (pattern.starts_with('*')) {
            pattern.remove_prefix(1);
            behind_star = pattern;
            star_end = at;
        } else if (at < text.size() && !pattern.empty() && match_one(pattern, text[at])) {
            ++at;
        } else if (star_end != kNone && star_end < text.size()) {
            at = ++star_end;
            pattern = behind_star;
        } else {
            return false;
        }
    }
    return true;
}

Route find_route(std::span<const Live> lives, const UpgradeRequest& request) {
    const std::string_view path = request.target.substr(0, request.target.find('?'));
    Route route;
    for (const Live& live : lives) {
        if (glob_matches(live.path, path) &&
            choose(live.subprotocol, request.subprotocols, route.subprotocol)) {
            route.live = &live;
            break;
        }
    }
    return route;
}

}  // namespace wsproof::runtime
