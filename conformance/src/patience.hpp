// How long the player waits, and when it waits less.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>

namespace wsproof::conformance {

using std::chrono::milliseconds;

// Patience is how long the player waits. Where three cases met silence or an open connection, later
// ones wait less long: they share one cause. A slow target, by its round trip, is given more.
class Patience {
  public:
    // answer: to something that conforms; violation: to something that does not; close: for the end
    // of TCP.
    [[nodiscard]] milliseconds answer() const noexcept {
        if (unhurried_) {
            return std::min(most_, std::max(kSlowAnswer, canary_));
        }
        return std::min(most_, has_kept_silent() ? canary_ : std::max(answer_, canary_));
    }
    [[nodiscard]] milliseconds violation() const noexcept {
        if (unhurried_) {
            return std::min(most_, kSlowFailure);
        }
        return std::min(most_, has_ignored() ? std::max(brief_, kReadsOn) : kClose);
    }
    [[nodiscard]] milliseconds close() const noexcept {
        return std::min(most_, has_stayed_open() ? brief_ : kClose);
    }
    // canary: how long a healthy target may take to answer.
    [[nodiscard]] milliseconds canary() const noexcept { return canary_; }
    // scenario: all the time of one, for so many steps.
    [[nodiscard]] milliseconds scenario(std::size_t steps) const noexcept {
        return scenario_ + 2 * static_cast<int>(steps) * round_trip_;
    }

    void set_round_trip(milliseconds round_trip) noexcept {
        round_trip_ = round_trip;
        canary_ = std::max(milliseconds(2'000), 20 * round_trip);
        brief_ = std::clamp(20 * round_trip, milliseconds(1'000), kClose);
    }
    void saw_silence(bool to_violation) noexcept {
        (to_violation ? ignored_ : silent_) += counts_ ? 1 : 0;
    }
    // stop_counting: what is played again is no further case.
    void stop_counting() noexcept { counts_ = false; }
    // hurry: nothing is waited for longer than `most`. For who plays again, with patience, what
    // seems to fail; while nobody plays.
    void hurry(milliseconds most) noexcept { most_ = most; }
    // take_time: silence is waited out (or no longer): what met it among others may have been late
    // by their load alone. While nobody plays.
    void take_time(bool unhurried) noexcept { unhurried_ = unhurried; }
    // be_slow: whoever is played with may take this long, to answer and for a whole scenario; while
    // nobody plays.
    void be_slow(milliseconds answer, milliseconds scenario) noexcept {
        answer_ = answer;
        scenario_ = scenario;
    }
    // expect_silence: preflight found that the target answers nothing.
    void expect_silence() noexcept { silent_ = ignored_ = kShared; }
    void saw_not_closed() noexcept { not_closed_ += counts_ ? 1 : 0; }
    [[nodiscard]] bool has_kept_silent() const noexcept { return silent_.load() >= kShared; }
    [[nodiscard]] bool has_ignored() const noexcept { return ignored_.load() >= kShared; }
    [[nodiscard]] bool has_stayed_open() const noexcept { return not_closed_.load() >= kShared; }

    static constexpr milliseconds kOpening{10'000};  // for the answer to a correct handshake
    static constexpr milliseconds kAnswer{5'000};
    static constexpr milliseconds kClose{10'000};
    static constexpr milliseconds kScenario{30'000};
    // A peer may read on for some seconds before it ends TCP; nhooyr.io/websocket's client does
    // for 3.
    static constexpr milliseconds kReadsOn{4'000};
    // Alone, before silence is held against it. Boost.Beast inflates what is missing of a cut
    // stream for seconds of processor time before it fails the connection, as it has to.
    static constexpr milliseconds kSlowAnswer{15'000};
    static constexpr milliseconds kSlowFailure{25'000};

  private:
    static constexpr int kShared = 3;
    std::atomic<int> silent_{0};
    std::atomic<int> ignored_{0};
    std::atomic<int> not_closed_{0};
    std::atomic<bool> counts_{true};
    bool unhurried_ = false;
    milliseconds round_trip_{0};
    milliseconds canary_{2'000};
    milliseconds brief_{1'000};
    milliseconds answer_ = kAnswer;
    milliseconds scenario_ = kScenario;
    milliseconds most_ = milliseconds::max();
};

}  // namespace wsproof::conformance
