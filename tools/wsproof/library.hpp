// The options that choose scenarios, and what they choose.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "catalogue.hpp"
#include "scenario_load.hpp"
#include "selection.hpp"

namespace wsproof::tools {

struct LibraryOptions {
    std::vector<std::string> scenarios;  // --scenarios
    std::vector<std::string> groups;     // --group
    std::vector<std::string> likes;      // --like
    std::string ids;                     // --ids: a file
    std::vector<std::string> filters;    // the rest of the command line
};

// add_library_options declares --scenarios, --group, --like and --ids. `options` must live until
// `command` is parsed.
void add_library_options(CLI::App& command, LibraryOptions& options);

// Chosen is a library with the cases that were asked for. `library` does not move: `cases` points
// into it.
struct Chosen {
    conformance::Catalogue catalogue;
    conformance::Library library;
    std::vector<const conformance::Case*> cases;
};

// choose loads and selects; `groups` are those when the options name none, and no cases by their
// ids. On an error it prints each of them to standard error and returns nullptr: the exit code is
// then kUsage.
[[nodiscard]] std::unique_ptr<Chosen> choose(const LibraryOptions& options,
                                             const std::vector<std::string>& groups);

// options_to_repeat are those by which another command finds the same suites.
[[nodiscard]] std::vector<std::string> options_to_repeat(const LibraryOptions& options);

// file_hint is for who gave a file of scenarios where an id was wanted; empty if there is none of
// this name.
[[nodiscard]] std::string file_hint(const std::string& filter);

}  // namespace wsproof::tools
