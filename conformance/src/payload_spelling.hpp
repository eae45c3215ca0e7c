// Spells bytes as a payload of the scenario language: the other way of payload.hpp.
#pragma once

#include "template.hpp"
#include "wire/frame_writer.hpp"

namespace wsproof::conformance {

// spelling_of is text where it is text, a recipe where the bytes repeat themselves, else hex.
// make_payload makes the same bytes of it.
[[nodiscard]] Json spelling_of(wire::ByteView bytes);

}  // namespace wsproof::conformance
