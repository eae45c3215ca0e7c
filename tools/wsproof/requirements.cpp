// wsproof requirements: the rows of the catalogue, and which scenarios cite each.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "library.hpp"
#include "report_format.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

struct RequirementsOptions {
    LibraryOptions library;
    std::string role;  // empty: both
    bool uncited_only = false;
    bool as_json = false;
};

// Citations of one row: scenarios, in their order, and how many cases they make.
struct Citations {
    std::vector<std::string> scenarios;
    std::size_t cases = 0;
};

using Reasons = std::map<std::string, std::string>;

// load_reasons reads why rows are cited by none.
Reasons load_reasons() {
    const auto path = data_directory() / "uncited.json";
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error(path.string() + ": can not be read");
    }
    return nlohmann::json::parse(file).get<Reasons>();
}

bool tests(const Case& each, const std::string& role) {
    return role.empty() || each.under_test == UnderTest::either ||
           (each.under_test == UnderTest::server) == (role == "server");
}

bool binds(const Requirement& row, const std::string& role) {
    return role.empty() || row.who == role || row.who == "both";
}

std::map<std::string, Citations> cite(const std::vector<const Case*>& cases,
                                      const std::string& role) {
    std::map<std::string, Citations> citations;
    for (const Case* each : cases) {
        if (!tests(*each, role)) {
            continue;
        }
        const std::string scenario = each->id.substr(0, each->id.find('['));
        for (const std::string& row : each->requirements) {
            Citations& of_row = citations[row];
            ++of_row.cases;
            if (of_row.scenarios.empty() || of_row.scenarios.back() != scenario) {
                of_row.scenarios.push_back(scenario);
            }
        }
    }
    return citations;
}

// must_show: rows that a peer can be held to.
bool must_be_cited(const Requirement& row) {
    return row.on_the_wire && row.level.starts_with("MUST") && (row.rfc == 6455 || row.rfc == 7692);
}

std::string state_of(const Requirement& row, const Citations& citations, const Reasons& reasons) {
    if (citations.cases > 0) {
        return std::to_string(citations.cases) + (citations.cases == 1 ? " case" : " cases");
    }
    const auto reason = reasons.find(row.id);
    return reason == reasons.end() ? "none" : "none: " + reason->second;
}

void print_row(const Requirement& row, const Citations& citations, const Reasons& reasons) {
    std::cout << row.id << "  " << row.level << "  " << row.who << "  "
              << state_of(row, citations, reasons) << '\n'
              << "    " << printable(row.summary) << '\n';
    for (const std::string& scenario : citations.scenarios) {
        std::cout << "    " << scenario << '\n';
    }
}

nlohmann::ordered_json json_of(const Requirement& row, const Citations& citations,
                               const Reasons& reasons) {
    nlohmann::ordered_json json = {{"id", row.id},
                                   {"level", row.level},
                                   {"who", row.who},
                                   {"wire", row.on_the_wire},
                                   {"summary", row.summary},
                                   {"cases", citations.cases},
                                   {"scenarios", citations.scenarios}};
    const auto reason = reasons.find(row.id);
    if (citations.cases == 0 && reason != reasons.end()) {
        json["reason"] = reason->second;
    }
    return json;
}

int show_requirements(RequirementsOptions options) {
    const std::vector<std::string> filters = std::move(options.library.filters);
    options.library.filters.clear();  // they choose rows here, not cases
    const auto chosen = choose(options.library, {"all"});
    if (chosen == nullptr) {
        return kUsage;
    }
    const Reasons reasons = load_reasons();
    const auto citations = cite(chosen->cases, options.role);
    const auto is_wanted = [&](const Requirement& row) {
        return binds(row, options.role) &&
               (filters.empty() ||
                std::any_of(filters.begin(), filters.end(),
                            [&](const std::string& filter) { return matches(row.id, filter); }));
    };
    std::size_t due = 0;
    std::size_t cited = 0;
    std::size_t shown = 0;
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const Requirement& row : chosen->catalogue.requirements()) {
        if (!is_wanted(row)) {
            continue;
        }
        const auto found = citations.find(row.id);
        const Citations of_row = found == citations.end() ? Citations{} : found->second;
        due += must_be_cited(row) ? 1 : 0;
        cited += must_be_cited(row) && of_row.cases > 0 ? 1 : 0;
        if (options.uncited_only && (of_row.cases > 0 || !must_be_cited(row))) {
            continue;
        }
        ++shown;
        if (options.as_json) {
            all.push_back(json_of(row, of_row, reasons));
        } else {
            print_row(row, of_row, reasons);
        }
    }
    if (shown == 0 && !filters.empty() && !options.uncited_only) {
        std::cerr << "wsproof requirements: no row matches; rows are named like 6455-5.4-8\n";
        return kUsage;
    }
    if (options.as_json) {
        std::cout << all.dump(2) << '\n';
    } else {
        std::cout << "\nMUST and MUST NOT on the wire: " << due << " rows, " << cited
                  << " of them cited\n";
    }
    return kConforms;
}

}  // namespace

void add_requirements(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<RequirementsOptions>();
    CLI::App* command =
        app.add_subcommand("requirements", "Show the RFCs' requirements and what cites them");
    add_library_options(*command, options->library);
    command
        ->add_option("filter", options->library.filters,
                     "Globs over rows, or parts of them, as in 6455-5.4; none: all")
        ->type_name("");
    command->add_option("--role", options->role, "Only what binds this role: server or client")
        ->type_name("ROLE")
        ->check(CLI::IsMember({"server", "client"}));
    command->add_flag("--uncited", options->uncited_only,
                      "Only MUST rows on the wire that no case cites");
    command->add_flag("--json", options->as_json, "As JSON");
    command->callback([options, &exit_code] { exit_code = show_requirements(*options); });
}

}  // namespace wsproof::tools
