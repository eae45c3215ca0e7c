// Waiting for one descriptor, inside net.
#pragma once

#include <cstdint>
#include <wsproof/net/socket.hpp>

namespace wsproof::net {

// wait_for returns ok when `fd` has one of `events` (or an error that the next call reports),
// timed_out or interrupted. A deadline in the past still looks once.
[[nodiscard]] Status wait_for(int fd, std::int16_t events, Deadline deadline,
                              const Interrupt* interrupt);

}  // namespace wsproof::net
