#include "report_html_matrix.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "report_format.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::string_view kLetters = "PINUFKCHBE";  // by Behaviour; those of dom.js

// badness orders what a scenario's cases came to: unsupported says least.
int badness(const CaseResult& result) {
    if (result.closing == Closing::not_closed && !is_bad(result.behaviour)) {
        return static_cast<int>(Behaviour::fail);
    }
    return result.behaviour == Behaviour::unsupported ? -1 : static_cast<int>(result.behaviour);
}

// all_cases: one of each scenario that any target played, in the library's order.
std::vector<const Case*> all_cases(const std::vector<MatrixTarget>& targets) {
    std::map<std::pair<std::size_t, std::string>, const Case*> cases;
    std::set<std::string> seen;
    for (const MatrixTarget& target : targets) {
        for (const Case* each : target.run->cases) {
            if (seen.insert(each->scenario).second) {
                cases.emplace(std::pair(each->index, each->id), each);
            }
        }
    }
    std::vector<const Case*> list;
    for (const auto& [place, each] : cases) {
        list.push_back(each);
    }
    return list;
}

struct Column {
    std::string grid;                                // a letter for each scenario
    std::vector<std::array<std::size_t, 3>> scores;  // by section: good, judged, failed
};

Column column_of(const RunResult& run, const Outline& outlined) {
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < outlined.scenarios.size(); ++i) {
        places.emplace(outlined.scenarios[i].first->scenario, i);
    }
    Column column{.grid = std::string(places.size(), '.'),
                  .scores = {outlined.sections.size(), {0, 0, 0}}};
    std::vector<int> worst(places.size(), -2);
    for (std::size_t i = 0; i < run.results.size(); ++i) {
        const CaseResult& result = run.results[i];
        const std::size_t place = places.at(run.cases[i]->scenario);
        if (const int bad = badness(result); bad > worst[place]) {
            worst[place] = bad;
            column.grid[place] = kLetters[bad < 0 ? static_cast<std::size_t>(Behaviour::unsupported)
                                                  : static_cast<std::size_t>(bad)];
        }
        const bool is_judged = result.behaviour != Behaviour::unsupported &&
                               result.behaviour != Behaviour::blocked &&
                               result.behaviour != Behaviour::harness_error;
        auto& [good, judged, failed] = column.scores[outlined.scenarios[place].section];
        judged += is_judged ? 1 : 0;
        good += is_judged && result.behaviour <= Behaviour::info && !is_failure(result) ? 1 : 0;
        failed += is_judged && is_failure(result) ? 1 : 0;
    }
    return column;
}

Json target_json(const MatrixTarget& target, const Outline& outlined) {
    const RunResult& run = *target.run;
    Column column = column_of(run, outlined);
    std::size_t good = 0;
    std::size_t judged = 0;
    for (const auto& score : column.scores) {
        good += score[0];
        judged += score[1];
    }
    std::vector<std::size_t> totals(kLetters.size(), 0);
    for (const CaseResult& result : run.results) {
        ++totals[static_cast<std::size_t>(result.behaviour)];
    }
    std::string version;
    std::string role = run.role == Role::client ? "client" : "server";
    for (const auto& [fact, value] : run.facts) {
        version = fact == "version" ? value : version;
        role = fact == "role" ? value : role;  // a proxy is judged as a server
    }
    return {{"name", printable(target.name)},
            {"href", target.file},
            {"version", printable(version)},
            {"role", printable(role)},
            {"target", printable(run.target)},
            {"seconds", run.seconds},
            {"share", judged == 0 ? 0.0 : static_cast<double>(good) / static_cast<double>(judged)},
            {"totals", totals},
            {"scores", column.scores},
            {"grid", std::move(column.grid)}};
}

}  // namespace

Json matrix_data(const std::vector<MatrixTarget>& targets, const Catalogue& catalogue,
                 const std::string& title) {
    Outline outlined = outline(all_cases(targets));
    Json columns = Json::array();
    for (const MatrixTarget& target : targets) {
        columns.push_back(target_json(target, outlined));
    }
    std::vector<std::string> kinds;
    Json scenarios = Json::array();
    for (const Outline::Scenario& scenario : outlined.scenarios) {
        const Case& first = *scenario.first;
        std::string words;
        Json its_kinds = Json::array();
        for (const std::string& like : first.like) {
            const Bug* bug = like.starts_with("bug:") ? catalogue.bug(like.substr(4)) : nullptr;
            words += like + " " + (bug == nullptr ? "" : bug->who + " ");
            if (bug != nullptr) {
                const auto at = std::find(kinds.begin(), kinds.end(), bug->kind);
                its_kinds.push_back(at - kinds.begin());
                if (at == kinds.end()) {
                    kinds.push_back(bug->kind);
                }
            }
        }
        for (const std::string& id : first.requirements) {
            const Requirement* row = catalogue.requirement(id);
            words += id + " " + (row == nullptr ? "" : row->clause() + " ");
        }
        scenarios.push_back({{"id", first.scenario},
                             {"title", first.title},
                             {"section", scenario.section},
                             {"kinds", std::move(its_kinds)},
                             {"words", std::move(words)}});
    }
    return {{"title", printable(title)},
            {"tool", targets.front().tool},
            {"targets", std::move(columns)},
            {"sections", std::move(outlined.sections)},
            {"kinds", kinds},
            {"scenarios", std::move(scenarios)}};
}

}  // namespace wsproof::conformance
