#include "run_result.hpp"

#include <algorithm>

#include "report_format.hpp"

namespace wsproof::conformance {

std::string_view name(BaselineNote::Kind kind) noexcept {
    switch (kind) {
        case BaselineNote::Kind::not_needed:
            return "no longer needed";
        case BaselineNote::Kind::of_no_case:
            return "matches no case";
        case BaselineNote::Kind::expired:
            return "expired";
    }
    return "";
}

Totals count(const RunResult& run) {
    Totals totals;
    for (const CaseResult& result : run.results) {
        ++totals.behaviour[result.behaviour];
        totals.known += result.known.empty() ? 0 : 1;
        totals.news += is_news(result) ? 1 : 0;
        if (result.plays > 0) {
            ++totals.played;
            ++totals.closing[result.closing];
        }
    }
    return totals;
}

bool is_allowed(const RunResult& run, const CaseResult& result) noexcept {
    return (result.behaviour == Behaviour::flaky && run.allowed.flaky) ||
           (result.behaviour == Behaviour::blocked && run.allowed.blocked);
}

int exit_code_of(const RunResult& run) {
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
    const bool fails = any(
        [&run](const CaseResult& result) { return is_news(result) && !is_allowed(run, result); });
    return fails || !run.deaths.empty() ? kFails : kConforms;
}

}  // namespace wsproof::conformance
