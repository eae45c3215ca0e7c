// Ctrl-C and SIGTERM, as an interrupt that waiting calls see.
#pragma once

#include <wsproof/net/socket.hpp>

namespace wsproof::tools {

// interrupt_on_signals makes SIGINT and SIGTERM trigger the interrupt it returns; a second one ends
// the process at once with exit code 130.
[[nodiscard]] net::Interrupt& interrupt_on_signals();

}  // namespace wsproof::tools
