#include "library.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "report_format.hpp"

namespace wsproof::tools {

namespace {

constexpr std::size_t kErrorsShown = 50;

void print_errors(const std::vector<conformance::LoadError>& errors) {
    for (std::size_t i = 0; i < errors.size() && i < kErrorsShown; ++i) {
        std::cerr << conformance::printable(errors[i].to_string()) << '\n';
    }
    if (errors.size() > kErrorsShown) {
        std::cerr << "and " << errors.size() - kErrorsShown << " more\n";
    }
    std::cerr << "wsproof: " << errors.size() << (errors.size() == 1 ? " error" : " errors")
              << " in the scenarios\n";
}

// keep_listed leaves the cases that the file lists, an id a line; it says what is wrong with the
// file, empty if nothing is.
std::string keep_listed(const std::string& path, const conformance::Library& library,
                        std::vector<const conformance::Case*>& cases) {
    std::ifstream file(path);
    if (!file) {
        return path + ": cannot be read";
    }
    std::set<std::string> ids;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) {
            ids.insert(line);
        }
    }
    std::erase_if(cases, [&](const auto* each) { return ids.count(each->id) == 0; });
    for (const conformance::Case& each : library.cases) {
        ids.erase(each.id);
    }
    return ids.empty() ? "" : path + ": there is no case " + conformance::printable(*ids.begin());
}

}  // namespace

void add_library_options(CLI::App& command, LibraryOptions& options) {
    command
        .add_option("--scenarios", options.scenarios,
                    "Suites in place of the built-in ones: a directory or a file; repeatable")
        ->type_name("DIR|FILE")
        ->allow_extra_args(false);
    command
        .add_option("--group", options.groups,
                    "Only cases of this group: core, fail-fast, timers, robustness, heavy or all; "
                    "repeatable")
        ->type_name("NAME")
        ->allow_extra_args(false);
    command
        .add_option("--like", options.likes,
                    "Only cases like these of Autobahn or of the known bugs: autobahn:5.6, "
                    "'autobahn:[1-7].*', bug:B8; repeatable")
        ->type_name("GLOB")
        ->allow_extra_args(false);
    command
        .add_option("--ids", options.ids,
                    "Only the cases whose ids this file lists, one a line, whatever their group")
        ->type_name("FILE");
}

std::unique_ptr<Chosen> choose(const LibraryOptions& options,
                               const std::vector<std::string>& groups) {
    std::vector<std::filesystem::path> paths(options.scenarios.begin(), options.scenarios.end());
    if (paths.empty()) {
        paths.push_back(conformance::scenario_directory());
    }
    auto chosen = std::make_unique<Chosen>(
        Chosen{conformance::Catalogue(conformance::data_directory()), {}, {}});
    chosen->library = conformance::load(paths, chosen->catalogue);
    if (!chosen->library.errors.empty()) {
        print_errors(chosen->library.errors);
        return nullptr;
    }
    const std::vector<std::string>& unless_named =
        options.ids.empty() ? groups : conformance::all_groups();
    conformance::Selection selection =
        conformance::select(chosen->library.cases, options.filters,
                            options.groups.empty() ? unless_named : options.groups, options.likes);
    if (!options.ids.empty() && selection.errors.empty()) {
        const std::string error = keep_listed(options.ids, chosen->library, selection.cases);
        if (!error.empty()) {
            selection.errors.push_back(error);
        }
    }
    for (const std::string& error : selection.errors) {
        std::cerr << "wsproof: " << error << '\n';
    }
    if (!selection.errors.empty()) {
        for (const std::string& filter : options.filters) {
            if (const std::string hint = file_hint(filter); !hint.empty()) {
                std::cerr << "wsproof: " << hint << '\n';
            }
        }
        return nullptr;
    }
    if (selection.cases.empty()) {
        std::cerr
            << "wsproof: no case is all of what was asked for: group, filter, likeness, list\n";
        return nullptr;
    }
    chosen->cases = std::move(selection.cases);
    return chosen;
}

std::vector<std::string> options_to_repeat(const LibraryOptions& options) {
    std::vector<std::string> repeat;
    for (const std::string& path : options.scenarios) {
        repeat.insert(repeat.end(), {"--scenarios", path});
    }
    return repeat;
}

std::string file_hint(const std::string& filter) {
    std::error_code error;
    if (!std::filesystem::exists(filter, error)) {
        return {};
    }
    return conformance::printable(filter) + " is there as a file: --scenarios " +
           conformance::shell_quoted(filter) + " takes the cases from it";
}

}  // namespace wsproof::tools
