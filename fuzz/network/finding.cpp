#include "finding.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace wsproof::netfuzz {

namespace {

using conformance::Behaviour;
using conformance::CaseResult;
using conformance::Entry;

// kind_of_got is what came, without its contents.
std::string kind_of_got(const std::string& got) {
    constexpr std::array<std::pair<const char*, const char*>, 12> kKinds = {
        {{"nothing", "silence"},
         {"none", "silence"},
         {"no answer", "silence"},
         {"a text message", "text"},
         {"a binary message", "binary"},
         {"a Pong", "pong"},
         {"Close", "close"},
         {"an empty Close", "close"},
         {"a Close", "close"},
         {"the end of", "end"},
         {"a TCP reset", "end"},
         {"a flood", "flood"}}};
    for (const auto& [begin, kind] : kKinds) {
        if (got.starts_with(begin)) {
            return kind;
        }
    }
    if (got.starts_with("the answer HTTP/")) {
        const std::size_t blank = got.find(' ', 11);
        return "status " + (blank == std::string::npos ? "" : got.substr(blank + 1, 3));
    }
    return "something else";
}

std::string kind_of_expectation(const Json& expect) {
    for (const char* kind :
         {"message", "pong", "pongs", "close", "eof", "failure", "opened", "refused", "response"}) {
        if (expect.contains(kind)) {
            return std::string(kind) == "pongs" ? "pong" : kind;
        }
    }
    for (const char* list : {"any", "unordered"}) {
        if (expect.contains(list) && !expect[list].empty()) {
            std::string best = kind_of_expectation(expect[list][0]);
            for (const Json& each : expect[list]) {  // a failure may have lesser alternatives
                best = each.contains("failure") ? "failure" : best;
            }
            return best;
        }
    }
    return "something";
}

const Json* step_at(const Trial& trial, const std::string& pointer) {
    const std::size_t slash = pointer.find_last_of('/');
    if (slash == std::string::npos || pointer.find("/steps/") == std::string::npos) {
        return nullptr;
    }
    const std::string digits = pointer.substr(pointer.find("/steps/") + 7);
    const std::size_t index = std::stoul(digits);
    return index < trial.prediction.steps.size() ? &trial.prediction.steps[index] : nullptr;
}

std::string article(const std::string& kind) {
    return kind == "eof"                           ? "the end of TCP"
           : kind == "opened" || kind == "refused" ? "that it is " + kind
                                                   : "a " + kind;
}

}  // namespace

Cause cause_of(const Trial& trial) {
    const CaseResult& result = trial.result;
    if (result.behaviour == Behaviour::crash || result.behaviour == Behaviour::hang) {
        return {.what = std::string(name(result.behaviour)),
                .row = trial.prediction.rows.front(),
                .is_exact = false};
    }
    if (result.findings.empty()) {
        return {.what = "something", .row = trial.prediction.rows.front()};
    }
    const conformance::Finding& worst = result.findings.front();
    if (worst.monitor) {
        return {.what = "seen by itself", .row = worst.requirement};
    }
    const Json* step = step_at(trial, worst.step);
    if (step == nullptr || step->contains("canary")) {
        return {.what = step == nullptr ? "got " + kind_of_got(worst.got) + " unasked"
                                        : "others are no longer served",
                .row = worst.requirement,
                .is_exact = false};
    }
    const std::string kind =
        step->contains("expect") ? kind_of_expectation((*step)["expect"]) : "something";
    const bool is_exact = kind != "message" && kind != "pong";
    return {.what = "expected " + article(kind) + ", got " + kind_of_got(worst.got),
            .row = worst.requirement,
            .is_exact = is_exact};
}

bool covers(const Finding& finding, const Cause& cause, const std::set<std::string>& tags) {
    const bool is_same = finding.cause.is_exact
                             ? finding.cause.what == cause.what && finding.cause.row == cause.row
                             : finding.cause.what == cause.what;
    if (!is_same || finding.trials.empty()) {
        return false;
    }
    const std::set<std::string>& needed = finding.trials.front().prediction.tags;
    return finding.cause.is_exact ||
           std::includes(tags.begin(), tags.end(), needed.begin(), needed.end());
}

std::string reactions(const CaseResult& result) {
    std::string sequence;
    std::string last;
    for (const Entry& entry : result.transcript) {
        if (entry.kind != Entry::Kind::received && !entry.summary.starts_with("FIN") &&
            !entry.summary.starts_with("RST")) {
            continue;
        }
        std::string kind;
        if (entry.summary.starts_with("HTTP: ")) {
            const std::size_t blank = entry.summary.find(' ', 6);
            kind = blank == std::string::npos ? "HTTP" : entry.summary.substr(blank + 1, 3);
        } else if (entry.summary.starts_with("Close")) {
            kind = entry.summary.substr(0, 10);
        } else {
            kind = entry.summary.substr(0, entry.summary.find_first_of("0123456789:\""));
        }
        if (kind != last) {
            sequence += (sequence.empty() ? "" : " ") + kind;
            last = kind;
        }
    }
    return sequence;
}

std::string name_of(const Cause& cause) {
    std::string name;
    for (const char each : cause.row + " " + cause.what) {
        const auto byte = static_cast<unsigned char>(each);
        if (std::isalnum(byte) != 0) {
            name += static_cast<char>(std::tolower(byte));
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
    }
    while (!name.empty() && name.back() == '-') {
        name.pop_back();
    }
    return name;
}

Json suite_of(const Finding& finding, const conformance::Catalogue& catalogue,
              conformance::Role peer) {
    const conformance::Requirement* row = catalogue.requirement(finding.cause.row);
    const std::string title = row == nullptr ? finding.cause.what : row->summary;
    Json scenarios = Json::array();
    for (const Trial& trial : finding.trials) {
        std::vector<std::string> rows = {finding.cause.row};
        for (const std::string& each : trial.prediction.rows) {
            if (each != finding.cause.row) {
                rows.push_back(each);
            }
        }
        std::string id = finding.name;
        if (finding.trials.size() > 1) {
            id += "-" + std::string(1, static_cast<char>('a' + scenarios.size() % 26));
        }
        Json scenario = {{"id", id},
                         {"title", title},
                         {"why", "Found by fuzzing: " + finding.cause.what + "."},
                         {"requires", rows},
                         {"under_test", peer == conformance::Role::server ? "server" : "client"},
                         {"level", "must"}};
        if (!trial.prediction.needs.empty()) {
            scenario["needs"] = trial.prediction.needs;
        }
        scenario["steps"] = trial.prediction.steps;
        scenarios.push_back(std::move(scenario));
    }
    return {{"suite", "fuzz/" + finding.name},
            {"version", 1},
            {"section", row == nullptr ? "5" : row->section},
            {"title", "Found by fuzzing"},
            {"scenarios", std::move(scenarios)}};
}

std::size_t step_count(const Trial& trial) {
    return trial.prediction.steps.size();
}

}  // namespace wsproof::netfuzz
