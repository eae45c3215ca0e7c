#include "run_result.hpp"

#include <algorithm>

namespace wsproof::conformance {

Totals count(const RunResult& run) {
    Totals totals;
    for (const CaseResult& result : run.results) {
        ++totals.behaviour[result.behaviour];
        if (result.plays > 0) {
            ++totals.played;
            ++totals.closing[result.closing];
        }
    }
    return totals;
}

int exit_code_of(const RunResult& run, Allowed allowed) {
    constexpr int kConforms = 0;
    constexpr int kFails = 1;
    constexpr int kHarnessFault = 4;
    constexpr int kInterrupted = 130;
    if (run.interrupted) {
        return kInterrupted;
    }
    const auto any = [&run](auto holds) {
        return std::any_of(run.results.begin(), run.results.end(), holds);
    };
    if (any([](const CaseResult& result) {
            return result.behaviour == Behaviour::harness_error;
        })) {
        return kHarnessFault;
    }
    const bool fails = any([&](const CaseResult& result) {
        if ((result.behaviour == Behaviour::flaky && allowed.flaky) ||
            (result.behaviour == Behaviour::blocked && allowed.blocked)) {
            return false;
        }
        return is_bad(result.behaviour) || result.closing == Closing::not_closed;
    });
    return fails ? kFails : kConforms;
}

}  // namespace wsproof::conformance
