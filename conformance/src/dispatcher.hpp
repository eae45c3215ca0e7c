// Hands the cases out to several threads, keeps the results, and finds out who is to blame when the
// target is lost.
#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "run.hpp"

namespace wsproof::conformance {

// Death is how a target was lost: crash or hang, and words for it.
struct Death {
    Behaviour behaviour = Behaviour::crash;
    std::string text;
    std::string last_words;  // of a server of ours, behind the rest of the sentence
};

// not_played is the result of a case that was not, or not to its end.
[[nodiscard]] CaseResult not_played(const Case& unplayed, Behaviour behaviour, std::string reason);
// is_evident: what a monitor saw on the wire needs no second look.
[[nodiscard]] bool is_evident(const CaseResult& result);

class Dispatcher {
  public:
    Dispatcher(Stage& stage, const std::vector<const Case*>& cases, const RunOptions& options,
               const Progress& progress, RunResult& result);

    // play_all returns when each case has its verdict.
    void play_all();

  private:
    void dispatch();
    void work(unsigned id);
    // forget_oldest tells what is certain of a case once the target has outlived it by some others.
    void forget_oldest();
    // attempt plays one case, and again if the target turned us away.
    CaseResult attempt(std::size_t index);
    CaseResult out_of_time(const Case& played, const OutOfTime& what);
    // back_off halves the jobs and waits: a short backlog or a limit on connections is no defect.
    void back_off(int attempt);
    void pause(milliseconds time);

    // dispatcher_deaths.cpp
    // look_after asks, once a case ended as it should not, whether the target is still there for
    // others.
    void look_after(std::size_t index, const CaseResult& result);
    [[nodiscard]] bool has_exited() const;
    // is_alive: a new connection opens, and answers if the target answers anything; asked again
    // with patience.
    bool is_alive();
    void suspect(std::size_t index);
    // look_for_death says what became of the target; nullopt if it lives. What it does a moment
    // after a case is the case's doing too.
    std::optional<Death> look_for_death();
    // look_for_late_death waits a moment for what the last cases may have done to a server of ours.
    void look_for_late_death();
    // revive: the target is there again, by itself or because we start it.
    bool revive();
    // find_killer: the target is gone. If it comes back, each case that was in flight is played
    // alone, and if none of them is to blame, those that had just ended. False: it stays away.
    bool find_killer();
    // plays_and_dies plays a case alone and puts what came of it into `again`.
    std::optional<Death> plays_and_dies(std::size_t index, CaseResult& again);
    // kills plays a case alone and looks whether the target outlives it. The verdict of what was in
    // flight when it died is worth nothing, so that of the new play replaces it.
    bool kills(std::size_t index, bool was_in_flight);
    // listed names a few cases.
    std::string listed(const std::vector<std::size_t>& indices) const;
    // give_up: one suspect is guilty, several are not to be told apart.
    void give_up(const Death& death);
    // stay_away says why the rest was not played; false.
    bool stay_away();

    // play_alone keeps what could be seen of a case that could not be played to its end.
    CaseResult play_alone(std::size_t index);
    // replay_failures: what failed among others fails alone three times, or is flaky; what was
    // silent has to be so alone once, for long.
    void replay_failures();
    void confirm(std::size_t index);
    static void leave_open(CaseResult& first);
    // convict: the server ended while the case was played again.
    void convict(std::size_t index, CaseResult again);
    void tell(std::size_t index);
    void tell_locked(std::size_t index);

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
    int waited_out_ = 0;  // silences that were waited for long
    std::vector<std::size_t> suspects_;
    std::deque<std::size_t> recent_;  // what has been played last, oldest first
    bool is_fresh_ = false;           // nothing has been played since we started the server
    std::string trouble_;             // why the target is not back
};

}  // namespace wsproof::conformance
