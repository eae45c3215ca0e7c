// Hashes of the judge: the accept key of RFC 6455 §4.2.2, and SHA-256 for transcripts.
#pragma once

#include <string>
#include <string_view>

#include "frame_writer.hpp"

namespace wsproof::conformance::wire {

// accept_key is base64(SHA-1(key + GUID)), RFC 6455 §4.2.2 step 5.4; `key` is the field's text
// without blanks.
[[nodiscard]] std::string accept_key(std::string_view key);

[[nodiscard]] std::string base64(ByteView data);

// from_base64 reverses base64(); empty if `text` is not what that writes (RFC 4648 §4).
[[nodiscard]] ByteString from_base64(std::string_view text);

// sha256 in lower-case hex.
[[nodiscard]] std::string sha256(ByteView data);

}  // namespace wsproof::conformance::wire
