// Where programs are played: many at a time in a hurry, or one with all the patience that a verdict
// takes.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "generator.hpp"
#include "predict.hpp"
#include "run.hpp"
#include "stage.hpp"

namespace wsproof::netfuzz {

// Trial is a program that was played, or is to be.
struct Trial {
    Program program{};
    Prediction prediction{};
    conformance::Case played{};
    conformance::CaseResult result{};
    enum class End : std::uint8_t {
        played,
        refused,      // nobody listened
        turned_away,  // the target took the connection and did not open
        stopped,      // interrupted, or out of time
    };
    End end = End::stopped;
    std::chrono::steady_clock::time_point began{};
    std::chrono::steady_clock::time_point ended{};

    // has_failed: the judge says so.
    [[nodiscard]] bool has_failed() const noexcept {
        return end == End::played && result.behaviour >= conformance::Behaviour::fail &&
               result.behaviour <= conformance::Behaviour::hang;
    }
};

// trial_of predicts, and makes the case that the judge plays.
[[nodiscard]] Trial trial_of(Program program, const Setting& setting);

class Arena {
  public:
    // `stage` is what preflight has filled in; it outlives this. `rate` is of cases a second, 0: as
    // fast as it goes.
    Arena(conformance::Stage& stage, const Setting& setting, unsigned jobs, unsigned rate);

    // explore plays all, several at a time, in a hurry: what fails may merely be slow.
    void explore(std::vector<Trial>& trials);
    // hurry_less: something was merely slow.
    void hurry_less();
    // shrink_in_haste: less is waited for still, for what is made sure of afterwards.
    void shrink_in_haste(bool is_so);
    // judge plays three times with all patience, nothing else being played, and finds out whether
    // the target survives.
    void judge(Trial& trial);
    // is_alive asks several times; was_refused tells then whether nobody listened.
    [[nodiscard]] bool is_alive();
    [[nodiscard]] bool was_refused() const noexcept { return was_refused_; }
    // revive starts a server of ours again, or waits a little for one that others start.
    [[nodiscard]] bool revive();
    [[nodiscard]] bool is_over() const;
    void set_end(net::Deadline end);
    [[nodiscard]] const Setting& setting() const noexcept { return setting_; }
    [[nodiscard]] unsigned jobs() const noexcept { return jobs_; }
    [[nodiscard]] net::Deadline end() const noexcept { return hurried_.ends; }
    // round_trip of a message or a Ping; negative: no answer.
    [[nodiscard]] double round_trip_ms();

  private:
    void play(Trial& trial, conformance::Stage& stage);
    void judge_death(Trial& trial);
    void wait_for_turn();

    conformance::Stage& patient_;
    conformance::Stage hurried_;
    Setting setting_;
    unsigned jobs_;
    std::chrono::nanoseconds spacing_{0};
    std::chrono::steady_clock::time_point next_{};
    std::mutex turn_{};
    std::chrono::milliseconds most_;
    bool was_refused_ = false;
};

}  // namespace wsproof::netfuzz
