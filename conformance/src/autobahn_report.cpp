#include "autobahn_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "report_format.hpp"
#include "report_html.hpp"
#include "report_json.hpp"

namespace wsproof::conformance {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;  // its members come sorted, as Autobahn's do

constexpr std::size_t kEntriesKept = 30;  // at each end of a transcript
constexpr std::size_t kOctetsShown = 256;
constexpr std::size_t kOutcomeMax = 300;  // characters
constexpr int kIndent = 3;

std::string_view behaviour_word(const AutobahnPlay& play) {
    switch (play.result->behaviour) {
        case Behaviour::pass:
            return "OK";
        case Behaviour::info:
            return "INFORMATIONAL";
        case Behaviour::non_strict:
            return "NON-STRICT";
        case Behaviour::unsupported:
            return is_unimplemented(play) ? "UNIMPLEMENTED" : "FAILED";
        case Behaviour::fail:
        case Behaviour::flaky:
        case Behaviour::crash:
        case Behaviour::hang:
        case Behaviour::blocked:
        case Behaviour::harness_error:
            return "FAILED";
    }
    return "FAILED";
}

// may_just_end: who fails the connection need not say a Close first (RFC 6455 §7.1.7).
bool may_just_end(const Case& played) {
    return std::any_of(played.steps.begin(), played.steps.end(), [](const Step& step) {
        const auto* expect = std::get_if<ExpectStep>(&step.action);
        return expect != nullptr &&
               std::any_of(expect->expectations.begin(), expect->expectations.end(),
                           [](const Expectation& each) {
                               return std::holds_alternative<ExpectFailure>(each.what) ||
                                      std::holds_alternative<ExpectEof>(each.what);
                           });
    });
}

std::string_view closing_word(const AutobahnPlay& play, Role peer) {
    const std::string_view not_ended = peer == Role::server ? "FAILED BY CLIENT" : "UNCLEAN";
    switch (play.result->closing) {
        case Closing::clean:
            return "OK";
        case Closing::wrong_code:
            return "WRONG CODE";
        case Closing::no_close_frame:
        case Closing::unclean:
            return may_just_end(*play.played) ? "OK" : "UNCLEAN";
        case Closing::not_closed:
            return play.result->close_code ? not_ended : "FAILED";
        case Closing::not_judged:
            return behaviour_word(play) == "FAILED" ? "FAILED" : "OK";
    }
    return "FAILED";
}

// rank orders words from good to bad.
std::size_t rank(std::string_view word) {
    constexpr std::array<std::string_view, 7> kWords = {
        "OK",      "INFORMATIONAL",    "NON-STRICT",   "WRONG CODE",
        "UNCLEAN", "FAILED BY CLIENT", "UNIMPLEMENTED"};
    return static_cast<std::size_t>(std::find(kWords.begin(), kWords.end(), word) - kWords.begin());
}

std::string octets(const Entry& entry) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::byte octet :
         std::span(entry.bytes).first(std::min(kOctetsShown, entry.bytes.size()))) {
        const auto value = std::to_integer<unsigned>(octet);
        text += kDigits[value >> 4];
        text += kDigits[value & 15];
    }
    return text + (entry.size > kOctetsShown ? " ..." : "");
}

bool is_http(const Entry& entry) {
    return entry.summary.starts_with("HTTP");
}

bool is_close(const Entry& entry) {
    return entry.kind != Entry::Kind::note && !is_http(entry) && !entry.bytes.empty() &&
           (std::to_integer<unsigned>(entry.bytes.front()) & 15) == 8;
}

// head_of is the first HTTP head that was sent (received), "?" if none is known.
std::string head_of(const std::vector<Entry>& transcript, Entry::Kind kind) {
    const auto found = std::find_if(transcript.begin(), transcript.end(), [&](const Entry& entry) {
        return entry.kind == kind && is_http(entry);
    });
    if (found == transcript.end()) {
        return "?";
    }
    return {reinterpret_cast<const char*>(found->bytes.data()), found->bytes.size()};
}

