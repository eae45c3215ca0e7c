#include "dispatcher.hpp"

#include <algorithm>
#include <map>
#include <thread>

#include "demands.hpp"

namespace wsproof::conformance {

namespace {

constexpr int kReplays = 3;
constexpr std::size_t kReplayedOfACause = 4;  // more of the same cause are believed
constexpr std::size_t kSilencesOfACause = 2;  // each takes long
constexpr int kWaitedOut = 6;                 // long waits of a run
constexpr int kTries = 5;                     // when the target is overloaded
constexpr std::size_t kRecent = 32;  // cases that ended a moment ago: one may have had late effects

bool met_silence(const CaseResult& result) {
    return !result.findings.empty() && result.findings.front().got.starts_with("nothing");
}

// cause_of names what a failure has in common with others: its clause, and that a monitor or a step
// saw it.
std::string cause_of(const CaseResult& result) {
    if (result.findings.empty()) {
        return {};
    }
    const Finding& worst = result.findings.front();
    return worst.requirement + (met_silence(result) ? " silence" : "") +
           (worst.monitor ? " monitor" : "");
}

// is_of_load: alone, it took a share of the time that the many at once had.
bool is_of_load(const CaseResult& among_others, double slowest_alone, unsigned jobs) {
    return met_silence(among_others) && slowest_alone * jobs >= among_others.ms;
}

}  // namespace

CaseResult not_played(const Case& unplayed, Behaviour behaviour, std::string reason) {
    CaseResult result{.id = unplayed.id, .behaviour = behaviour, .reason = std::move(reason)};
    result.plays = 0;
    return result;
}

bool is_evident(const CaseResult& result) {
    return !result.findings.empty() && result.findings.front().monitor;
}

Dispatcher::Dispatcher(Stage& stage, const std::vector<const Case*>& cases,
                       const RunOptions& options, const Progress& progress, RunResult& result)
    : stage_(stage),
      cases_(cases),
      options_(options),
      progress_(progress),
      result_(result),
      ends_(net::Clock::now() + options.max_time),
      limit_(options.many_connections ? options.jobs : 1) {
    for (const Case* each : cases) {
        result_.results.push_back(not_played(*each, Behaviour::blocked, "not played"));
    }
    stage_.ends = ends_;
    result_.cases = cases;
    told_.resize(cases.size());
}

void Dispatcher::play_all() {
    do {
        gone_ = false;
        limit_ = options_.many_connections ? options_.jobs : 1;
        dispatch();
    } while (gone_ && !stage_.interrupt.is_triggered() && find_killer());
    replay_failures();
    for (std::size_t i = 0; i < cases_.size(); ++i) {
        tell(i);
    }
}

void Dispatcher::dispatch() {
    std::vector<std::thread> threads;
    const unsigned jobs = limit_;
    for (unsigned id = 0; id < jobs; ++id) {
        threads.emplace_back([this, id] { work(id); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    look_for_late_death();
}

void Dispatcher::work(unsigned id) {
    while (id < limit_.load() && !gone_ && !stage_.interrupt.is_triggered()) {
        const std::size_t index = next_++;
        if (index >= cases_.size()) {
            return;
        }
        CaseResult result = attempt(index);
        const std::lock_guard lock(mutex_);
        result_.results[index] = std::move(result);
        recent_.push_back(index);
        while (recent_.size() > kRecent) {
            forget_oldest();
        }
    }
}

void Dispatcher::forget_oldest() {
    const std::size_t index = recent_.front();
    recent_.pop_front();
    const CaseResult& result = result_.results[index];
    if (result.behaviour < Behaviour::fail || is_evident(result)) {
        tell_locked(index);
    }
}

CaseResult Dispatcher::attempt(std::size_t index) {
    const Case& played = *cases_[index];
    if (const std::string why =
            why_unplayable(played, stage_, options_.unsupported, options_.many_connections);
        !why.empty()) {
        return not_played(played, Behaviour::unsupported, why);
    }
    std::string reason;
    for (int attempt = 0; attempt < kTries; ++attempt) {
        try {
            CaseResult result = Player(stage_, played).play();
            look_after(index, result);
            if (!options_.keep_transcripts && result.behaviour == Behaviour::pass) {
                result.transcript.clear();
                result.pieces.clear();
            }
            return result;
        } catch (const Interrupted&) {
            return not_played(played, Behaviour::blocked, "interrupted");
        } catch (const OutOfTime& what) {
            return out_of_time(played, what);
        } catch (const Overloaded& error) {
            reason = error.what();
        } catch (const Gone& error) {
            reason = error.what();
            if (attempt + 1 == kTries) {
                suspect(index);
            }
        } catch (const BadRecipe& error) {
            return not_played(played, Behaviour::harness_error, error.what());
        }
        if (gone_ || has_exited()) {
            suspect(index);
            break;
        }
        back_off(attempt);
    }
    return not_played(played, Behaviour::blocked, reason);
}

CaseResult Dispatcher::out_of_time(const Case& played, const OutOfTime& what) {
    const std::lock_guard lock(mutex_);
    result_.ended_early = !what.why.empty() ? what.why
                                            : "its time was up (--max-time " +
                                                  std::to_string(options_.max_time.count()) + ")";
    return not_played(played, Behaviour::blocked,
                      what.why.empty() ? "the run's time was up" : what.why);
}

void Dispatcher::back_off(int attempt) {
    unsigned limit = limit_.load();
    while (attempt > 0 && limit > 1 &&
           !limit_.compare_exchange_weak(limit, std::max(1U, limit / 2))) {
    }
    pause(milliseconds(100 << attempt));
}

void Dispatcher::pause(milliseconds time) {
    std::vector<net::Interest> nothing;
    static_cast<void>(net::wait(nothing, net::Clock::now() + time, &stage_.interrupt));
}

CaseResult Dispatcher::play_alone(std::size_t index) {
    const Case& played = *cases_[index];
    Player player(stage_, played);
    try {
        return player.play();
    } catch (const Interrupted&) {
        return not_played(played, Behaviour::blocked, "interrupted");
    } catch (const OutOfTime& what) {
        return out_of_time(played, what);
    } catch (const std::runtime_error& error) {
        CaseResult result = not_played(played, Behaviour::blocked, error.what());
        result.transcript = std::move(player.recorder().entries());
        return result;
    }
}

// leave_open: silence is a verdict only if it is met again, alone; here there is no time left for
// it.
void Dispatcher::leave_open(CaseResult& first) {
    if (met_silence(first)) {
        first.behaviour = Behaviour::blocked;
        first.reason = "nothing came in time, and the run ended before it could be played again";
    }
}

void Dispatcher::replay_failures() {
    stage_.patience.stop_counting();
    std::map<std::string, std::size_t> confirmed;
    for (std::size_t i = 0; i < cases_.size(); ++i) {
        CaseResult& first = result_.results[i];
        if (first.behaviour != Behaviour::fail || is_evident(first)) {
            tell(i);
            continue;
        }
        const std::string cause = cause_of(first);
        const std::size_t enough = met_silence(first) ? kSilencesOfACause : kReplayedOfACause;
        if (confirmed[cause] >= enough || gone_ || net::Clock::now() > ends_ ||
            stage_.interrupt.is_triggered()) {
            first.failed = 1;
            if (confirmed[cause] == 0 && !gone_) {
                leave_open(first);
            }
            tell(i);
            continue;
        }
        confirm(i);
        confirmed[cause] += result_.results[i].behaviour == Behaviour::fail ? 1 : 0;
        tell(i);
    }
}

void Dispatcher::confirm(std::size_t index) {
    CaseResult& first = result_.results[index];
    const bool waits_long = met_silence(first) && waited_out_ < kWaitedOut;
    stage_.patience.take_time(waits_long);  // the next one says anew
    int failed = 0;
    int played = 0;
    double slowest = 0;
    CaseResult last{};
    // One long wait says as much as three short ones.
    while (played < kReplays && !(waits_long && failed > 0)) {
        CaseResult again = play_alone(index);
        if (has_exited()) {
            convict(index, std::move(again));
            return;
        }
        if (again.plays == 0) {
            break;
        }
        ++played;
        slowest = std::max(slowest, again.ms);
        if (again.behaviour >= Behaviour::fail) {
            ++failed;
        }
        last = std::move(again);
    }
    waited_out_ += waits_long ? 1 : 0;
    const bool is_late = failed == 0 && is_of_load(first, slowest, limit_);
    const bool certain = played > 0 && (failed == played || is_late);
    if (certain) {
        first = std::move(last);
    }
    first.plays = played + 1;
    first.failed = failed + 1;
    if (played == 0) {
        leave_open(first);
    }
    if (played > 0 && !certain) {
        first.behaviour = Behaviour::flaky;
        first.reason = "failed " + std::to_string(first.failed) + " of " +
                       std::to_string(first.plays) + " times";
    }
}

void Dispatcher::tell(std::size_t index) {
    const std::lock_guard lock(mutex_);
    tell_locked(index);
}

void Dispatcher::tell_locked(std::size_t index) {
    if (!told_[index]) {
        told_[index] = true;
        if (options_.baseline != nullptr) {
            options_.baseline->mark(result_.results[index]);
        }
        progress_.done(index, result_.results[index]);
    }
}

}  // namespace wsproof::conformance
