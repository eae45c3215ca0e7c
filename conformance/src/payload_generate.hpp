// The generators of payload recipes: bytes of a kind, drawn by seed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "payload.hpp"
#include "wire/frame_writer.hpp"

namespace wsproof::conformance {

// is_generator says whether there is a generator of this name.
[[nodiscard]] bool is_generator(std::string_view name) noexcept;

// generators lists their names, for people: bytes, ascii, …
[[nodiscard]] std::string generators();

// generate makes exactly `size` bytes; nothing where is_generator says no. ascii, text, json, html
// and prose are valid UTF-8.
[[nodiscard]] wire::ByteString generate(std::string_view name, std::size_t size, Random random);

}  // namespace wsproof::conformance
