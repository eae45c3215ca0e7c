// Plays cases again under other cuts of what is sent, and compares the verdicts: one that changes
// is a finding of its own.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "run_result.hpp"
#include "segment.hpp"

namespace wsproof::conformance {

// is_cuttable: the case has something that this segmentation cuts, and is not about time or limits.
[[nodiscard]] bool is_cuttable(const Case& played, const Segmentation& segmentation);

// difference: what it comes to that the case, played whole with one result, had another under a
// segmentation; nullopt where they are alike. The close axis is not compared, and no manner of
// refusing: bytes behind the first piece of what is refused may draw a reset.
[[nodiscard]] std::optional<Behaviour> difference(const Case& played, const CaseResult& whole,
                                                  const CaseResult& cut);

// PlayAgain plays cases under a segmentation, several at a time or one after the other, and gives
// one result for each.
using PlayAgain = std::function<RunResult(const std::vector<const Case*>& cases,
                                          const Segmentation& segmentation, bool one_by_one)>;

// judge_segments plays each case of `result` that was not failed under each segmentation, makes
// sure of what differs, and adds what it finds to `result`.
void judge_segments(const std::vector<Segmentation>& segmentations, const PlayAgain& play,
                    RunResult& result);

}  // namespace wsproof::conformance
