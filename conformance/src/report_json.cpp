#include "report_json.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>

#include "wire/utf8.hpp"

namespace wsproof::conformance {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kHexMax = 4096;  // bytes of an entry: a field can have a megabyte

std::string hex(const std::vector<std::byte>& bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::byte octet : std::span(bytes).first(std::min(kHexMax, bytes.size()))) {
        const auto value = std::to_integer<unsigned>(octet);
        text += kDigits[value >> 4];
        text += kDigits[value & 15];
    }
    return text;
}

// What a peer sent need not be UTF-8; JSON is.
std::string printable(const std::string& text) {
    if (wire::is_utf8(std::as_bytes(std::span(text)))) {
        return text;
    }
    std::string ascii;
    for (const char c : text) {
        ascii += static_cast<unsigned char>(c) < 0x80 ? c : '?';
    }
    return ascii;
}

Json finding_json(const Finding& finding, const Catalogue& catalogue) {
    const Requirement* row = catalogue.requirement(finding.requirement);
    Json json = {{"verdict", name(finding.verdict)},
                 {"requirement", finding.requirement},
                 {"clause", row == nullptr ? "" : row->clause()},
                 {"because", finding.because},
                 {"text", printable(finding.text)},
                 {"sent", printable(finding.sent)},
                 {"expected", Json::array()},
                 {"got", printable(finding.got)},
                 {"step", finding.step},
                 {"monitor", finding.monitor},
                 {"segment", finding.segment}};
    if (finding.ms) {
        json["ms"] = *finding.ms;
    }
    for (const std::string& expected : finding.expected) {
        json["expected"].push_back(printable(expected));
    }
    return json;
}

Json entry_json(const Entry& entry) {
    constexpr const char* kKinds[] = {"sent", "received", "note"};
    Json json = {{"kind", kKinds[static_cast<std::size_t>(entry.kind)]},
                 {"ms", entry.ms},
                 {"connection", entry.connection},
                 {"summary", printable(entry.summary)}};
    if (entry.size > 0) {
        json["size"] = entry.size;
        json["hex"] = hex(entry.bytes);
    }
    if (!entry.sha256.empty()) {
        json["sha256"] = entry.sha256;
    }
    if (!entry.generator.empty()) {
        json["generator"] = entry.generator;
    }
    if (entry.first_difference) {
        json["first_difference"] = *entry.first_difference;
    }
    if (entry.inflated_size) {
        json["inflated_size"] = *entry.inflated_size;
        json["inflated"] = hex(entry.inflated);
    }
    if (!entry.ends.empty()) {
        json["ends"] = entry.ends;
    }
    return json;
}

Json case_json(const Case& played, const CaseResult& result, const Catalogue& catalogue) {
    Json json = {{"id", played.id},
                 {"suite", played.suite},
                 {"scenario", played.scenario},
                 {"index", played.index},
                 {"title", played.title},
                 {"why", played.why},
                 {"section", played.section},
                 {"group", played.group},
                 {"under_test", name(played.under_test)},
                 {"level", name(played.level)},
                 {"requires", played.requirements},
                 {"like", played.like},
                 {"file", played.file},
                 {"line", played.line},
                 {"behaviour", name(result.behaviour)},
                 {"closing", name(result.closing)},
                 {"close_code", nullptr},
                 {"ms", result.ms},
                 {"plays", result.plays},
                 {"failed", result.failed},
                 {"reason", printable(result.reason)},
                 {"segment", result.segment},
                 {"segments", Json::object()},
                 {"known", result.known},
                 {"findings", Json::array()},
                 {"transcript", Json::array()},
                 {"pieces", Json::array()}};
    for (const auto& [segment, behaviour] : result.segments) {
        json["segments"][segment] = name(behaviour);
    }
    if (result.close_code) {
        json["close_code"] = *result.close_code;
    }
    for (const Finding& finding : result.findings) {
        json["findings"].push_back(finding_json(finding, catalogue));
    }
    for (const Entry& entry : result.transcript) {
        json["transcript"].push_back(entry_json(entry));
    }
    for (const TcpPiece& piece : result.pieces) {
        json["pieces"].push_back(Json::array(
            {piece.ms, piece.connection, piece.sent ? "sent" : "received", piece.size}));
    }
    return json;
}

