// Recipes of payloads, as an expectation says what was sent.
#pragma once

#include <cstdint>
#include <string>

#include "program.hpp"
#include "wire/frame_writer.hpp"

namespace wsproof::netfuzz {

inline constexpr std::uint64_t kRecipeSeed = 1;  // no recipe of a program depends on it

[[nodiscard]] std::string text_of(const conformance::wire::ByteString& bytes);
// is_plain: printable ASCII, which stands in JSON as it is.
[[nodiscard]] bool is_plain(const std::string& text);

// recipe_for says `payload` by the recipes of what was sent, or byte for byte.
[[nodiscard]] Json recipe_for(const conformance::wire::ByteString& payload, const Json& parts);

// up_to_last leaves out what is the same as the last: one answer to it may be for all (A22).
[[nodiscard]] Json up_to_last(const Json& payloads);

// canonical makes the numbers unsigned, as they are when they are read from a file.
[[nodiscard]] Json canonical(Json value);

}  // namespace wsproof::netfuzz
