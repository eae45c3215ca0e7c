// The report for pages that render Markdown, such as the step summary of GitHub Actions.
#pragma once

#include <string>

#include "catalogue.hpp"
#include "run_result.hpp"

namespace wsproof::conformance {

// markdown_report: totals, a table of sections, and the first failures whole; under 1 MiB, which is
// what a step summary may have.
[[nodiscard]] std::string markdown_report(const RunResult& run, const Catalogue& catalogue);

}  // namespace wsproof::conformance
