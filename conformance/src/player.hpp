// Plays one case against a server or a client and says what came of it. The rules against false
// alarms live here: fences and not sleeps, an offence is the last thing said, silence is bounded,
// what the RFC leaves open is never a fail.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <wsproof/net/socket.hpp>

#include "link.hpp"
#include "scenario.hpp"
#include "stage.hpp"

namespace wsproof::conformance {

class Player {
  public:
    Player(Stage& stage, const Case& played);

    // play throws Interrupted, OutOfTime, Overloaded and Gone; all else is in the result.
    [[nodiscard]] CaseResult play();

    // Below: for preflight and the canary, which need a live connection and no case.

    // open connects and completes an opening handshake. Throws as play() does, and BadOpening for
    // an answer that is no 101.
    Link& open(const std::string& name, const RequestStep& request = {});
    // answers: the link answers in time: an echo, else the target's probe, else a Pong.
    [[nodiscard]] bool answers(Link& link, milliseconds limit);
    // introduce plays the prologue on a link that has just opened. Throws BadOpening if it does not
    // go as it should.
    void introduce(Link& link);
    [[nodiscard]] Recorder& recorder() noexcept { return recorder_; }
    // next_event waits for the next thing that the peer does; nullopt on silence. Ping-pong goes on
    // meanwhile.
    [[nodiscard]] std::optional<Event> next_event(Link& link, milliseconds limit);
    // next_event_by: the same, but nothing prolongs the wait.
    [[nodiscard]] std::optional<Event> next_event_by(Link& link, net::Deadline deadline);
    void send_frame(Link& link, const FrameSpec& frame);
    // leave closes what is open, as a live peer would.
    void leave();

  private:
    struct Unmet;        // an expectation that was not met: ends the play
    struct Unsupported;  // the peer does not offer what the case is about: ends it too

    void run(const Step& step);
    void act(const SendStep& step, const Step& at);
    void act(const RequestStep& step, const Step& at);
    void act(const RespondStep& step, const Step& at);
    void act(const DeflateStep& step, const Step& at);
    void act(const ConnectStep& step, const Step& at);
    void act(const ExpectStep& step, const Step& at);
    void act(const FenceStep& step, const Step& at);
    void act(const CloseStep& step, const Step& at);
    void act(const HalfCloseStep& step, const Step& at);
    void act(const ReadingStep& step, const Step& at);
    void act(const ResetStep& step, const Step& at);
    void act(const DropStep& step, const Step& at);
    void act(const PauseStep& step, const Step& at);
    void act(const CanaryStep& step, const Step& at);
    void act(const AssertStep& step, const Step& at);

    // play_send.cpp
    Link& connect(const std::string& name, bool plain = false);
    net::Stream secure(net::Socket socket);
    Link& connect_paced(const std::string& name, bool plain = false);
    Link& link(const std::string& name);
    // Outgoing is what one step sends: where items end, and where an offence begins. An HTTP head
    // of `head` bytes may come first.
    struct Outgoing {
        wire::ByteString bytes{};
        std::size_t head = 0;
        std::vector<std::size_t> boundaries{};
        std::optional<std::size_t> offence{};
    };
    void encode(Link& link, const std::vector<Item>& items, Outgoing& out);
    void encode_item(Link& link, const Item& item, Outgoing& out);
    void encode_frame(Link& link, const FrameSpec& frame, wire::ByteString& out);
    void encode_message(Link& link, const MessageSpec& message, Outgoing& out);
    void send_cut(Link& link, const Outgoing& out, const Cut& cut);

    // play_segment.cpp
    [[nodiscard]] bool is_cut_by_run(const Link& link, const Cut& cut) const;
    void send_opening(Link& link, wire::ByteView head);
    void send_segmented(Link& link, const Outgoing& out);
    bool pause_between_pieces(const Link& link);
    Outgoing& held_for(Link& link);
    bool holds_back(const Step& next) const;
    void release_held();

    wire::ByteString compressed(Link& link, const MessageSpec& message);

    // play_head.cpp
    using Names = std::vector<std::pair<std::string_view, std::string>>;  // "${key}" -> value
    using Fields = std::vector<wire::HttpField>;
    std::string filled(const PayloadSpec& spec, const Names& names) const;
    wire::ByteString edited(const std::string& start_line, Fields fields, const HeadSpec& spec,
                            const Names& names) const;
    wire::ByteString head_of(const RequestStep& request, const std::string& key) const;
    wire::ByteString head_of(const RespondStep& response, const Link& link) const;

    // play_respond.cpp: we are the server
    Link& await_client(const std::string& name);
    // is_asked_for_more: than to connect to / and to echo; a client need not be able to.
    [[nodiscard]] bool is_asked_for_more() const;
    void await_request(Link& link);
    void respond(Link& link, const RespondStep& response);
    Link& open_to_client(const std::string& name);
    RespondStep accepting(const DeflateStep& step, const Offer& offer) const;
    void see_whether_it_stays(Link& link);
    // let_go answers a client that came by itself for a case that it cannot play: nobody starts it
    // again, and it waits.
    void let_go();
    void end_visits(CaseResult& result);
    [[nodiscard]] bool we_mask() const noexcept {  // a client does (RFC 6455 §5.1)
        return stage_.peer == Role::server;
    }

    std::string new_key(Link& link);
    wire::ByteString payload(const PayloadSpec& spec) const;

    // play_expect.cpp
    struct Candidate;
    Link& begun(const ExpectStep& step, const Step& at);
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
    void ask(Link& with, const Step& at);
    void check_time(milliseconds limit, net::Clock::time_point began, const Step& at);
    void judge_time(const ExpectStep& step, const Step& at, net::Clock::time_point began);
    [[noreturn]] void unmet(const ExpectStep& step, const Step& at, std::string got);
    milliseconds limit_for(const ExpectStep& step) const;

    // play_close.cpp
    void close_politely(Link& link, const CloseStep& close);
    void take_closing(Link& link);
    void note_lingering(const Step* at);
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
    std::list<std::unique_ptr<Visit>> visits_;  // of a client: they outlive their links
    std::list<Link> links_;
    std::vector<Finding> findings_;
    std::vector<std::string> sent_;  // since the last expectation that was met, for people
    Closing closing_ = Closing::not_judged;
    std::uint64_t nonces_ = 0;
    net::Clock::time_point last_sent_{};
    net::Clock::time_point last_event_{};  // when what was judged last came, or was missed
    std::optional<net::Clock::time_point> offence_sent_{};  // when its first piece had left
    bool failed_ = false;
    bool in_prologue_ = false;
    Segmentation segmentation_{};
    Link* held_on_ = nullptr;  // Segmentation::Kind::coalesce: what waits for more to go with it
    Outgoing held_{};
    std::size_t cuts_made_ = 0;
};

// BadOpening: a correct opening handshake was not answered with 101.
struct BadOpening : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Vanished: a client under test ended, or did not come, before it had connected.
struct Vanished : Overloaded {
    using Overloaded::Overloaded;
};

// Declined: a client under test cannot be asked for what the case needs.
struct Declined : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// describe says what is expected, for people.
[[nodiscard]] std::string describe(const Expectation& expectation);
[[nodiscard]] std::string describe(const Item& item);
[[nodiscard]] std::string describe(const RequestStep& request);
[[nodiscard]] std::string describe(const RespondStep& response);
// describe_step says what a step does, for people.
[[nodiscard]] std::string describe_step(const Step& step);

}  // namespace wsproof::conformance
