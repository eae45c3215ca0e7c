// Which handler an opening handshake is for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <wsproof/runtime/server.hpp>

namespace wsproof::runtime {

struct Route {
    const Live* live = nullptr;  // none: nobody is here
    std::string subprotocol;     // to be accepted; empty: none
};

// find_route takes the first of `lives` that matches.
[[nodiscard]] Route find_route(std::span<const Live> lives, const UpgradeRequest& request);

}  // namespace wsproof::runtime
