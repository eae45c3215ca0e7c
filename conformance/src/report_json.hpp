// The machine's report: everything, in one JSON document (data/report.schema.json).
#pragma once

#include <filesystem>
#include <string>

#include "catalogue.hpp"
#include "run_result.hpp"

namespace wsproof::conformance {

// The number of the schema; it grows when a reader of the last one would be misled.
constexpr int kReportSchema = 2;

// json_report renders the run, whole or partial. Payloads over 256 bytes stand as recipe, hash and
// first difference.
[[nodiscard]] std::string json_report(const RunResult& run, const Catalogue& catalogue);

// write_whole replaces `path` by `text` at once, by way of a file beside it. Empty on success, else
// the reason.
[[nodiscard]] std::string write_whole(const std::filesystem::path& path, const std::string& text);

// why_not_writable says, before anything is played, why a report could not be written there; empty
// if it can.
[[nodiscard]] std::string why_not_writable(const std::filesystem::path& path);

}  // namespace wsproof::conformance
