// Reports as Autobahn|Testsuite writes them: index.json and one file for each agent and case, in
// its words and names. What a case of ours came to stands beside them, under "wsproof".
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"
#include "run_result.hpp"

namespace wsproof::conformance {

// AutobahnPlay is one of our cases and what it came to. Both outlive it.
struct AutobahnPlay {
    const Case* played = nullptr;
    const CaseResult* result = nullptr;
};

// AutobahnResult is one of Autobahn's cases with one agent.
struct AutobahnResult {
    const AutobahnCase* number = nullptr;
    std::size_t index = 0;  // from 1, among all of Autobahn's cases
    std::string agent;
    std::string started;  // RFC 3339
    Role peer = Role::server;
    std::vector<AutobahnPlay> plays;  // at least one
};

struct AutobahnVerdict {
    std::string_view behavior;  // "OK", "NON-STRICT", "INFORMATIONAL", "UNIMPLEMENTED", "FAILED"
    std::string_view behavior_close;  // "OK", "WRONG CODE", "UNCLEAN", "FAILED BY CLIENT", "FAILED"
    std::optional<std::uint16_t> remote_close_code{};
    std::int64_t duration = 0;  // milliseconds
    bool is_bad = false;        // makes the exit code 1
    const AutobahnPlay* worst = nullptr;
};

// verdict_of takes the worst of the plays on each axis.
[[nodiscard]] AutobahnVerdict verdict_of(const AutobahnResult& result);

// summary_of is the verdict in words for people: "OK", or "FAILED (UNCLEAN)  our-case: why".
[[nodiscard]] std::string summary_of(const AutobahnResult& result);

// is_unimplemented: an optional feature that the peer lacks. Autobahn's only one is
// permessage-deflate; a peer that does not echo has failed its case.
[[nodiscard]] bool is_unimplemented(const AutobahnPlay& play) noexcept;

// file_name makes an agent's name one for files: small letters, digits and underscores.
[[nodiscard]] std::string file_name(std::string_view agent);
// report_file: "ws_case_1_1_1.json".
[[nodiscard]] std::string report_file(std::string_view agent, std::string_view number);

[[nodiscard]] std::string index_json(const std::vector<AutobahnResult>& results);
[[nodiscard]] std::string case_json(const AutobahnResult& result, const Catalogue& catalogue);

// AutobahnPage is what a page of HTML shows: an agent and our cases.
struct AutobahnPage {
    std::string agent;
    const RunResult* run = nullptr;
};

// write_autobahn_reports writes index.json, the files of `results`, of which `is_new` tells which
// have to be written, and pages: index.html and one for each agent. Empty on success, else the
// reason.
[[nodiscard]] std::string write_autobahn_reports(const std::filesystem::path& directory,
                                                 const std::vector<AutobahnResult>& results,
                                                 const std::vector<bool>& is_new,
                                                 const std::vector<AutobahnPage>& pages,
                                                 const Catalogue& catalogue);

// why_no_reports says, before anything is played, why reports could not be written there; empty if
// they can. It makes the directory.
[[nodiscard]] std::string why_no_reports(const std::filesystem::path& directory);

// shorten drops the middle of a long transcript.
void shorten(std::vector<Entry>& transcript);

}  // namespace wsproof::conformance
