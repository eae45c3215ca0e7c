// Plays many cases against one target, several at a time, and makes sure of what failed.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "baseline.hpp"
#include "player.hpp"
#include "run_result.hpp"

namespace wsproof::conformance {

struct RunOptions {
    unsigned jobs = 8;
    std::chrono::seconds max_time{600};
    bool keep_transcripts = false;              // of cases that passed too
    bool many_connections = true;               // else one case at a time and no canary
    std::vector<std::string> unsupported;       // needs that the target does not meet
    std::vector<Segmentation> segmentations{};  // other cuts under which cases are played again
    const Baseline* baseline = nullptr;         // marks results before they are told
};

// Progress is told what happens, from any thread but one at a time.
struct Progress {
    std::function<void(std::size_t index, const CaseResult&)> done;  // the verdict on a case stands
};

// note_monitors adds to `result.findings` what monitors merely noted, once for all its cases.
void note_monitors(RunResult& result);

// run plays `cases` and fills in `result.results`, one for each, in order; `result.seed` and
// `result.facts` are the caller's.
void run(Stage& stage, const std::vector<const Case*>& cases, const RunOptions& options,
         const Progress& progress, RunResult& result);

}  // namespace wsproof::conformance
