// A report that was written (report_json.hpp), read back: so that one can be made into any other,
// merged with its shards or compared with a later one.
#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <vector>

#include "run_result.hpp"
#include "template.hpp"

namespace wsproof::conformance {

// StoredRun is a run with cases of its own: without steps, which no report has. It is moved and not
// copied: `run` points into `cases`, whose elements stay where they are when a deque is moved.
struct StoredRun {
    StoredRun() = default;
    StoredRun(StoredRun&&) = default;
    StoredRun& operator=(StoredRun&&) = default;

    std::string tool;  // "wsproof 0.1.0": what judged
    std::deque<Case> cases;
    RunResult run;
};

// read_report reads a file of `wsproof test --json`. Throws BadScenario with the place of what is
// wrong: not to be read, no JSON, no report, a report of another schema.
[[nodiscard]] StoredRun read_report(const std::filesystem::path& path);

// stored_run is the same of a document.
[[nodiscard]] StoredRun stored_run(const Json& report);

}  // namespace wsproof::conformance
