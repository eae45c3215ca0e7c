// What a peer is.
#pragma once

#include <cstdint>

namespace wsproof::conformance {

enum class Role : std::uint8_t {
    server,
    client,
};

}  // namespace wsproof::conformance
