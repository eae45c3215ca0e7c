// The report for harnesses that read the Test Anything Protocol, version 14.
#pragma once

#include <string>

#include "catalogue.hpp"
#include "run_result.hpp"

namespace wsproof::conformance {

// tap_report: a test point for each case, with the findings as a YAML block. Unsupported is SKIP;
// what the baseline or --allow puts up with is TODO, with the reason.
[[nodiscard]] std::string tap_report(const RunResult& run, const Catalogue& catalogue);

}  // namespace wsproof::conformance
