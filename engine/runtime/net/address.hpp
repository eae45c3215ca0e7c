// From an Endpoint to what the system wants, inside net.
#pragma once

#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <wsproof/net/socket.hpp>

namespace wsproof::net {

// storage_of is AF_UNSPEC if `endpoint` is no address.
[[nodiscard]] inline sockaddr_storage storage_of(const Endpoint& endpoint) noexcept {
    sockaddr_storage storage{};
    const std::size_t size = endpoint.address.size();
    if (size > 0 && size <= sizeof storage) {
        std::memcpy(&storage, endpoint.address.data(), size);
    }
    return storage;
}

}  // namespace wsproof::net
