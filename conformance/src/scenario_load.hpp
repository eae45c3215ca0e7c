// Loads suites: reads files, fills parameters in, checks everything, and collects all errors of all
// files.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "catalogue.hpp"
#include "scenario.hpp"

namespace wsproof::conformance {

struct LoadError {
    std::string file;
    std::string pointer;  // JSON pointer, "/scenarios/3/steps/0"; or "line 7, column 12"
    std::string reason;

    [[nodiscard]] std::string to_string() const;
};

struct Library {
    std::vector<Case> cases;  // in the order of sections, then of the files
    std::vector<LoadError> errors;
};

// load reads each of `paths`: a suite file, or a directory with suites below it. A suite's name is
// its path below the directory without the extension; a file given by itself may have any name.
[[nodiscard]] Library load(std::span<const std::filesystem::path> paths,
                           const Catalogue& catalogue);

}  // namespace wsproof::conformance
