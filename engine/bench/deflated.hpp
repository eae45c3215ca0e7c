// permessage-deflate by zlib alone (RFC 7692 §7.2), message by message: the inputs of the
// benchmarks, the check of their outputs, and what is left of an echo without an engine.
#pragma once

#include <string>
#include <vector>

#include "subject.hpp"

namespace wsproof::bench {

[[nodiscard]] std::vector<std::string> deflate(const std::vector<std::string>& messages,
                                               bool takeover);
[[nodiscard]] std::vector<std::string> inflate(const std::vector<std::string>& compressed,
                                               bool takeover);

// zlib_engine echoes what zlib makes of the payloads: no frames but their sizes, no masks.
[[nodiscard]] Engine zlib_engine();

}  // namespace wsproof::bench