Json baseline_json(const RunResult& run) {
    const Totals totals = count(run);
    Json json = {{"known", totals.known}, {"new", totals.news}, {"notes", Json::array()}};
    for (const BaselineNote& note : run.baseline_notes) {
        json["notes"].push_back({{"case", note.cases},
                                 {"reason", note.reason},
                                 {"note", name(note.kind)},
                                 {"detail", note.detail}});
    }
    return json;
}

Json run_json(const RunResult& run) {
    Json allow = Json::array();
    if (run.allowed.flaky) {
        allow.push_back("flaky");
    }
    if (run.allowed.blocked) {
        allow.push_back("blocked");
    }
    return {{"role", run.role == Role::client ? "client" : "server"},
            {"command", run.command},
            {"options", run.options},
            {"filters", run.asked.filters},
            {"groups", run.asked.groups},
            {"like", run.asked.likes},
            {"segments", run.segments},
            {"max_time", run.asked.max_time},
            {"allow", allow},
            {"baseline", run.asked.baseline},
            {"shard", run.asked.shard}};
}

Json suites_json(const RunResult& run) {
    Json json = Json::object();
    for (const Case* each : run.cases) {
        json[each->suite] = each->suite_title;
    }
    return json;
}

Json totals_json(const RunResult& run) {
    const Totals totals = count(run);
    Json json = {{"cases", run.results.size()},
                 {"played", totals.played},
                 {"behaviour", Json::object()},
                 {"closing", Json::object()}};
    for (const auto& [behaviour, number] : totals.behaviour) {
        json["behaviour"][std::string(name(behaviour))] = number;
    }
    for (const auto& [closing, number] : totals.closing) {
        json["closing"][std::string(name(closing))] = number;
    }
    return json;
}

}  // namespace

std::string json_report(const RunResult& run, const Catalogue& catalogue) {
    Json json = {{"schema", kReportSchema},
                 {"tool", "wsproof " WSPROOF_VERSION},
                 {"target", run.target},
                 {"started", run.started},
                 {"seconds", run.seconds},
                 {"seed", run.seed},
                 {"jobs", run.jobs},
                 {"interrupted", run.interrupted},
                 {"ended_early", run.ended_early},
                 {"restarts", run.restarts},
                 {"deaths", Json::array()},
                 {"facts", Json::object()},
                 {"run", run_json(run)},
                 {"suites", suites_json(run)},
                 {"totals", totals_json(run)},
                 {"findings", Json::array()},
                 {"cases", Json::array()}};
    if (run.has_baseline) {
        json["baseline"] = baseline_json(run);
    }
    for (const std::string& death : run.deaths) {
        json["deaths"].push_back(printable(death));
    }
    for (const auto& [key, value] : run.facts) {
        json["facts"][key] = printable(value);
    }
    for (const Finding& finding : run.findings) {
        json["findings"].push_back(finding_json(finding, catalogue));
    }
    for (std::size_t i = 0; i < run.results.size(); ++i) {
        json["cases"].push_back(case_json(*run.cases[i], run.results[i], catalogue));
    }
    return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string write_whole(const fs::path& path, const std::string& text) {
    const fs::path beside = path.string() + "." + std::to_string(::getpid()) + ".tmp";
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    std::error_code error;
    if (!file) {
        error = std::error_code(errno, std::generic_category());
    } else {
        fs::rename(beside, path, error);
    }
    if (error) {
        std::error_code ignored;
        fs::remove(beside, ignored);
        return path.string() + ": " + error.message();
    }
    return {};
}

std::string why_not_writable(const fs::path& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
        return path.string() + ": is a directory; name a file";
    }
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, error)) {
        return path.string() + ": there is no directory " + folder.string();
    }
    if (::access(folder.c_str(), W_OK) != 0) {
        return path.string() + ": " + std::strerror(errno);
    }
    return {};
}

}  // namespace wsproof::conformance
