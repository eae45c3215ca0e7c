// wsproof list: which cases there are.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "library.hpp"

namespace wsproof::tools {

namespace {

using conformance::Case;

struct ListOptions {
    LibraryOptions library;
    bool with_titles = false;
    bool as_json = false;
};

std::string_view word(conformance::Level level) {
    switch (level) {
        case conformance::Level::must:
            return "must";
        case conformance::Level::should:
            return "should";
        case conformance::Level::may:
            return "may";
    }
    return "";
}

nlohmann::ordered_json json_of(const Case& each) {
    nlohmann::ordered_json parameters = nlohmann::ordered_json::object();
    for (const auto& [name, value] : each.parameters) {
        parameters[name] = value;
    }
    return {{"id", each.id},
            {"suite", each.suite},
            {"section", each.section},
            {"title", each.title},
            {"group", each.group},
            {"level", word(each.level)},
            {"parameters", std::move(parameters)},
            {"requires", each.requirements},
            {"needs", each.needs},
            {"like", each.like}};
}

int list(const ListOptions& options) {
    const auto chosen = choose(options.library, {"all"});
    if (chosen == nullptr) {
        return kUsage;
    }
    if (options.as_json) {
        nlohmann::ordered_json all = nlohmann::ordered_json::array();
        for (const Case* each : chosen->cases) {
            all.push_back(json_of(*each));
        }
        std::cout << all.dump(2) << '\n';
        return kConforms;
    }
    for (const Case* each : chosen->cases) {
        if (options.with_titles) {
            std::cout << each->id << "  " << each->title
                      << (each->group == "core" ? "" : " (" + each->group + ")") << '\n';
        } else {
            std::cout << each->id << '\n';
        }
        if (!std::cout) {
            break;  // the reader has seen enough
        }
    }
    return kConforms;
}

}  // namespace

void add_list(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<ListOptions>();
    CLI::App* command = app.add_subcommand("list", "Show the cases there are");
    add_library_options(*command, options->library);
    command
        ->add_option("filter", options->library.filters,
                     "Globs over case ids, or parts of them; none: all")
        ->type_name("");
    command->add_flag("--long", options->with_titles, "With titles");
    command->add_flag("--json", options->as_json, "All that is known of each, as JSON");
    command->callback([options, &exit_code] { exit_code = list(*options); });
}

}  // namespace wsproof::tools
