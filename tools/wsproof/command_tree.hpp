// The command line as it is declared, to be told in other forms: completion for shells, a manual.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace wsproof::tools {

enum class Takes : std::uint8_t {
    nothing,
    text,
    file,
    directory,
    words,  // one of a list
    cases,  // ids of scenarios
};

struct OptionView {
    std::vector<std::string> names{};  // "-q", "--quiet"; none for a word without a dash
    std::string value{};               // what stands behind it ("FILE"), or in its place ("url")
    std::string text{};
    std::string usual{};               // its value if it is not given; empty if that says nothing
    std::vector<std::string> words{};  // for Takes::words
    Takes takes = Takes::nothing;
    bool is_repeatable = false;
    bool is_required = false;
};

struct CommandView {
    std::vector<std::string> path{};  // "wsproof", "report", "html"
    std::string text{};
    std::string footer{};
    std::vector<OptionView> options{};
    std::vector<OptionView> positionals{};
    std::vector<CommandView> commands{};  // that are not hidden

    [[nodiscard]] std::string name() const;  // "wsproof report html"
};

[[nodiscard]] CommandView view_of(const CLI::App& app);

// every lists a command and all below it, a command before those in it. It points into `root`.
[[nodiscard]] std::vector<const CommandView*> every(const CommandView& root);

// The scripts of `wsproof completion`, to be read by the shell that each is named after.
[[nodiscard]] std::string bash_completion(const CommandView& root);
[[nodiscard]] std::string zsh_completion(const CommandView& root);
[[nodiscard]] std::string fish_completion(const CommandView& root);

// manual is the page wsproof(1), for man.
[[nodiscard]] std::string manual(const CommandView& root, const std::string& version);

}  // namespace wsproof::tools
