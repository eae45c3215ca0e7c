// What holds of a connection that gets any bytes.
#pragma once

#include "input.hpp"

namespace wsproof::fuzz {

// check_connection reads a setting and how to cut, and feeds the rest. Bit 0 of the first byte: a
// client; bit 1: with a handshake; bits 2 and 3: how the second of two runs is cut.
void check_connection(Input& input);

}  // namespace wsproof::fuzz
