// Tcl's `string match`.
#pragma once

#include <string_view>

namespace wsproof {

// matches_glob: `*` any characters, `?` one, `[a-z]` one of these, `\x` x itself. Bytes count as
// characters. At most size of text times size of pattern steps.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text) noexcept;

}  // namespace wsproof
