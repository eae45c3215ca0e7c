#include "segment_judge.hpp"

#include <algorithm>
#include <map>

namespace wsproof::conformance {

namespace {

constexpr int kConfirmations = 3;
constexpr std::size_t kConfirmedOfACause = 4;  // more of the same cause are believed

// cuts_itself: these steps say how they are cut.
bool cuts_itself(const Cut& cut) {
    return cut.kind != Cut::Kind::whole || cut.pause.count() > 0;
}

bool is_sent_by_player(const Step& step) {
    if (const auto* send = std::get_if<SendStep>(&step.action)) {
        return !cuts_itself(send->cut);
    }
    return std::holds_alternative<FenceStep>(step.action) ||
           std::holds_alternative<CloseStep>(step.action);
}

bool has_head_to_cut(const Case& played) {
    return std::any_of(played.steps.begin(), played.steps.end(), [](const Step& step) {
        const auto* request = std::get_if<RequestStep>(&step.action);
        return request != nullptr && !cuts_itself(request->cut);
    });
}

// is_refused: something that is sent is to be refused, or to end the connection.
bool is_refused(const Step& step) {
    if (const auto* send = std::get_if<SendStep>(&step.action)) {
        return std::any_of(send->items.begin(), send->items.end(),
                           [](const Item& item) { return item.offence; });
    }
    const auto* expect = std::get_if<ExpectStep>(&step.action);
    if (expect == nullptr) {
        return false;
    }
    return std::any_of(
        expect->expectations.begin(), expect->expectations.end(), [](const Expectation& each) {
            const auto* response = std::get_if<ExpectResponse>(&each.what);
            return std::holds_alternative<ExpectFailure>(each.what) ||
                   std::holds_alternative<ExpectEof>(each.what) ||
                   (response != nullptr && response->kind == ExpectResponse::Kind::refused);
        });
}

// A case about limits names the clause, or admits a Close for size alone.
bool is_about_limits(const Case& played) {
    return std::any_of(played.requirements.begin(), played.requirements.end(),
                       [](const std::string& row) { return row.starts_with("6455-10.4"); });
}

bool is_by_monitor(const CaseResult& result) {
    return !result.findings.empty() && result.findings.front().monitor;
}

bool was_refused_at_opening(const CaseResult& result) {
    return result.behaviour == Behaviour::blocked && result.plays > 0;
}

std::string got_of(const CaseResult& result) {
    std::string text(name(was_refused_at_opening(result) ? Behaviour::fail : result.behaviour));
    if (!result.findings.empty()) {
        text += ": " + result.findings.front().got;
    } else if (!result.reason.empty()) {
        text += ": " + result.reason;
    }
    return text;
}

// is_about_opening: what differs is the answer to the request, which the case itself looks at.
bool is_about_opening(const CaseResult& result) {
    return !result.findings.empty() && result.findings.front().requirement.starts_with("6455-4.");
}

// The clause: a frame may be cut anywhere (RFC 6455 §5.2), and so may the head before it (§4.2.1).
std::string clause_of(const Case& played, const CaseResult& cut) {
    const bool has_frames =
        std::any_of(played.steps.begin(), played.steps.end(), is_sent_by_player);
    const bool is_of_head = was_refused_at_opening(cut) || is_about_opening(cut) || !has_frames;
    return is_of_head ? "6455-4.2.1-1" : "6455-5.2-16";
}

// Pass plays the cases under one segmentation.
class Pass {
  public:
    Pass(const Segmentation& segmentation, const PlayAgain& play, RunResult& result)
        : segmentation_(segmentation), play_(play), result_(result) {}

    void play() {
        std::vector<std::size_t> indices;
        for (std::size_t i = 0; i < result_.cases.size(); ++i) {
            if (result_.results[i].behaviour < Behaviour::unsupported &&
                is_cuttable(*result_.cases[i], segmentation_)) {
                indices.push_back(i);
            }
        }
        if (indices.empty()) {
            return;
        }
        RunResult cut = again(indices, segmentation_, false);
        result_.ended_early = cut.ended_early;
        for (std::size_t k = 0; k < indices.size(); ++k) {
            compare(indices[k], cut.results[k]);
        }
    }

  private:
    RunResult again(const std::vector<std::size_t>& indices, const Segmentation& segmentation,
                    bool one_by_one) {
        std::vector<const Case*> cases;
        for (const std::size_t index : indices) {
            cases.push_back(result_.cases[index]);
        }
        return play_(cases, segmentation, one_by_one);
    }

    CaseResult alone(std::size_t index, const Segmentation& segmentation) {
        return std::move(again({index}, segmentation, true).results.front());
    }

    void compare(std::size_t index, CaseResult& cut) {
        const CaseResult& whole = result_.results[index];
        if (cut.plays == 0 && cut.behaviour == Behaviour::blocked) {
            return;
        }
        std::optional<Behaviour> verdict = difference(*result_.cases[index], whole, cut);
        if (verdict) {
            verdict = confirmed(index, cut, *verdict);
        }
        note(index, verdict ? *verdict : whole.behaviour);
        if (verdict) {
            merge(index, cut, *verdict);
        }
    }

    void note(std::size_t index, Behaviour behaviour) {
        result_.results[index].segments.emplace_back(name(segmentation_), behaviour);
    }

