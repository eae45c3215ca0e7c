#include "command_tree.hpp"

#include <algorithm>

#include "selection.hpp"

namespace wsproof::tools {

namespace {

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> words(1);
    for (const char c : list) {
        if (c == ',') {
            words.emplace_back();
        } else {
            words.back() += c;
        }
    }
    return words;
}

// words_of reads what CLI11 appends for a check of membership: "TEXT:{auto,always,never}".
std::vector<std::string> words_of(const CLI::Option& option) {
    if (option.check_lname("group")) {
        std::vector<std::string> groups = conformance::all_groups();
        groups.emplace_back("all");
        return groups;
    }
    const std::string type = option.get_type_name();
    const std::size_t open = type.find('{');
    const std::size_t close = type.rfind('}');
    const bool is_list = open != std::string::npos && close != std::string::npos && open > 0 &&
                         type[open - 1] == ':';
    return is_list ? split(type.substr(open + 1, close - open - 1)) : std::vector<std::string>{};
}

// value_of: "UINT:INT in [1 - 256]" is "UINT", "'CMD {port}'" stays.
std::string value_of(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    return type.substr(0, type.find(':'));
}

bool names_cases(const CLI::App& command, const CLI::Option& option) {
    const std::string& name = option.get_single_name();
    return (name == "filter" || name == "id") && command.get_name() != "requirements";
}

Takes takes_of(const CLI::App& command, const CLI::Option& option, const OptionView& view) {
    if (option.get_items_expected_max() == 0) {
        return Takes::nothing;
    }
    const bool is_positional = option.get_positional();
    if (!view.words.empty()) {
        return Takes::words;
    }
    if (is_positional && names_cases(command, option)) {
        return Takes::cases;
    }
    if (view.value == "DIR") {
        return Takes::directory;
    }
    const bool is_file = view.value.find("FILE") != std::string::npos ||
                         view.value.starts_with("OUT.") ||
                         (is_positional && option.get_single_name() == "file");
    return is_file ? Takes::file : Takes::text;
}

OptionView view_of(const CLI::App& command, const CLI::Option& option) {
    OptionView view;
    for (const std::string& name : option.get_snames()) {
        view.names.push_back("-" + name);
    }
    for (const std::string& name : option.get_lnames()) {
        view.names.push_back("--" + name);
    }
    view.value = value_of(option);
    view.text = option.get_description();
    view.usual = option.get_default_str();
    view.words = words_of(option);
    view.takes = takes_of(command, option, view);
    if (option.get_positional()) {
        view.value = option.get_single_name();
    }
    view.is_repeatable = option.get_items_expected_max() > 1;
    view.is_required = option.get_required();
    return view;
}

CommandView view_of(const CLI::App& app, std::vector<std::string> path) {
    path.push_back(app.get_name());
    CommandView view{.path = path, .text = app.get_description(), .footer = app.get_footer()};
    for (const CLI::Option* option : app.get_options({})) {
        if (!option->get_group().empty()) {
            (option->get_positional() ? view.positionals : view.options)
                .push_back(view_of(app, *option));
        }
    }
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (!command->get_group().empty()) {
            view.commands.push_back(view_of(*command, path));
        }
    }
    return view;
}

void list(const CommandView& command, std::vector<const CommandView*>& all) {
    all.push_back(&command);
    for (const CommandView& below : command.commands) {
        list(below, all);
    }
}

}  // namespace

std::string CommandView::name() const {
    std::string name;
    for (const std::string& word : path) {
        name += (name.empty() ? "" : " ") + word;
    }
    return name;
}

CommandView view_of(const CLI::App& app) {
    return view_of(app, {});
}

std::vector<const CommandView*> every(const CommandView& root) {
    std::vector<const CommandView*> all;
    list(root, all);
    return all;
}

}  // namespace wsproof::tools
