// What holds of the engine's DEFLATE codecs, against the judge's own reader.
#pragma once

#include "input.hpp"

namespace wsproof::fuzz {

// check_inflater makes two messages of DEFLATE, the second of which may refer to the first, and
// reads them with both; the first bytes say how they are cut, and whether one is damaged.
void check_inflater(Input& input);
// check_deflater compresses what the input holds, and has it read back.
void check_deflater(Input& input);

}  // namespace wsproof::fuzz
