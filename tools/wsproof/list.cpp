// wsproof list: which cases there are, and which of Autobahn's they are like.
#include <algorithm>
#include <iostream>
#include <map>
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

const char* word(conformance::UnderTest under_test) {
    switch (under_test) {
        case conformance::UnderTest::server:
            return "server";
        case conformance::UnderTest::client:
            return "client";
        case conformance::UnderTest::either:
            return "either";
    }
    return "";
}

// is_in_default_group: a run plays it without --group.
bool is_in_default_group(const Case& each) {
    const std::vector<std::string>& groups = conformance::default_groups();
    return std::find(groups.begin(), groups.end(), each.group) != groups.end();
}

nlohmann::ordered_json json_of(const Case& each) {
    nlohmann::ordered_json parameters = nlohmann::ordered_json::object();
    for (const auto& [name, value] : each.parameters) {
        parameters[name] = value;
    }
    return {{"id", each.id},
            {"suite", each.suite},
            {"scenario", each.scenario},
            {"section", each.section},
            {"title", each.title},
            {"group", each.group},
            {"under_test", word(each.under_test)},
            {"level", word(each.level)},
            {"parameters", std::move(parameters)},
            {"requires", each.requirements},
            {"needs", each.needs},
            {"like", each.like},
            {"file", each.file},
            {"line", each.line},
            {"played_unasked", is_in_default_group(each)}};
}

// asks_for: each --like is about this list ("autobahn", "bug"), so its rows are what is listed.
bool asks_for(std::string_view list, const std::vector<std::string>& likes) {
    return !likes.empty() && std::all_of(likes.begin(), likes.end(), [&](const std::string& like) {
        return like.starts_with(list);
    });
}

bool is_asked_for(const std::string& label, const std::vector<std::string>& likes) {
    return std::any_of(likes.begin(), likes.end(),
                       [&](const std::string& like) { return conformance::is_like(label, like); });
}

// tests_role: cases for clients and servers alike test both.
bool tests_role(const Case& each, std::string_view role) {
    using conformance::UnderTest;
    return role.empty() || each.under_test == UnderTest::either ||
           (each.under_test == UnderTest::server) == (role == "server");
}

// scenarios_like names those with a label that is this row or a family that it is in; of one role,
// or of any if it is empty.
std::vector<std::string> scenarios_like(const std::string& label,
                                        const std::vector<const Case*>& cases,
                                        std::string_view role = {}) {
    std::vector<std::string> names;
    for (const Case* each : cases) {
        if (!tests_role(*each, role)) {
            continue;
        }
        const bool is_known = !names.empty() && names.back() == each->scenario;
        if (!is_known && std::any_of(each->like.begin(), each->like.end(), [&](const auto& like) {
                return conformance::is_like(label, like);
            })) {
            names.push_back(each->scenario);
        }
    }
    return names;
}

void print_like(const std::string& label, const std::string& title,
                const std::vector<std::string>& names, const ListOptions& options) {
    std::cout << label << (options.with_titles ? "  " + title : "");
    for (const std::string& name : names) {
        std::cout << (options.with_titles ? "\n    " : "  ") << name;
    }
    std::cout << (names.empty() ? "  none\n" : "\n");
}

// list_bugs shows each of the known bugs that was asked for, with the scenarios that are like it;
// and how many of those that a server's (a client's) wire can show have scenarios for servers
// (clients).
void list_bugs(const ListOptions& options, const Chosen& chosen) {
    std::map<std::string, std::size_t> due;
    std::map<std::string, std::size_t> cited;
    for (const conformance::Bug& each : chosen.catalogue.bugs()) {
        const std::string label = "bug:" + each.id;
        if (!is_asked_for(label, options.library.likes)) {
            continue;
        }
        if (each.roles.empty()) {
            std::cout << label << "  on no wire: " << each.reason << '\n';
            continue;
        }
        print_like(label, each.who + ": " + each.trigger, scenarios_like(label, chosen.cases),
                   options);
        for (const std::string& role : each.roles) {
            ++due[role];
            cited[role] += scenarios_like(label, chosen.cases, role).empty() ? 0 : 1;
        }
    }
    for (const auto& [role, count] : due) {
        std::cout << count << " bugs that a " << role << "'s wire can show: " << cited[role]
                  << " have scenarios\n";
    }
}

// list_autobahn shows each of Autobahn's cases that was asked for, with the scenarios that are like
// it.
void list_autobahn(const ListOptions& options, const Chosen& chosen) {
    std::size_t asked = 0;
    std::size_t without = 0;
    for (const conformance::AutobahnCase& each : chosen.catalogue.autobahn()) {
        const std::string label = "autobahn:" + each.id;
        if (!is_asked_for(label, options.library.likes)) {
            continue;
        }
        ++asked;
        const std::vector<std::string> names = scenarios_like(label, chosen.cases);
        without += names.empty() ? 1 : 0;
        print_like(label, each.does, names, options);
    }
    std::cout << asked << " cases of Autobahn|Testsuite 25.10.1: " << asked - without
              << " have scenarios, " << without << " have none\n";
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
    if (asks_for("autobahn", options.library.likes)) {
        list_autobahn(options, *chosen);
        return kConforms;
    }
    if (asks_for("bug", options.library.likes)) {
        list_bugs(options, *chosen);
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
