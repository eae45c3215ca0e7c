#include "report_sarif.hpp"

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <span>

#include "report_format.hpp"
#include "wire/digest.hpp"

namespace wsproof::conformance {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kSchemaUri =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const char* level_of(const CaseResult& result) {
    if (is_failure(result)) {
        return "error";
    }
    return result.behaviour == Behaviour::non_strict ? "warning" : "note";
}

// rule_of: the row that the worst finding cites, else the verdict itself.
std::string rule_of(const CaseResult& result, const Catalogue& catalogue) {
    if (!result.findings.empty() &&
        catalogue.requirement(result.findings.front().requirement) != nullptr) {
        return result.findings.front().requirement;
    }
    return "wsproof-" +
           std::string(result.closing == Closing::not_closed && !is_bad(result.behaviour)
                           ? name(result.closing)
                           : name(result.behaviour));
}

Json rule_json(const std::string& id, const Catalogue& catalogue) {
    const Requirement* row = catalogue.requirement(id);
    if (row == nullptr) {
        const std::string word = id.substr(id.find('-') + 1);
        return {{"id", id}, {"shortDescription", {{"text", "Cases that end as " + word}}}};
    }
    return {
        {"id", id},
        {"name", row->clause() + ", " + row->level},
        {"shortDescription", {{"text", row->summary}}},
        {"fullDescription", {{"text", row->clause() + " (" + row->level + "): " + row->summary}}},
        {"help", {{"text", "Checked so: " + row->check}}},
        {"helpUri", uri_of(*row)},
        {"properties", {{"tags", {"RFC " + std::to_string(row->rfc), row->who, row->level}}}}};
}

std::string message_of(const CaseResult& result, const Case& played, const Catalogue& catalogue) {
    std::string text = printable(played.title) + " (" + std::string(name(result.behaviour)) + ")";
    if (result.closing == Closing::not_closed) {
        text += "\nThe peer did not close the connection.";
    }
    text += result.reason.empty() ? "" : "\n" + printable(result.reason);
    for (const Finding& finding : result.findings) {
        const Requirement* row = catalogue.requirement(finding.requirement);
        text += "\n" + std::string(name(finding.verdict)) + ": " + printable(finding.text);
        text += row == nullptr ? "" : " [" + row->clause() + ", " + row->id + "]";
        text += finding.sent.empty() ? "" : "\n  sent: " + printable(finding.sent);
        for (const std::string& expected : finding.expected) {
            text += "\n  expected: " + printable(expected);
        }
        text += finding.got.empty() ? "" : "\n  got: " + printable(finding.got);
    }
    return text;
}

// escaped_uri keeps what a path may hold (RFC 3986 §3.3).
std::string escaped_uri(const std::string& path) {
    constexpr std::string_view kKept =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string text;
    for (const char c : path) {
        const auto octet = static_cast<unsigned char>(c);
        if (kKept.find(c) != std::string_view::npos) {
            text += c;
        } else {
            text += '%';
            text += kDigits[octet >> 4];
            text += kDigits[octet & 15];
        }
    }
    return text;
}

// location_of: the scenario's file relative to where the run was started, if it is below it.
Json location_of(const Case& played) {
    Json location = {
        {"logicalLocations", Json::array({{{"name", played.id.substr(played.suite.size() + 1)},
                                           {"fullyQualifiedName", played.id},
                                           {"kind", "member"}}})}};
    if (!played.file.empty()) {
        std::error_code ignored;
        const fs::path path = fs::absolute(played.file, ignored).lexically_normal();
        const fs::path below = path.lexically_relative(fs::current_path(ignored));
        const bool is_below = !below.empty() && *below.begin() != "..";
        Json physical = {{"artifactLocation",
                          {{"uri", is_below ? escaped_uri(below.generic_string())
                                            : "file://" + escaped_uri(path.generic_string())}}}};
        if (played.line > 0) {
            physical["region"] = {{"startLine", played.line}};
        }
        location["physicalLocation"] = std::move(physical);
    }
    return location;
}

Json result_json(const RunResult& run, std::size_t index, const Catalogue& catalogue) {
    const Case& played = *run.cases[index];
    const CaseResult& result = run.results[index];
    const std::string rule = rule_of(result, catalogue);
    const std::string print = played.id + "\n" + rule + "\n" + std::string(name(result.behaviour));
    Json json = {
        {"ruleId", rule},
        {"kind", is_failure(result) || result.behaviour == Behaviour::non_strict ? "fail"
                                                                                 : "informational"},
        {"level", level_of(result)},
        {"message", {{"text", message_of(result, played, catalogue)}}},
        {"locations", Json::array({location_of(played)})},
        {"partialFingerprints",
         {{"wsproofCase/v1", wire::sha256(std::as_bytes(std::span(print)))}}},
        {"properties",
         {{"verdict", name(result.behaviour)},
          {"closing", name(result.closing)},
          {"replay", printable(replay_command(run, played, result.segment))}}}};
    if (json["kind"] != "fail") {  // SARIF 2.1.0 §3.27.9: any other kind has the level "none"
        json["level"] = "none";
    }
    if (!result.known.empty() || is_allowed(run, result)) {
        const std::string why =
            result.known.empty() ? "allowed: " + std::string(name(result.behaviour)) : result.known;
        json["suppressions"] =
            Json::array({{{"kind", "external"}, {"justification", printable(why)}}});
    }
    return json;
}

}  // namespace

std::string sarif_report(const RunResult& run, const Catalogue& catalogue) {
    Json rules = Json::array();
    Json results = Json::array();
    std::map<std::string, std::size_t> index_of;
    for (std::size_t i = 0; i < run.results.size(); ++i) {
        if (run.results[i].behaviour == Behaviour::pass && !is_failure(run.results[i])) {
            continue;
        }
        Json result = result_json(run, i, catalogue);
        const std::string rule = result["ruleId"];
        if (index_of.emplace(rule, rules.size()).second) {
            rules.push_back(rule_json(rule, catalogue));
        }
        result["ruleIndex"] = index_of[rule];
        results.push_back(std::move(result));
    }
    Json driver = {{"name", "wsproof"}, {"version", WSPROOF_VERSION}, {"rules", std::move(rules)}};
    Json invocation = {{"executionSuccessful", run.ended_early.empty()},
                       {"startTimeUtc", run.started}};
    Json sarif_run = {{"tool", {{"driver", std::move(driver)}}},
                      {"invocations", Json::array({std::move(invocation)})},
                      {"columnKind", "utf16CodeUnits"},
                      {"properties", {{"target", printable(run.target)}, {"seed", run.seed}}},
                      {"results", std::move(results)}};
    const Json sarif = {{"$schema", kSchemaUri},
                        {"version", "2.1.0"},
                        {"runs", Json::array({std::move(sarif_run)})}};
    return sarif.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace wsproof::conformance
