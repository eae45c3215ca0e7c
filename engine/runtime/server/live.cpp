#include "live.hpp"

#include <algorithm>
#include <cstddef>

#include "hub/glob.hpp"

namespace wsproof::runtime {

namespace {

// choose answers whether a Live's pattern admits what the client offers, and what is accepted.
bool choose(const std::string& pattern, std::span<const std::string_view> offered,
            std::string& chosen) {
    if (pattern == "*" || offered.empty()) {
        return true;
    }
    const auto found = std::find_if(offered.begin(), offered.end(), [&](std::string_view name) {
        return matches_glob(pattern, name);
    });
    if (found == offered.end()) {
        return false;
    }
    chosen = *found;
    return true;
}

}  // namespace

Route find_route(std::span<const Live> lives, const UpgradeRequest& request) {
    const std::string_view path = request.target.substr(0, request.target.find('?'));
    Route route;
    for (const Live& live : lives) {
        if (matches_glob(live.path, path) &&
            choose(live.subprotocol, request.subprotocols, route.subprotocol)) {
            route.live = &live;
            break;
        }
    }
    return route;
}

}  // namespace wsproof::runtime
