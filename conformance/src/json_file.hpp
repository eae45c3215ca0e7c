// A JSON file that people write: what is wrong with it is told with its place.
#pragma once

#include <filesystem>

#include "template.hpp"

namespace wsproof::conformance {

// read_json reads a whole file. Throws BadScenario if it cannot be read (without a place), is not
// JSON ("line 3, column 7" in place of a pointer) or nests too deep to be walked.
[[nodiscard]] Json read_json(const std::filesystem::path& path);

}  // namespace wsproof::conformance