// add_wire tells who said what, and who ended it.
void add_wire(Json& json, const std::vector<Entry>& transcript, Role peer) {
    Json log = Json::array();
    Json closed_by_us;  // null: nobody did
    Json dropped_by_us;
    for (const Entry& entry : transcript) {
        if (entry.kind == Entry::Kind::sent) {
            log.push_back({"TO", {entry.size, octets(entry)}, false});
        } else if (entry.kind == Entry::Kind::received) {
            log.push_back({"RO", {entry.size, octets(entry)}});
        }
        if (closed_by_us.is_null() && is_close(entry)) {
            closed_by_us = entry.kind == Entry::Kind::sent;
        }
        if (dropped_by_us.is_null() && !entry.ends.empty()) {
            dropped_by_us = entry.ends == "player";
        }
    }
    const bool is_server = peer == Role::client;
    json["wirelog"] = std::move(log);
    json["createWirelog"] = !transcript.empty();
    json["closedByMe"] = closed_by_us;
    json["droppedByMe"] = dropped_by_us;
    json["httpRequest"] =
        head_of(transcript, is_server ? Entry::Kind::received : Entry::Kind::sent);
    json["httpResponse"] =
        head_of(transcript, is_server ? Entry::Kind::sent : Entry::Kind::received);
}

// outcome_of: one sentence on what came of the plays.
std::string outcome_of(const AutobahnVerdict& verdict) {
    const CaseResult& result = *verdict.worst->result;
    if (!result.findings.empty()) {
        return result.findings.front().text + ": got " + result.findings.front().got;
    }
    return result.reason.empty() ? "What came is what the case expects." : result.reason;
}

Json own_json(const AutobahnResult& result, const Catalogue& catalogue) {
    Json own = Json::array();
    for (const AutobahnPlay& play : result.plays) {
        Json findings = Json::array();
        for (const Finding& finding : play.result->findings) {
            const Requirement* row = catalogue.requirement(finding.requirement);
            findings.push_back({{"verdict", name(finding.verdict)},
                                {"clause", row == nullptr ? "" : row->clause()},
                                {"because", finding.because},
                                {"text", finding.text},
                                {"expected", finding.expected},
                                {"got", finding.got}});
        }
        own.push_back({{"case", play.played->id},
                       {"behaviour", name(play.result->behaviour)},
                       {"closing", name(play.result->closing)},
                       {"plays", play.result->plays},
                       {"reason", play.result->reason},
                       {"findings", std::move(findings)}});
    }
    return own;
}

std::string dump(const Json& json) {
    return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json number_or_null(std::optional<std::uint16_t> number) {
    return number ? Json(*number) : Json();
}

std::string page_name(std::string_view agent) {
    return file_name(agent) + "_cases.html";
}

std::string write_pages(const fs::path& directory, const std::vector<AutobahnPage>& pages,
                        const Catalogue& catalogue) {
    std::vector<MatrixTarget> targets;
    for (const AutobahnPage& page : pages) {
        targets.push_back(
            {.name = page.agent, .file = page_name(page.agent), .tool = {}, .run = page.run});
        if (std::string error = write_whole(
                directory / page_name(page.agent),
                html_page(*page.run, catalogue, {.name = page.agent, .home = "index.html"}));
            !error.empty()) {
            return error;
        }
    }
    if (targets.empty()) {
        return {};
    }
    return write_whole(directory / "index.html",
                       html_matrix(targets, catalogue, "Autobahn's cases, played by wsproof"));
}

}  // namespace

bool is_unimplemented(const AutobahnPlay& play) noexcept {
    const auto& needs = play.played->needs;
    return play.result->behaviour == Behaviour::unsupported &&
           std::find(needs.begin(), needs.end(), "deflate") != needs.end() &&
           !play.result->reason.ends_with(": echo");
}

AutobahnVerdict verdict_of(const AutobahnResult& result) {
    AutobahnVerdict verdict{.behavior = "OK", .behavior_close = "OK"};
    double milliseconds = 0;
    for (const AutobahnPlay& play : result.plays) {
        const std::string_view behavior = behaviour_word(play);
        const std::string_view closing = closing_word(play, result.peer);
        if (verdict.worst == nullptr || rank(behavior) > rank(verdict.behavior)) {
            verdict.worst = &play;
            verdict.behavior = behavior;
            verdict.remote_close_code = play.result->close_code;
        }
        if (rank(closing) > rank(verdict.behavior_close)) {
            verdict.behavior_close = closing;
        }
        milliseconds += play.result->ms;
        verdict.is_bad =
            verdict.is_bad || behavior == "FAILED" || play.result->closing == Closing::not_closed;
    }
    verdict.duration = std::llround(milliseconds);
    return verdict;
}

