#include "report_html_data.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "report_format.hpp"
#include "selection.hpp"

namespace wsproof::conformance {

namespace {

double tenths(double number) {
    return std::round(number * 10) / 10;
}

Json requirement_json(const Requirement& row) {
    return {{"clause", row.clause()},
            {"uri", uri_of(row)},
            {"level", row.level},
            {"who", row.who},
            {"summary", row.summary}};
}

Json bug_json(const Bug& bug) {
    return {{"kind", bug.kind},
            {"who", bug.who},
            {"trigger", bug.trigger},
            {"harm", bug.harm},
            {"evidence", bug.evidence}};
}

// Cited collects what the page has to explain.
struct Cited {
    const Catalogue& catalogue;
    Json requirements = Json::object();
    Json bugs = Json::object();
    Json rulings = Json::object();

    void add_requirement(const std::string& id) {
        const Requirement* row = catalogue.requirement(id);
        if (row != nullptr && !requirements.contains(id)) {
            requirements[id] = requirement_json(*row);
        }
    }
    void add_likeness(const std::string& like) {
        const Bug* bug = like.starts_with("bug:") ? catalogue.bug(like.substr(4)) : nullptr;
        if (bug != nullptr && !bugs.contains(bug->id)) {
            bugs[bug->id] = bug_json(*bug);
        }
    }
    void add_ruling(const std::string& id) {
        const Ambiguity* ruling = catalogue.ambiguity(id);
        if (ruling != nullptr && !rulings.contains(id)) {
            rulings[id] = {{"spot", ruling->spot}, {"verdict", ruling->verdict}};
        }
    }
};

Json finding_json(const Finding& finding, std::size_t text_max) {
    const auto cut = [&](const std::string& text) {
        return printable(text, Charset::utf8, text_max);
    };
    Json json = {{"v", static_cast<int>(finding.verdict)},
                 {"r", finding.requirement},
                 {"x", cut(finding.text)}};
    const auto add = [&json](const char* key, const std::string& text) {
        if (!text.empty()) {
            json[key] = text;
        }
    };
    add("b", finding.because);
    add("s", cut(finding.sent));
    add("g", cut(finding.got));
    add("p", finding.step);
    if (finding.monitor) {
        json["m"] = 1;
    }
    for (const std::string& expected : finding.expected) {
        json["e"].push_back(cut(expected));
    }
    return json;
}

// detail_json is what a case has to say beyond its verdict; null for a plain pass.
Json detail_json(const CaseResult& result, const PageBudget& budget, Cited& cited) {
    if (result.behaviour == Behaviour::pass && !is_failure(result) && result.findings.empty() &&
        result.known.empty()) {
        return nullptr;
    }
    Json json = Json::object();
    for (const Finding& finding : result.findings) {
        json["f"].push_back(finding_json(finding, budget.text));
        cited.add_requirement(finding.requirement);
        cited.add_ruling(finding.because);
    }
    if (!result.reason.empty()) {
        json["reason"] = printable(result.reason, Charset::utf8, budget.text);
    }
    if (!result.known.empty()) {
        json["known"] = printable(result.known, Charset::utf8, budget.text);
    }
    if (result.close_code) {
        json["code"] = *result.close_code;
    }
    if (result.plays > 1) {
        json["plays"] = result.plays;
        json["failed"] = result.failed;
    }
    if (!result.segment.empty()) {
        json["segment"] = result.segment;
    }
    for (const auto& [segment, behaviour] : result.segments) {
        json["segments"][segment] = name(behaviour);
    }
    if (budget.transcript > 0 && !result.transcript.empty() &&
        result.behaviour != Behaviour::pass) {
        json.update(transcript_json(result, budget.transcript));
    }
    return json;
}

// one_of is what stands for a case: how its parameters are written, the verdict on both axes, ms.
Json one_of(const Case& played, const CaseResult& result) {
    return Json::array({played.id.substr(played.scenario.size()),
                        static_cast<int>(result.behaviour), static_cast<int>(result.closing),
                        tenths(result.ms)});
}

Json scenario_json(const Outline::Scenario& scenario, const RunResult& run,
                   const PageBudget& budget, Cited& cited, Json& details) {
    const Case& first = *scenario.first;
    Json json = {{"id", first.scenario},        {"title", first.title},
                 {"section", scenario.section}, {"role", name(first.under_test)},
                 {"level", name(first.level)},  {"requires", first.requirements},
                 {"like", first.like},          {"cases", Json::array()}};
    if (!first.why.empty()) {
        json["why"] = first.why;
    }
    const auto& usual = default_groups();
    if (std::find(usual.begin(), usual.end(), first.group) == usual.end() &&
        std::find(run.options.begin(), run.options.end(), "--group") == run.options.end()) {
        json["again"] = " --group " + first.group;
    }
    for (const std::string& id : first.requirements) {
        cited.add_requirement(id);
    }
    for (const std::string& like : first.like) {
        cited.add_likeness(like);
    }
    for (const std::size_t index : scenario.cases) {
        const CaseResult& result = run.results[index];
        Json one = one_of(*run.cases[index], result);
        if (Json detail = detail_json(result, budget, cited); !detail.is_null()) {
            one.push_back(details.size());
            details.push_back(std::move(detail));
        }
        json["cases"].push_back(std::move(one));
    }
    return json;
}

// notes are what a reader must know before any verdict.
Json notes_of(const RunResult& run) {
    Json notes = Json::array();
    if (!run.ended_early.empty()) {
        notes.push_back("The run ended early: " + printable(run.ended_early));
    }
    for (const std::string& death : run.deaths) {
        notes.push_back("The target ended, and no case played alone brings it about: " +
                        printable(death));
    }
    for (const BaselineNote& note : run.baseline_notes) {
        notes.push_back("baseline: " + printable(note.cases) + ": " + std::string(name(note.kind)));
    }
    for (const Finding& finding : run.findings) {
        notes.push_back(std::string(name(finding.verdict)) + ": " + printable(finding.text) + " [" +
                        finding.requirement + "]: " + printable(finding.got));
    }
    return notes;
}

std::string summary_of(const RunResult& run) {
    const Totals totals = count(run);
    std::string text = std::to_string(run.results.size()) +
                       " cases: " + (exit_code_of(run) == 0 ? "conforms" : "does not conform");
    if (totals.known > 0) {
        text += ", " + std::to_string(totals.known) + " known failures";
    }
    return text;
}

// label_of: "rfc6455" is spelt as people do.
std::string label_of(const Case& played) {
    const std::string collection = played.suite.substr(0, played.suite.find('/'));
    const bool is_rfc = collection.starts_with("rfc");
    return (is_rfc ? "RFC " + collection.substr(3) : collection) + " §" + played.section;
}

}  // namespace

Outline outline(const std::vector<const Case*>& cases) {
    Outline made;
    std::map<std::string, std::size_t> places;
    std::map<std::string, std::size_t> sections;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Case& each = *cases[i];
        const auto [place, is_new] = places.emplace(each.scenario, made.scenarios.size());
        if (is_new) {
            const auto [section, is_new_section] =
                sections.emplace(each.suite, made.sections.size());
            if (is_new_section) {
                made.sections.push_back({{"label", label_of(each)}, {"title", each.suite_title}});
            }
            made.scenarios.push_back({.first = &each, .section = section->second});
        }
        made.scenarios[place->second].cases.push_back(i);
    }
    std::map<std::size_t, std::vector<Outline::Scenario>> by_section;
    for (Outline::Scenario& scenario : made.scenarios) {
        by_section[scenario.section].push_back(std::move(scenario));
    }
    made.scenarios.clear();
    for (auto& [section, members] : by_section) {
        std::move(members.begin(), members.end(), std::back_inserter(made.scenarios));
    }
    return made;
}

