#include "finding.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

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
    if (const std::size_t at = got.find("HTTP/");
        got.starts_with("the answer") && at != std::string::npos) {
        const std::size_t blank = got.find(' ', at);
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
           : kind == "opened" || kind == "refused" ? "it to be " + kind
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

namespace {

// kind_of names what came: data alike, a Close by its code.
std::string kind_of(const Entry& entry) {
    if (entry.summary.starts_with("HTTP: ")) {
        const std::size_t blank = entry.summary.find(' ', 6);
        return blank == std::string::npos ? "HTTP" : entry.summary.substr(blank + 1, 3);
    }
    if (entry.summary.starts_with("Close")) {
        const bool is_masked =
            entry.bytes.size() > 1 && (entry.bytes[1] & std::byte{0x80}) != std::byte{0};
        const std::size_t head = is_masked ? 6 : 2;
        return entry.bytes.size() < head + 2
                   ? "Close"
                   : "Close-" + std::to_string(std::to_integer<int>(entry.bytes[head]) * 256 +
                                               std::to_integer<int>(entry.bytes[head + 1]));
    }
    for (const char* data : {"Text", "Binary", "Continuation"}) {
        if (entry.summary.starts_with(data)) {
            return entry.summary.find("RSV") == std::string::npos ? "data" : "compressed";
        }
    }
    std::string kind = entry.summary.substr(0, entry.summary.find_first_of(" 0123456789:\"("));
    return kind;
}

}  // namespace

std::string reactions(const CaseResult& result) {
    std::map<std::string, std::string> connections;
    std::map<std::string, std::string> last;
    for (const Entry& entry : result.transcript) {
        const bool is_end = entry.summary.find("(FIN)") != std::string::npos ||
                            entry.summary.find("(RST)") != std::string::npos;
        if ((entry.kind != Entry::Kind::received && !(is_end && entry.kind == Entry::Kind::note)) ||
            entry.summary.starts_with("we ") || entry.connection.starts_with("canary")) {
            continue;
        }
        // Whether the end behind a Close is still seen is a matter of time.
        if (is_end && last[entry.connection].starts_with("Close")) {
            continue;
        }
        const std::string kind = is_end ? "end" : kind_of(entry);
        if (kind != last[entry.connection]) {
            std::string& sequence = connections[entry.connection];
            sequence += (sequence.empty() ? "" : " ") + kind;
            last[entry.connection] = kind;
        }
    }
    std::string all;
    for (const auto& [connection, sequence] : connections) {
        all += (all.empty() ? "" : " | ") + sequence;
    }
    return all;
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
