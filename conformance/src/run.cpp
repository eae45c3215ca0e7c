#include "run.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>

#include "segment_judge.hpp"

namespace wsproof::conformance {

namespace {

constexpr int kReplays = 3;
constexpr std::size_t kReplayedOfACause = 4;  // more of the same cause are believed
constexpr int kTries = 5;                     // when the target is overloaded

CaseResult not_played(const Case& unplayed, Behaviour behaviour, std::string reason) {
    CaseResult result{.id = unplayed.id, .behaviour = behaviour, .reason = std::move(reason)};
    result.plays = 0;
    return result;
}

// cause_of names what a failure has in common with others: its clause, and that a monitor or a step
// saw it.
std::string cause_of(const CaseResult& result) {
    if (result.findings.empty()) {
        return {};
    }
    const Finding& worst = result.findings.front();
    const bool silent = worst.got.starts_with("nothing");
    return worst.requirement + (silent ? " silence" : "") + (worst.monitor ? " monitor" : "");
}

// is_evident: what a monitor saw on the wire needs no second look.
bool is_evident(const CaseResult& result) {
    return !result.findings.empty() && result.findings.front().monitor;
}

// Dispatcher hands out the cases to its threads and keeps the results.
class Dispatcher {
  public:
    Dispatcher(Stage& stage, const std::vector<const Case*>& cases, const RunOptions& options,
               const Progress& progress, RunResult& result)
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

    void play_all() {
        std::vector<std::thread> threads;
        const unsigned jobs = limit_;
        for (unsigned id = 0; id < jobs; ++id) {
            threads.emplace_back([this, id] { work(id); });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        if (gone_) {
            find_killer();
        }
        replay_failures();
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            tell(i);
        }
    }

  private:
    void work(unsigned id) {
        while (id < limit_.load() && !gone_ && !stage_.interrupt.is_triggered()) {
            const std::size_t index = next_++;
            if (index >= cases_.size()) {
                return;
            }
            CaseResult result = attempt(index);
            const bool settled = result.behaviour < Behaviour::fail || is_evident(result);
            const std::lock_guard lock(mutex_);
            result_.results[index] = std::move(result);
            if (settled) {
                tell_locked(index);
            }
        }
    }

