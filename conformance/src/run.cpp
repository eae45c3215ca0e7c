#include "run.hpp"

#include <algorithm>
#include <map>

#include "dispatcher.hpp"
#include "segment_judge.hpp"

namespace wsproof::conformance {

// What monitors merely noted is true of the target; the run says it once.
void note_monitors(RunResult& result) {
    std::map<std::string, std::pair<const Finding*, std::size_t>> noted;
    for (const CaseResult& each : result.results) {
        for (const Finding& finding : each.findings) {
            if (finding.monitor && finding.verdict < Behaviour::fail) {
                auto& entry = noted[finding.requirement];
                entry.first = &finding;
                ++entry.second;
            }
        }
    }
    for (const auto& [requirement, entry] : noted) {
        Finding finding = *entry.first;
        finding.got +=
            " (in " + std::to_string(entry.second) + (entry.second == 1 ? " case)" : " cases)");
        result.findings.push_back(std::move(finding));
    }
}

void run(Stage& stage, const std::vector<const Case*>& cases, const RunOptions& options,
         const Progress& progress, RunResult& result) {
    const net::Deadline ends = net::Clock::now() + options.max_time;
    Dispatcher(stage, cases, options, progress, result).play_all();
    judge_segments(
        options.segmentations,
        [&](const std::vector<const Case*>& again, const Segmentation& segmentation,
            bool one_by_one) {
            RunOptions how = options;
            how.jobs = one_by_one ? 1 : options.jobs;
            how.max_time = std::chrono::duration_cast<std::chrono::seconds>(
                std::max(ends - net::Clock::now(), net::Clock::duration::zero()));
            RunResult played;
            stage.segmentation = segmentation;
            Dispatcher(stage, again, how, {[](std::size_t, const CaseResult&) {}}, played)
                .play_all();
            stage.segmentation = {};
            return played;
        },
        result);
    if (options.baseline != nullptr) {  // another cut can have made a verdict worse
        for (CaseResult& each : result.results) {
            options.baseline->mark(each);
        }
    }
    result.interrupted = stage.interrupt.is_triggered();
    if (result.interrupted) {
        result.ended_early = "interrupted";
    }
    note_monitors(result);
}

}  // namespace wsproof::conformance