    // confirmed: played alone, whole is as it was each time, and the cut differs each time; else it
    // is flaky, or was nothing but the load of many cases at a time.
    std::optional<Behaviour> confirmed(std::size_t index, CaseResult& cut, Behaviour verdict) {
        if (verdict > Behaviour::fail) {
            return verdict;  // the run has made sure of these
        }
        const std::string cause =
            cut.findings.empty() ? cut.reason : cut.findings.front().requirement;
        std::size_t& known = confirmed_[cause];
        if (known >= kConfirmedOfACause) {
            return verdict;
        }
        const Case& played = *result_.cases[index];
        const CaseResult& whole = result_.results[index];
        int differed = 0;
        for (int round = 0; round < kConfirmations; ++round) {
            const CaseResult uncut = alone(index, Segmentation{});
            if (uncut.behaviour != whole.behaviour) {
                return std::nullopt;  // it changes without any cut
            }
            CaseResult once_more = alone(index, segmentation_);
            if (difference(played, whole, once_more)) {
                ++differed;
                cut = std::move(once_more);
            }
        }
        cut.plays = kConfirmations + 1;
        cut.failed = differed + 1;
        if (differed == kConfirmations) {
            ++known;
            return verdict;
        }
        return differed == 0 || verdict < Behaviour::fail ? std::nullopt
                                                          : std::optional(Behaviour::flaky);
    }

    void merge(std::size_t index, CaseResult& cut, Behaviour verdict) {
        const Case& played = *result_.cases[index];
        CaseResult& whole = result_.results[index];
        const std::string policy = name(segmentation_);
        Finding finding{.verdict = verdict,
                        .requirement = clause_of(played, cut),
                        .text = "The verdict depends on how TCP cuts the bytes",
                        .expected = {std::string(name(whole.behaviour)) +
                                     ", as when each step leaves in one write"},
                        .got = got_of(cut) + " (with --segment " + policy + ")",
                        .segment = policy};
        if (!cut.findings.empty()) {
            finding.sent = cut.findings.front().sent;
            finding.step = cut.findings.front().step;
            finding.ms = cut.findings.front().ms;
        }
        if (verdict == Behaviour::flaky) {
            whole.reason = "with --segment " + policy + " failed " + std::to_string(cut.failed) +
                           " of " + std::to_string(cut.plays) + " times";
        } else if (!cut.reason.empty() && verdict > Behaviour::fail) {
            whole.reason = cut.reason;
        }
        const auto place = std::upper_bound(
            whole.findings.begin(), whole.findings.end(), finding,
            [](const Finding& a, const Finding& b) { return a.verdict > b.verdict; });
        whole.findings.insert(place, std::move(finding));
        if (verdict > whole.behaviour) {
            whole.behaviour = verdict;
            whole.segment = policy;
            whole.transcript = std::move(cut.transcript);
            whole.pieces = std::move(cut.pieces);
            whole.plays = cut.plays;
            whole.failed = cut.failed;
        }
    }

    const Segmentation& segmentation_;
    const PlayAgain& play_;
    RunResult& result_;
    std::map<std::string, std::size_t> confirmed_;
};

}  // namespace

bool is_cuttable(const Case& played, const Segmentation& segmentation) {
    if (segmentation.is_whole() || played.group == "fail-fast" || played.group == "timers" ||
        played.group == "heavy" || is_about_limits(played)) {
        return false;
    }
    const bool cuts_heads = segmentation.kind != Segmentation::Kind::frames &&
                            segmentation.kind != Segmentation::Kind::coalesce;
    return (cuts_heads && has_head_to_cut(played)) ||
           std::any_of(played.steps.begin(), played.steps.end(), is_sent_by_player);
}

std::optional<Behaviour> difference(const Case& played, const CaseResult& whole,
                                    const CaseResult& cut) {
    if (was_refused_at_opening(cut)) {
        return Behaviour::fail;
    }
    const bool refuses = std::any_of(played.steps.begin(), played.steps.end(), is_refused);
    switch (cut.behaviour) {
        case Behaviour::pass:
        case Behaviour::info:
        case Behaviour::non_strict: {
            // What the RFC leaves open may well depend on what has come by then.
            const bool is_lesser = (cut.behaviour == Behaviour::non_strict) !=
                                   (whole.behaviour == Behaviour::non_strict);
            return is_lesser && !refuses ? std::optional(Behaviour::non_strict) : std::nullopt;
        }
        case Behaviour::fail:
            return refuses && cut.was_reset && !is_by_monitor(cut) ? std::nullopt
                                                                   : std::optional(Behaviour::fail);
        case Behaviour::flaky:
            // Once, among many: the load of so many pieces.
            return cut.failed > 1 ? std::optional(Behaviour::flaky) : std::nullopt;
        case Behaviour::crash:
        case Behaviour::hang:
            return cut.behaviour;
        case Behaviour::unsupported:
        case Behaviour::blocked:
        case Behaviour::harness_error:
            return std::nullopt;
    }
    return std::nullopt;
}

void judge_segments(const std::vector<Segmentation>& segmentations, const PlayAgain& play,
                    RunResult& result) {
    for (const Segmentation& segmentation : segmentations) {
        if (segmentation.is_whole() || !result.ended_early.empty()) {
            continue;
        }
        result.segments.push_back(name(segmentation));
        Pass(segmentation, play, result).play();
    }
}

}  // namespace wsproof::conformance
