#include "demands.hpp"

#include <algorithm>

namespace wsproof::conformance {

namespace {

bool has_canary(const Case& played) {
    return std::any_of(played.steps.begin(), played.steps.end(), [](const Step& step) {
        return std::holds_alternative<CanaryStep>(step.action);
    });
}

bool wants_message(const Expectation& expectation) {
    const auto is_message = [](const Expectation& each) {
        return std::holds_alternative<ExpectMessage>(each.what);
    };
    const auto* failure = std::get_if<ExpectFailure>(&expectation.what);
    return is_message(expectation) ||
           (failure != nullptr &&
            std::any_of(failure->allow.begin(), failure->allow.end(), is_message));
}

// only_fences: the case needs the echo for its fences alone, where a probe does as well.
bool only_fences(const Case& played) {
    return std::none_of(played.steps.begin(), played.steps.end(), [](const Step& step) {
        const auto* expect = std::get_if<ExpectStep>(&step.action);
        return expect != nullptr &&
               std::any_of(expect->expectations.begin(), expect->expectations.end(), wants_message);
    });
}

// speaks_early: frames leave before the answer to the handshake is looked at, so that no prologue
// can come before them.
bool speaks_early(const Case& played) {
    for (auto step = played.steps.begin(); step != played.steps.end(); ++step) {
        const auto* request = std::get_if<RequestStep>(&step->action);
        if (request == nullptr) {
            continue;
        }
        const auto next = std::find_if(step + 1, played.steps.end(),
                                       [&](const Step& each) { return each.on == step->on; });
        if (!request->then.empty() ||
            (next != played.steps.end() && (std::holds_alternative<SendStep>(next->action) ||
                                            std::holds_alternative<FenceStep>(next->action) ||
                                            std::holds_alternative<CloseStep>(next->action)))) {
            return true;
        }
    }
    return false;
}

}  // namespace

std::string why_unplayable(const Case& played, const Stage& stage,
                           const std::vector<std::string>& unmet, bool many) {
    if (has_canary(played) && !many) {
        return "the target takes one connection at a time";
    }
    if (has_canary(played) && !stage.can_answer()) {
        return "the target answers neither messages nor Pings";
    }
    if (!stage.target.prologue.empty() && speaks_early(played)) {
        return "the case speaks before a prologue can be played";
    }
    for (const std::string& need : played.needs) {
        const bool is_replaced = need == "echo" && stage.target.probe && only_fences(played);
        if (!is_replaced && std::find(unmet.begin(), unmet.end(), need) != unmet.end()) {
            return "the target does not offer: " + need;
        }
    }
    return {};
}

}  // namespace wsproof::conformance
