// Waiting for one descriptor, inside net.
#pragma once

#include <wsproof/net/socket.hpp>

namespace wsproof::net {

// wait_for returns ok when `fd` has one of `events` (or an error that the next call reports),
// timed_out or interrupted. A deadline in the past still looks once.
[[nodiscard]] Status wait_for(int fd, short events, Deadline deadline, const Interrupt* interrupt);

}  // namespace wsproof::net