Json page_data(const RunResult& run, const Catalogue& catalogue, const PageOptions& options,
               const PageBudget& budget) {
    Cited cited{.catalogue = catalogue};
    Json details = Json::array();
    Json scenarios = Json::array();
    Outline outlined = outline(run.cases);
    for (const Outline::Scenario& scenario : outlined.scenarios) {
        scenarios.push_back(scenario_json(scenario, run, budget, cited, details));
    }
    Case nothing;  // the command of a case without its id, which the page adds
    nothing.group = default_groups().front();
    std::string replay = replay_command(run, nothing);
    replay.resize(replay.size() - std::string_view(" ''").size());
    Json facts = Json::object();
    for (const auto& [fact, value] : run.facts) {
        facts[fact] = printable(value, Charset::utf8, budget.text);
    }
    return {{"name", printable(options.name.empty() ? run.target : options.name)},
            {"target", printable(run.target)},
            {"home", options.home},
            {"tool", options.tool.empty() ? "wsproof " WSPROOF_VERSION : options.tool},
            {"summary", summary_of(run)},
            {"started", run.started},
            {"seconds", tenths(run.seconds)},
            {"seed", run.seed},
            {"replay", printable(replay)},
            {"facts", std::move(facts)},
            {"notes", notes_of(run)},
            {"sections", std::move(outlined.sections)},
            {"scenarios", std::move(scenarios)},
            {"details", std::move(details)},
            {"requirements", std::move(cited.requirements)},
            {"bugs", std::move(cited.bugs)},
            {"rulings", std::move(cited.rulings)}};
}

Json live_data(const std::vector<const Case*>& cases, const Catalogue& catalogue,
               const std::string& name, const std::string& command) {
    constexpr int kNotPlayed = -1;
    RunResult run;
    run.target = name;
    run.role = Role::client;
    run.cases = cases;
    run.started = utc_now();
    for (const Case* each : cases) {
        run.results.push_back({.id = each->id, .behaviour = Behaviour::pass});
    }
    Json data = page_data(run, catalogue, {}, {});
    data["replay"] = command;
    data["summary"] = std::to_string(cases.size()) + " cases";
    for (Json& scenario : data["scenarios"]) {
        for (Json& one : scenario["cases"]) {
            one[1] = kNotPlayed;
        }
    }
    return data;
}

LiveVerdicts::LiveVerdicts(const std::vector<const Case*>& cases, const Catalogue& catalogue)
    : cases_(cases), catalogue_(catalogue), places_(cases.size()) {
    const Outline outlined = outline(cases);
    for (std::size_t i = 0; i < outlined.scenarios.size(); ++i) {
        const auto& members = outlined.scenarios[i].cases;
        for (std::size_t k = 0; k < members.size(); ++k) {
            places_[members[k]] = {i, k};
        }
    }
}

Json LiveVerdicts::of(std::size_t index, const CaseResult& result) const {
    const auto [scenario, place] = places_.at(index);
    Cited cited{.catalogue = catalogue_};
    Json json = {{"at", {scenario, place}}, {"one", one_of(*cases_[index], result)}};
    if (Json detail = detail_json(result, {}, cited); !detail.is_null()) {
        json["detail"] = std::move(detail);
    }
    json["requirements"] = std::move(cited.requirements);
    json["rulings"] = std::move(cited.rulings);
    return json;
}

}  // namespace wsproof::conformance