std::string summary_of(const AutobahnResult& result) {
    const AutobahnVerdict verdict = verdict_of(result);
    std::string text(verdict.behavior);
    if (verdict.behavior_close != "OK" && verdict.behavior_close != verdict.behavior) {
        text += " (" + std::string(verdict.behavior_close) + ")";
    }
    if (verdict.behavior == "OK") {
        return text;
    }
    return text + "  " + verdict.worst->played->id + ": " +
           printable(outcome_of(verdict), Charset::utf8, kOutcomeMax);
}

std::string file_name(std::string_view agent) {
    std::string name;
    for (const char c : agent) {
        const bool is_upper = c >= 'A' && c <= 'Z';
        const char small = is_upper ? static_cast<char>(c - 'A' + 'a') : c;
        name += (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9') ? small : ' ';
    }
    const std::size_t begin = name.find_first_not_of(' ');
    if (begin == std::string::npos) {
        return {};
    }
    name = name.substr(begin, name.find_last_not_of(' ') + 1 - begin);
    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
}

std::string report_file(std::string_view agent, std::string_view number) {
    std::string places(number);
    std::replace(places.begin(), places.end(), '.', '_');
    return file_name(agent) + "_case_" + places + ".json";
}

std::string index_json(const std::vector<AutobahnResult>& results) {
    Json index = Json::object();
    for (const AutobahnResult& result : results) {
        const AutobahnVerdict verdict = verdict_of(result);
        index[result.agent][result.number->id] = {
            {"behavior", verdict.behavior},
            {"behaviorClose", verdict.behavior_close},
            {"remoteCloseCode", number_or_null(verdict.remote_close_code)},
            {"duration", verdict.duration},
            {"reportfile", report_file(result.agent, result.number->id)}};
    }
    return dump(index);
}

std::string case_json(const AutobahnResult& result, const Catalogue& catalogue) {
    const AutobahnVerdict verdict = verdict_of(result);
    const CaseResult& worst = *verdict.worst->result;
    Json expected = Json::array();
    for (const Finding& finding : worst.findings) {
        for (const std::string& each : finding.expected) {
            expected.push_back(each);
        }
    }
    Json json = {{"agent", result.agent},
                 {"behavior", verdict.behavior},
                 {"behaviorClose", verdict.behavior_close},
                 {"case", result.index},
                 {"description", result.number->does},
                 {"duration", verdict.duration},
                 {"expectation", verdict.worst->played->title},
                 {"expected", std::move(expected)},
                 {"id", result.number->id},
                 {"isServer", result.peer == Role::client},
                 {"received", Json::array()},
                 {"remoteCloseCode", number_or_null(verdict.remote_close_code)},
                 {"reportTime", false},
                 {"result", outcome_of(verdict)},
                 {"resultClose", name(worst.closing)},
                 {"started", result.started},
                 {"wasClean", worst.closing == Closing::clean},
                 {"wsproof", own_json(result, catalogue)}};
    add_wire(json, worst.transcript, result.peer);
    return dump(json);
}

std::string write_autobahn_reports(const fs::path& directory,
                                   const std::vector<AutobahnResult>& results,
                                   const std::vector<bool>& is_new,
                                   const std::vector<AutobahnPage>& pages,
                                   const Catalogue& catalogue) {
    for (std::size_t i = 0; i < results.size(); ++i) {
        const AutobahnResult& result = results[i];
        const fs::path file = directory / report_file(result.agent, result.number->id);
        if (std::string error = is_new[i] ? write_whole(file, case_json(result, catalogue)) : "";
            !error.empty()) {
            return error;
        }
    }
    if (std::string error = write_pages(directory, pages, catalogue); !error.empty()) {
        return error;
    }
    return write_whole(directory / "index.json", index_json(results));
}

std::string why_no_reports(const fs::path& directory) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (error) {
        return directory.string() + " cannot be made: " + error.message();
    }
    return why_not_writable(directory / "index.json");
}

void shorten(std::vector<Entry>& transcript) {
    if (transcript.size() <= 2 * kEntriesKept + 1) {
        return;
    }
    const std::size_t dropped = transcript.size() - 2 * kEntriesKept;
    const auto begin = transcript.begin() + kEntriesKept;
    *begin = {.kind = Entry::Kind::note,
              .ms = begin->ms,
              .connection = begin->connection,
              .summary = std::to_string(dropped) + " more"};
    transcript.erase(begin + 1, transcript.end() - kEntriesKept);
}

}  // namespace wsproof::conformance