    // attempt plays one case, and again if the target turned us away.
    CaseResult attempt(std::size_t index) {
        const Case& played = *cases_[index];
        const bool has_canary = std::any_of(
            played.steps.begin(), played.steps.end(),
            [](const Step& step) { return std::holds_alternative<CanaryStep>(step.action); });
        if (has_canary && !options_.many_connections) {
            return not_played(played, Behaviour::unsupported,
                              "the target takes one connection at a time");
        }
        for (const std::string& need : played.needs) {
            if (std::find(options_.unsupported.begin(), options_.unsupported.end(), need) !=
                options_.unsupported.end()) {
                return not_played(played, Behaviour::unsupported,
                                  "the target does not offer: " + need);
            }
        }
        std::string reason;
        for (int attempt = 0; attempt < kTries; ++attempt) {
            try {
                CaseResult result = Player(stage_, played).play();
                look_after(index, result);
                if (!options_.keep_transcripts && result.behaviour == Behaviour::pass) {
                    result.transcript.clear();
                }
                return result;
            } catch (const Interrupted&) {
                return not_played(played, Behaviour::blocked, "interrupted");
            } catch (const OutOfTime&) {
                return out_of_time(played);
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
            if (gone_) {
                suspect(index);
                break;
            }
            back_off(attempt);
        }
        return not_played(played, Behaviour::blocked, reason);
    }

    CaseResult out_of_time(const Case& played) {
        const std::lock_guard lock(mutex_);
        result_.ended_early =
            "its time was up (--max-time " + std::to_string(options_.max_time.count()) + ")";
        return not_played(played, Behaviour::blocked, "the run's time was up");
    }

    // back_off halves the jobs and waits: a short backlog or a limit on connections is no defect.
    void back_off(int attempt) {
        unsigned limit = limit_.load();
        while (attempt > 0 && limit > 1 &&
               !limit_.compare_exchange_weak(limit, std::max(1U, limit / 2))) {
        }
        pause(milliseconds(100 << attempt));
    }

    void pause(milliseconds time) {
        std::vector<net::Interest> nothing;
        static_cast<void>(net::wait(nothing, net::Clock::now() + time, &stage_.interrupt));
    }

    // look_after asks, once a case ended as it should not, whether the target is still there for
    // others.
    void look_after(std::size_t index, const CaseResult& result) {
        if (result.behaviour < Behaviour::fail || is_evident(result)) {
            return;
        }
        if (!is_alive()) {
            suspect(index);
        }
    }

    // is_alive: a new connection opens, and answers if the target answers anything; asked again
    // with patience.
    bool is_alive() {
        for (int attempt = 0; attempt < 3; ++attempt) {
            try {
                Case probe;
                probe.id = "is-alive";
                Player player(stage_, probe);
                Link& link = player.open("probe");
                if ((!stage_.echoes && !stage_.pongs) ||
                    player.answers(link, stage_.patience.canary())) {
                    return true;
                }
                refused_ = false;
            } catch (const Gone&) {
                refused_ = true;
            } catch (const OutOfTime&) {
                return true;  // nothing is known to the contrary
            } catch (const std::runtime_error&) {
                refused_ = false;
            }
            pause(milliseconds(300 << attempt));
        }
        return false;
    }

    void suspect(std::size_t index) {
        const std::lock_guard lock(mutex_);
        gone_ = true;
        if (std::find(suspects_.begin(), suspects_.end(), index) == suspects_.end()) {
            suspects_.push_back(index);
        }
    }

    // find_killer: the target is gone. If it comes back, each case that was in flight is played
    // alone; else one suspect is guilty, and several are not to be told apart.
    void find_killer() {
        result_.ended_early =
            refused_ ? "the target no longer listens" : "the target no longer answers anybody";
        const Behaviour deadly = refused_ ? Behaviour::crash : Behaviour::hang;
        if (is_alive()) {
            for (const std::size_t index : suspects_) {
                CaseResult again = play_alone(index);
                if (!is_alive()) {
                    again.behaviour = refused_ ? Behaviour::crash : Behaviour::hang;
                    again.reason = "the target is gone after this case, played alone";
                    result_.results[index] = std::move(again);
                    return;
                }
                result_.results[index] = std::move(again);
            }
            return;
        }
        for (const std::size_t index : suspects_) {
            CaseResult& result = result_.results[index];
            if (suspects_.size() == 1) {
                result.behaviour = deadly;
                result.reason = result_.ended_early;
            } else {
                result = not_played(*cases_[index], Behaviour::blocked,
                                    result_.ended_early + " since this case and " +
                                        std::to_string(suspects_.size() - 1) +
                                        " others were in flight; --jobs 1 tells which");
            }
        }
        for (CaseResult& result : result_.results) {
            if (result.plays == 0 && result.reason == "not played") {
                result.reason = result_.ended_early;
            }
        }
    }

    CaseResult play_alone(std::size_t index) {
        try {
            return Player(stage_, *cases_[index]).play();
        } catch (const Interrupted&) {
            return not_played(*cases_[index], Behaviour::blocked, "interrupted");
        } catch (const OutOfTime&) {
            return out_of_time(*cases_[index]);
        } catch (const std::runtime_error& error) {
            return not_played(*cases_[index], Behaviour::blocked, error.what());
        }
    }

    // replay_failures: what failed among others fails alone three times, or is flaky.
    void replay_failures() {
        stage_.patience.stop_counting();
        std::map<std::string, std::size_t> confirmed;
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            CaseResult& first = result_.results[i];
            if (first.behaviour != Behaviour::fail || is_evident(first)) {
                tell(i);
                continue;
            }
            const std::string cause = cause_of(first);
            if (confirmed[cause] >= kReplayedOfACause || gone_ || net::Clock::now() > ends_ ||
                stage_.interrupt.is_triggered()) {
                first.failed = 1;
                tell(i);
                continue;
            }
            confirm(i);
            confirmed[cause] += result_.results[i].behaviour == Behaviour::fail ? 1 : 0;
            tell(i);
        }
    }

    void confirm(std::size_t index) {
        CaseResult& first = result_.results[index];
        int failed = 0;
        int played = 0;
        std::optional<CaseResult> last;
        for (int round = 0; round < kReplays; ++round) {
            CaseResult again = play_alone(index);
            if (again.plays == 0) {
                break;
            }
            ++played;
            if (again.behaviour >= Behaviour::fail) {
                ++failed;
                last = std::move(again);
            }
        }
        const bool certain = played > 0 && failed == played;
        if (certain && last) {
            first = std::move(*last);
        }
        first.plays = played + 1;
        first.failed = failed + 1;
        if (played > 0 && !certain) {
            first.behaviour = Behaviour::flaky;
            first.reason = "failed " + std::to_string(first.failed) + " of " +
                           std::to_string(first.plays) + " times";
        }
    }

    void tell(std::size_t index) {
        const std::lock_guard lock(mutex_);
        tell_locked(index);
    }

    void tell_locked(std::size_t index) {
        if (!told_[index]) {
            told_[index] = true;
            if (options_.baseline != nullptr) {
                options_.baseline->mark(result_.results[index]);
            }
            progress_.done(index, result_.results[index]);
        }
    }

    Stage& stage_;
    const std::vector<const Case*>& cases_;
    const RunOptions& options_;
    const Progress& progress_;
    RunResult& result_;
    net::Deadline ends_;
    std::atomic<unsigned> limit_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> gone_{false};
    std::atomic<bool> refused_{false};
    std::mutex mutex_;
    std::vector<bool> told_;
    std::vector<std::size_t> suspects_;
};

// note_monitors: what monitors merely noted is true of the target; the run says it once.
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

}  // namespace

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
