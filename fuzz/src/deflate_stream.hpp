// Generates DEFLATE streams out of an input: valid ones whose contents are known, then damaged.
#pragma once

#include <cstddef>
#include <cstdint>

#include "input.hpp"

namespace wsproof::fuzz {

struct DeflateStream {
    Buffer bytes{};    // without the 00 00 FF FF of RFC 7692 §7.2.1
    Buffer content{};  // what it inflates to, if it is not damaged
    bool is_valid = true;
};

// make_stream reads blocks off `recipe` until it is empty: stored, fixed and dynamic ones, final or
// not, references into all that was said before (`history`, at most `window` bytes back). `damage`,
// 1 to 8, spoils one thing; 0 nothing.
[[nodiscard]] DeflateStream make_stream(Input& recipe, Bytes history, std::size_t window,
                                        unsigned damage);

}  // namespace wsproof::fuzz
