#include "campaign.hpp"

#include <algorithm>
#include <fstream>
#include <map>

#include "payload.hpp"
#include "shrink.hpp"

namespace wsproof::netfuzz {

namespace {

using conformance::Behaviour;
using conformance::seed_of;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kRound = 8;      // programs for each job
constexpr std::size_t kPool = 256;     // programs that met something new
constexpr std::size_t kFindings = 60;  // then the target is broken enough
constexpr std::size_t kSuspects = 16;
constexpr int kDrafts = 20;                  // for a program that is new
constexpr std::chrono::seconds kShrink{20};  // for each finding
constexpr std::chrono::milliseconds kJustBefore{50};

bool is_death(const Trial& trial) {
    return trial.result.behaviour == Behaviour::crash || trial.result.behaviour == Behaviour::hang;
}

}  // namespace

Campaign::Campaign(Arena& arena, const conformance::Catalogue& catalogue,
                   const CampaignOptions& options, Told told)
    : arena_(arena),
      catalogue_(catalogue),
      options_(options),
      told_(std::move(told)),
      random_(seed_of(options.seed, "fuzz")),
      began_(SteadyClock::now()) {
    arena_.set_end(net::Clock::now() + options.time);
}

const Score& Campaign::run() {
    score_.first_trip_ms = arena_.round_trip_ms();
    while (!arena_.is_over() && !is_dead_ && score_.findings.size() < kFindings &&
           (options_.cases == 0 || score_.executions < options_.cases)) {
        std::vector<Trial> trials = round();
        arena_.explore(trials);
        for (const Trial& trial : trials) {
            learn(trial);
        }
        look_after_target(trials);
        for (Trial& trial : trials) {
            if (trial.has_failed() && !is_dead_) {
                examine(std::move(trial));
            }
        }
        pass_time();
        told_.progress(score_);
    }
    if (score_.findings.size() >= kFindings) {
        score_.ended_early = "there were " + std::to_string(kFindings) + " findings";
    }
    if (!is_dead_) {
        score_.last_trip_ms = arena_.round_trip_ms();
    }
    pass_time();
    return score_;
}

void Campaign::pass_time() {
    score_.seconds = std::chrono::duration<double>(SteadyClock::now() - began_).count();
}

Program Campaign::next_program() {
    if (pool_.empty() || chance(random_, 2)) {
        return make_program(random_, arena_.setting());
    }
    Program program = pool_[random_.below(pool_.size())];
    const Program& other = pool_[random_.below(pool_.size())];
    mutate(program, other, random_, arena_.setting());
    return program;
}

// is_known: all that a finding takes is in it, so that it would say the same once more. Some are
// played all the same: another fault may hide behind the first.
bool Campaign::is_known(const std::set<std::string>& tags) {
    constexpr std::uint64_t kOnceIn = 12;
    const bool is =
        std::any_of(score_.findings.begin(), score_.findings.end(), [&](const Finding& finding) {
            const std::set<std::string>& needed = finding.trials.front().prediction.tags;
            return !needed.empty() &&
                   std::includes(tags.begin(), tags.end(), needed.begin(), needed.end());
        });
    return is && !chance(random_, kOnceIn);
}

std::vector<Trial> Campaign::round() {
    std::vector<Trial> trials;
    std::size_t count = kRound * arena_.jobs();
    if (options_.cases > 0) {
        count = std::min<std::size_t>(count, options_.cases - score_.executions);
    }
    for (std::size_t draft = 0; trials.size() < count && draft < kDrafts * count; ++draft) {
        Trial trial = trial_of(next_program(), arena_.setting());
        if (trial.played.steps.empty() || is_known(trial.prediction.tags) ||
            !played_.insert(seed_of(0, trial.prediction.steps.dump())).second) {
            continue;
        }
        trials.push_back(std::move(trial));
    }
    return trials;
}

void Campaign::learn(const Trial& trial) {
    if (trial.end == Trial::End::stopped) {
        return;
    }
    ++score_.executions;
    if (trial.end != Trial::End::played) {
        ++score_.turned_away;
        return;
    }
    score_.unsupported += trial.result.behaviour == Behaviour::unsupported ? 1 : 0;
    std::string state = reactions(trial.result);
    if (!states_.insert(state).second) {
        return;
    }
    score_.states.push_back(std::move(state));
    pool_.push_back(trial.program);
    if (pool_.size() > kPool) {
        pool_.pop_front();
    }
}

void Campaign::examine(Trial trial) {
    const Cause cause = cause_of(trial);
    for (Finding& finding : score_.findings) {
        if (covers(finding, cause, trial.prediction.tags)) {
            ++finding.seen;
            return;
        }
    }
    for (Doubt& doubt : score_.doubts) {
        if (doubt.cause.what == cause.what && doubt.cause.row == cause.row && doubt.seen > 5) {
            ++doubt.seen;
            return;
        }
    }
    told_.at_work("looking again: " + cause.row + ", " + cause.what);
    Finding finding{.cause = cause, .trials = {trial}};
    Trial& again = finding.trials.front();
    arena_.judge(again);
    if (again.end == Trial::End::stopped) {
        return;
    }
    if (!again.has_failed()) {
        arena_.hurry_less();
        const auto known =
            std::find_if(score_.doubts.begin(), score_.doubts.end(), [&](const Doubt& doubt) {
                return doubt.cause.what == cause.what && doubt.cause.row == cause.row;
            });
        if (known == score_.doubts.end()) {
            score_.doubts.push_back({cause});
        } else {
            ++known->seen;
        }
        return;
    }
    settle(std::move(finding));
}

// settle makes of something that fails again a finding: shrunk, and merged with those of its cause.
void Campaign::settle(Finding finding) {
    finding.seconds = std::chrono::duration<double>(SteadyClock::now() - began_).count();
    finding.cause = cause_of(finding.trials.front());
    finding.steps_before = step_count(finding.trials.front());
    finding.plays = finding.trials.front().result.plays;
    finding.failed = is_death(finding.trials.front()) || finding.plays == 1
                         ? finding.plays
                         : finding.trials.front().result.failed;
    if (finding.is_steady()) {
        shrink_down(finding);
    }
    for (Finding& known : score_.findings) {
        if (covers(known, finding.cause, finding.trials.front().prediction.tags)) {
            ++known.seen;
            return;
        }
    }
    write(finding);
    told_.found(finding);
    score_.findings.push_back(std::move(finding));
}

void Campaign::shrink_down(Finding& finding) {
    const auto until = SteadyClock::now() + kShrink;
    const Cause cause = finding.cause;
    const bool kills = is_death(finding.trials.front());
    told_.at_work("shrinking: " + cause.row + ", " + cause.what);
    // What comes to the same steps is not played again.
    std::map<std::uint64_t, bool> is_alike;
    const auto steps_of = [](const Trial& trial) {
        return seed_of(0, trial.prediction.steps.dump());
    };
    is_alike[steps_of(finding.trials.front())] = true;
    const auto first_alike = [&](const std::vector<Program>& programs) {
        std::vector<Trial> trials;
        for (const Program& program : programs) {
            Trial trial = trial_of(program, arena_.setting());
            if (is_alike.try_emplace(steps_of(trial), false).second &&
                !trial.played.steps.empty()) {
                trials.push_back(std::move(trial));
            }
        }
        if (kills && !trials.empty()) {
            arena_.judge(trials.front());
        } else {
            arena_.explore(trials);
        }
        for (const Trial& trial : trials) {
            if (trial.has_failed() && cause.is_like(cause_of(trial))) {
                is_alike[steps_of(trial)] = true;
            }
        }
        const auto found =
            std::find_if(programs.begin(), programs.end(), [&](const Program& program) {
                return is_alike[steps_of(trial_of(program, arena_.setting()))];
            });
        return static_cast<std::size_t>(found - programs.begin());
    };
    arena_.shrink_in_haste(true);
    const Program small = shrink(
        finding.trials.front().program, first_alike,
        [&] { return SteadyClock::now() > until || arena_.is_over(); }, kills ? 1 : arena_.jobs());
    arena_.shrink_in_haste(false);
    Trial trial = trial_of(small, arena_.setting());
    arena_.judge(trial);
    // What was shrunk in a hurry counts only if it fails with patience too.
    if (trial.has_failed() && trial.result.behaviour != Behaviour::flaky &&
        cause.is_like(cause_of(trial))) {
        finding.cause = cause_of(trial);
        finding.plays = trial.result.plays;
        finding.failed = kills || finding.plays == 1 ? finding.plays : trial.result.failed;
        finding.trials = {std::move(trial)};
    }
}

// look_after_target: whoever fails by silence, or finds nobody, asks for a look at the target.
void Campaign::look_after_target(std::vector<Trial>& trials) {
    const auto sign =
        std::min_element(trials.begin(), trials.end(), [](const Trial& a, const Trial& b) {
            const auto when = [](const Trial& trial) {
                return trial.end == Trial::End::refused || trial.end == Trial::End::turned_away
                           ? trial.ended
                           : SteadyClock::time_point::max();
            };
            return when(a) < when(b);
        });
    const bool has_sign = sign != trials.end() && (sign->end == Trial::End::refused ||
                                                   sign->end == Trial::End::turned_away);
    const bool has_failure = std::any_of(trials.begin(), trials.end(),
                                         [](const Trial& trial) { return trial.has_failed(); });
    if ((!has_sign && !has_failure) || arena_.is_over() || arena_.is_alive()) {
        return;
    }
    // Who was at work when it was first missed, or had just ended.
    const auto first = has_sign ? sign->began : SteadyClock::time_point::max();
    std::vector<Trial> suspects;
    for (Trial& trial : trials) {
        if (trial.end == Trial::End::played && trial.began <= first &&
            trial.ended + kJustBefore >= std::min(first, SteadyClock::now() - kJustBefore)) {
            suspects.push_back(trial);
        }
    }
    if (suspects.empty()) {
        for (Trial& trial : trials) {
            if (trial.end == Trial::End::played) {
                suspects.push_back(trial);
            }
        }
    }
    std::sort(suspects.begin(), suspects.end(),
              [](const Trial& a, const Trial& b) { return a.ended > b.ended; });
    suspects.resize(std::min(suspects.size(), kSuspects));
    report_death(std::move(suspects));
    for (Trial& trial : trials) {  // what the others met was a dying target
        trial.end = Trial::End::stopped;
    }
}

void Campaign::report_death(std::vector<Trial> suspects) {
    const bool was_refused = arena_.was_refused();
    told_.at_work("the target is gone: who did it?");
    if (arena_.revive()) {
        for (Trial& suspect : suspects) {
            arena_.judge(suspect);
            if (is_death(suspect)) {
                settle({.cause = {}, .trials = {suspect}});
                return;
            }
        }
        return;  // none of them alone
    }
    is_dead_ = true;
    score_.ended_early =
        was_refused ? "the target no longer listens" : "the target no longer answers anybody";
    if (suspects.empty()) {
        return;
    }
    Finding finding{.cause = {.what = was_refused ? "crash" : "hang",
                              .row = suspects.front().prediction.rows.front(),
                              .is_exact = false},
                    .trials = std::move(suspects)};
    finding.seconds = std::chrono::duration<double>(SteadyClock::now() - began_).count();
    finding.plays = finding.failed = 1;
    finding.steps_before = step_count(finding.trials.front());
    write(finding);
    told_.found(finding);
    score_.findings.push_back(std::move(finding));
}

void Campaign::write(Finding& finding) {
    const std::string base = name_of(finding.cause);
    finding.name = base;
    for (int i = 2; std::any_of(score_.findings.begin(), score_.findings.end(),
                                [&](const Finding& each) { return each.name == finding.name; });
         ++i) {
        finding.name = base + "-" + std::to_string(i);
    }
    std::error_code error;
    std::filesystem::create_directories(options_.directory, error);
    finding.file = options_.directory / (finding.name + ".json");
    std::ofstream file(finding.file);
    file << suite_of(finding, catalogue_, arena_.setting().peer).dump(2) << '\n';
    file.flush();
    if (!file) {
        score_.trouble = finding.file.string() + " cannot be written";
    }
}

}  // namespace wsproof::netfuzz
