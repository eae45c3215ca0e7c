// Known failures: a file that says which cases fail, why, and until when that is put up with. What
// it covers does not fail a run; only news does.
//
//     {"known": [{"case": "rfc6455/8.1-*", "reason": "text is not checked", "expires":
//     "2027-01-31",
//                 "verdict": ["fail"]}]}
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "run_result.hpp"
#include "template.hpp"

namespace wsproof::conformance {

struct KnownFailure {
    std::string cases{};  // an id, one without its parameters, or a glob (* and ?) over either
    std::string reason{};
    std::string expires{};                // the last day it counts, "2027-01-31"; empty: for ever
    std::vector<std::string> verdicts{};  // "fail", "not-closed", …; none: whatever it is
};

class Baseline {
  public:
    Baseline() = default;
    // A baseline as of `today` ("2026-12-31"). Throws BadScenario.
    Baseline(const Json& json, std::string_view today);
    // load reads a file. Throws BadScenario.
    [[nodiscard]] static Baseline load(const std::filesystem::path& path, std::string_view today);

    // mark sets `known` of a result that is bad and covered. What could not be judged for trouble
    // of our own is never covered.
    void mark(CaseResult& result) const;
    // notes says what of the baseline is due for a look: entries that have expired, that no case of
    // the library is called like, and those of whose cases some were played and none failed.
    [[nodiscard]] std::vector<BaselineNote> notes(const RunResult& run,
                                                  const std::vector<Case>& library) const;
    // renewed is a baseline of the bad cases of `run`: entries of this one that cover some stay as
    // they are; the others' cases get an entry each, or one for all cases of a scenario.
    [[nodiscard]] std::string renewed(const RunResult& run) const;

  private:
    [[nodiscard]] const KnownFailure* covering(const CaseResult& result) const;

    std::vector<KnownFailure> known_;
    std::vector<KnownFailure> expired_;
};

}  // namespace wsproof::conformance
