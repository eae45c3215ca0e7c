// Plays one case against a server and says what came of it. The rules against false alarms live
// here: fences and not sleeps, an offence is the last thing said, silence is bounded, what the RFC
// leaves open is never a fail.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <vector>
#include <wsproof/net/socket.hpp>

#include "link.hpp"
#include "scenario.hpp"
#include "target.hpp"

namespace wsproof::conformance {

using std::chrono::milliseconds;

// Patience is how long the player waits. Where three cases met silence or an open connection, later
// ones wait less long: they share one cause. A slow target, by its round trip, is given more.
class Patience {
  public:
    // answer: to something that conforms; violation: to something that does not; close: for the end
    // of TCP.
    [[nodiscard]] milliseconds answer() const noexcept {
        return has_kept_silent() ? canary_ : std::max(kAnswer, canary_);
    }
    [[nodiscard]] milliseconds violation() const noexcept {
        return has_ignored() ? brief_ : kClose;
    }
    [[nodiscard]] milliseconds close() const noexcept {
        return has_stayed_open() ? brief_ : kClose;
    }
    // canary: how long a healthy target may take to answer.
    [[nodiscard]] milliseconds canary() const noexcept { return canary_; }
    // scenario: all the time of one, for so many steps.
    [[nodiscard]] milliseconds scenario(std::size_t steps) const noexcept {
        return kScenario + 2 * static_cast<int>(steps) * round_trip_;
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

  private:
    static constexpr int kShared = 3;
    std::atomic<int> silent_{0};
    std::atomic<int> ignored_{0};
    std::atomic<int> not_closed_{0};
    std::atomic<bool> counts_{true};
    milliseconds round_trip_{0};
    milliseconds canary_{2'000};
    milliseconds brief_{1'000};
};

// Stage is what all players of a run share.
struct Stage {
    const Target& target;
    const net::Interrupt& interrupt;
    std::uint64_t seed = 0;
    bool echoes = false;
    bool pongs = false;
    bool deflates = false;  // accepts an offer of permessage-deflate
    std::vector<wire::ByteString>
        greetings{};              // messages that the target sends to every new connection
    bool greetings_vary = false;  // then their number counts and not what they say
    net::Deadline ends = net::Deadline::max();  // of the run: then OutOfTime is thrown
    Patience patience{};
    std::counting_semaphore<> openings{4};  // handshakes in flight: some backlogs are short
};

// Interrupted ends a play at once; Overloaded says that the target turned us away (429, 503, a full
// backlog); Gone that nobody listens any more.
struct Interrupted {};
struct OutOfTime {};
struct Overloaded : std::runtime_error {
    using std::runtime_error::runtime_error;
};
// TlsRefused: no TLS could be agreed.
struct TlsRefused : Overloaded {
    TlsRefused(const std::string& what, net::TlsFault its_fault)
        : Overloaded(what), fault(its_fault) {}
    net::TlsFault fault;
};
struct Gone : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Player {
  public:
    Player(Stage& stage, const Case& played);

    // play throws Interrupted, OutOfTime, Overloaded and Gone; all else is in the result.
    [[nodiscard]] CaseResult play();

    // Below: for preflight and the canary, which need a live connection and no case.

    // open connects and completes an opening handshake. Throws as play() does, and BadOpening for
    // an answer that is no 101.
    Link& open(const std::string& name, const RequestStep& request = {});
    // answers: the link answers an echo (or a Ping, if the target does not echo) in time.
    [[nodiscard]] bool answers(Link& link, milliseconds limit);
    [[nodiscard]] Recorder& recorder() noexcept { return recorder_; }
    // next_event waits for the next thing that the peer does; nullopt on silence. Ping-pong goes on
    // meanwhile.
    [[nodiscard]] std::optional<Event> next_event(Link& link, milliseconds limit);
    // next_event_by: the same, but nothing prolongs the wait.
    [[nodiscard]] std::optional<Event> next_event_by(Link& link, net::Deadline deadline);
    void send_frame(Link& link, const FrameSpec& frame);

  private:
    struct Unmet;        // an expectation that was not met: ends the play
    struct Unsupported;  // the peer does not offer what the case is about: ends it too

    void run(const Step& step);
    void act(const SendStep& step, const Step& at);
    void act(const RequestStep& step, const Step& at);
    void act(const ConnectStep& step, const Step& at);
    void act(const ExpectStep& step, const Step& at);
    void act(const FenceStep& step, const Step& at);
    void act(const CloseStep& step, const Step& at);
    void act(const HalfCloseStep& step, const Step& at);
    void act(const ResetStep& step, const Step& at);
    void act(const DropStep& step, const Step& at);
    void act(const PauseStep& step, const Step& at);
    void act(const CanaryStep& step, const Step& at);
    void act(const AssertStep& step, const Step& at);

    // play_send.cpp
    Link& connect(const std::string& name);
    net::Stream secure(net::Socket socket);
    Link& connect_paced(const std::string& name);
    Link& link(const std::string& name);
    // Outgoing is what one step sends: where items end, and where an offence begins.
    struct Outgoing {
        wire::ByteString bytes{};
        std::vector<std::size_t> boundaries{};
        std::optional<std::size_t> offence{};
    };
    void encode(Link& link, const std::vector<Item>& items, Outgoing& out);
    void encode_item(Link& link, const Item& item, Outgoing& out);
    void encode_frame(Link& link, const FrameSpec& frame, wire::ByteString& out);
    void encode_message(Link& link, const MessageSpec& message, Outgoing& out);
    void send_cut(Link& link, const Outgoing& out, const Cut& cut);
    wire::ByteString compressed(Link& link, const MessageSpec& message);
    wire::ByteString head_of(Link& link, const RequestStep& request, const std::string& key);
    std::string new_key(Link& link);
    wire::ByteString payload(const PayloadSpec& spec) const;

    // play_expect.cpp
    struct Candidate;
    void expect_any(Link& link, const ExpectStep& step, const Step& at);
    void expect_unordered(Link& link, const ExpectStep& step, const Step& at);
    bool consider(Link& link, Candidate& candidate, const Event& event);
    bool consider_response(Link& link, Candidate& candidate, const ExpectResponse& expected,
                           const Event& event);
    bool is_passed_over(Link& link, const Event& event, const std::vector<Candidate>& candidates);
    void settle(Link& link, const Expectation& met, const Event& event, const ExpectStep& step,
                const Step& at);
    void settle_failure(Link& link, const ExpectFailure& failure, Event event, const Step& at);
    void settle_silence(Link& link, const ExpectStep& step, const Step& at, milliseconds waited);
    bool settle_reset(Link& link, const Event& event, const ExpectStep& step, const Step& at);
    std::string got_instead(Link& link, const Event& event, const ExpectStep& step);
    std::string silence_of(milliseconds waited) const;
    void check_time(milliseconds limit, net::Clock::time_point began, const Step& at);
    void judge_time(const ExpectStep& step, const Step& at, net::Clock::time_point began);
    [[noreturn]] void unmet(const ExpectStep& step, const Step& at, std::string got);
    milliseconds limit_for(const ExpectStep& step) const;

    // play_close.cpp
    void close_politely(Link& link, const CloseStep& close);
    void take_closing(Link& link);
    void close_all();

    // player.cpp
    void pump(net::Deadline deadline);
    void flush(Link& link);
    std::optional<Event> await(Link& link, milliseconds limit, net::Deadline last);
    void check_budget() const;
    bool eat_greeting(Link& link, const Event& event);
    void report(Behaviour verdict, std::string requirement, std::string text,
                std::vector<std::string> expected, std::string got, const Step* at,
                std::string because = {});
    void add(Finding finding);
    void finish(CaseResult& result);

    Stage& stage_;
    const Case& case_;
    std::uint64_t seed_;
    Recorder recorder_;
    net::Deadline ends_;
    std::list<Link> links_;
    std::vector<Finding> findings_;
    std::vector<std::string> sent_;  // since the last expectation that was met, for people
    Closing closing_ = Closing::not_judged;
    std::uint64_t nonces_ = 0;
    net::Clock::time_point last_sent_{};
    std::optional<net::Clock::time_point> offence_sent_{};  // when its first piece had left
    bool failed_ = false;
};

// BadOpening: a correct opening handshake was not answered with 101.
struct BadOpening : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// describe says what is expected, for people.
[[nodiscard]] std::string describe(const Expectation& expectation);
[[nodiscard]] std::string describe(const Item& item);
[[nodiscard]] std::string describe(const RequestStep& request);
// describe_step says what a step does, for people.
[[nodiscard]] std::string describe_step(const Step& step);

// offer_of reads from a request head what it offers.
[[nodiscard]] Offer offer_of(std::string_view head);

}  // namespace wsproof::conformance
