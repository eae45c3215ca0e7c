// What a server that echoes, but badly, sends back: enough to judge its echoes all the same.
#pragma once

#include "wire/frame_reader.hpp"

namespace wsproof::conformance {

// is_damaged_echo: `got` is `sent` with its end or its beginning lost, with some of its bytes
// changed, masked with the wrong key, or compressed; what an application makes of a message (a
// prefix, other letters' case) is neither.
[[nodiscard]] bool is_damaged_echo(wire::ByteView sent, wire::ByteView got);

}  // namespace wsproof::conformance
