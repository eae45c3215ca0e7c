// The report for code scanning: SARIF 2.1.0, a rule for each requirement that was broken.
#pragma once

#include <string>

#include "catalogue.hpp"
#include "run_result.hpp"

namespace wsproof::conformance {

// sarif_report: a result for each case that is not a pass, with its worst finding as the rule.
// Fail, crash, hang, flaky, blocked and harness-error are errors, non-strict is a warning, info and
// unsupported are notes; what the baseline or --allow puts up with is suppressed, with the reason.
[[nodiscard]] std::string sarif_report(const RunResult& run, const Catalogue& catalogue);

}  // namespace wsproof::conformance
