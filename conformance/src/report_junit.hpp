// The report for CI systems: JUnit's XML, a test suite for each of ours, a test case for each case.
#pragma once

#include <string>

#include "catalogue.hpp"
#include "run_result.hpp"

namespace wsproof::conformance {

// junit_report: fail, crash, hang and flaky are failures; blocked and harness-error are errors;
// unsupported, and what the baseline or --allow puts up with, is skipped.
[[nodiscard]] std::string junit_report(const RunResult& run, const Catalogue& catalogue);

}  // namespace wsproof::conformance
