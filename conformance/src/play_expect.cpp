// The player's ear: what is expected, what came, and what follows from it.
#include <algorithm>

#include "match_head.hpp"
#include "player.hpp"
#include "selection.hpp"
#include "unmet.hpp"

namespace wsproof::conformance {

// Candidate is one expectation that may still be met.
struct Player::Candidate {
    const Expectation* expectation = nullptr;
    std::size_t pongs_seen = 0;  // ExpectPongs: how far the subsequence got
    bool met = false;
    Behaviour lowered = Behaviour::pass;  // a lesser verdict that the meeting itself implies (A1)
    std::string because{};
};

namespace {

using Kind = Event::Kind;

bool has_ended(const Event& event) {
    return event.kind == Kind::eof || event.kind == Kind::reset;
}

// is_violation: what was sent breaks the RFC, so that the peer has to refuse or to end.
bool is_violation(const ExpectStep& step) {
    return std::any_of(
        step.expectations.begin(), step.expectations.end(), [](const Expectation& each) {
            const auto* response = std::get_if<ExpectResponse>(&each.what);
            return std::holds_alternative<ExpectFailure>(each.what) ||
                   std::holds_alternative<ExpectEof>(each.what) ||
                   (response != nullptr && response->kind == ExpectResponse::Kind::refused);
        });
}

bool wants(const ExpectStep& step, auto test) {
    return std::any_of(step.expectations.begin(), step.expectations.end(), test);
}

}  // namespace

milliseconds Player::limit_for(const ExpectStep& step) const {
    const bool on_handshake = wants(step, [](const Expectation& each) {
        return std::holds_alternative<ExpectResponse>(each.what);
    });
    return is_violation(step) ? stage_.patience.violation()
           : on_handshake     ? Patience::kOpening
                              : stage_.patience.answer();
}

// begun is the link that a step waits on; one that looks at a client's request begins it.
Link& Player::begun(const ExpectStep& step, const Step& at) {
    const bool is_there = std::any_of(links_.begin(), links_.end(),
                                      [&](const Link& each) { return each.name() == at.on; });
    const bool wants_request = wants(step, [](const Expectation& each) {
        return std::holds_alternative<ExpectRequest>(each.what);
    });
    if (is_there || !wants_request) {
        return link(at.on);
    }
    Link& from = await_client(at.on);
    await_request(from);
    return from;
}

void Player::act(const ExpectStep& step, const Step& at) {
    Link& from = begun(step, at);
    const auto began = offence_sent_ ? *offence_sent_ : last_sent_;
    if (step.mode == ExpectStep::Mode::unordered) {
        expect_unordered(from, step, at);
    } else {
        expect_any(from, step, at);
    }
    judge_time(step, at, began);
    sent_.clear();
    introduce(from);
}

// A thing that came late came all the same: time has a verdict of its own.
void Player::judge_time(const ExpectStep& step, const Step& at, net::Clock::time_point began) {
    const auto took = std::chrono::duration_cast<milliseconds>(net::Clock::now() - began);
    if (step.within && took > *step.within) {
        report(step.late, step.requirement, "What is expected comes in time",
               {"within " + std::to_string(step.within->count()) + " ms"},
               "after " + std::to_string(took.count()) + " ms", &at, step.because);
    }
}

void Player::unmet(const ExpectStep& step, const Step& at, std::string got) {
    std::vector<std::string> expected;
    for (const Expectation& each : step.expectations) {
        expected.push_back(describe(each));
    }
    const Behaviour verdict = step.otherwise.value_or(behaviour_of(case_.level));
    if (verdict == Behaviour::unsupported) {
        throw Unsupported{std::move(got)};
    }
    report(verdict, step.requirement, case_.title, std::move(expected), std::move(got), &at,
           step.because);
    throw Unmet{};
}

// is_passed_over: what a live peer may do at any time, and what the scenario allows.
bool Player::is_passed_over(Link& from, const Event& event,
                            const std::vector<Candidate>& candidates) {
    if (event.kind == Kind::pong) {
        return !from.answers_offence(event.payload);
    }
    if (eat_greeting(from, event)) {
        return true;
    }
    if (event.kind == Kind::message && (!stage_.echoes || in_prologue_)) {
        return true;  // who is no echo server, or not yet, may say what it likes when it likes
    }
    for (const Candidate& candidate : candidates) {
        const auto* failure = std::get_if<ExpectFailure>(&candidate.expectation->what);
        if (failure != nullptr) {
            for (const Expectation& allowed : failure->allow) {
                Candidate inner{.expectation = &allowed};
                if (consider(from, inner, event)) {
                    return true;
                }
            }
        }
        // Who waits for the end of TCP passes over the Close before it.
        if (event.kind == Kind::close &&
            std::holds_alternative<ExpectEof>(candidate.expectation->what)) {
            return true;
        }
    }
    return false;
}

bool Player::consider_response(Link& from, Candidate& candidate, const ExpectResponse& expected,
                               const Event& event) {
    using Wanted = ExpectResponse::Kind;
    if (expected.kind == Wanted::refused && (has_ended(event) || event.kind == Kind::garbage)) {
        // A1: TCP closed without an answer also refuses, if less helpfully.
        candidate.lowered = Behaviour::non_strict;
        candidate.because = "A1";
        return event.kind == Kind::garbage || !from.is_open_websocket();
    }
    if (event.kind != Kind::response) {
        return false;
    }
    const int status = event.response.status;
    if ((expected.kind == Wanted::opened && status != 101) ||
        (expected.kind == Wanted::refused && status == 101)) {
        return false;
    }
    const bool is_listed =
        expected.status.empty() ||
        std::find(expected.status.begin(), expected.status.end(), status) != expected.status.end();
    return is_listed && agrees(expected, from.monitor().deflate()) &&
           std::all_of(expected.headers.begin(), expected.headers.end(),
                       [&](const HeaderRule& rule) {
                           return holds(rule, event.response.values(rule.name));
                       });
}

// consider: does this event meet this expectation?
bool Player::consider(Link& from, Candidate& candidate, const Event& event) {
    const auto& what = candidate.expectation->what;
    if (const auto* message = std::get_if<ExpectMessage>(&what)) {
        if (message->like) {
            return event.kind == Kind::message &&
                   matches_glob(
                       {reinterpret_cast<const char*>(event.payload.data()), event.payload.size()},
                       *message->like);
        }
        return event.kind == Kind::message && event.opcode == message->opcode &&
               event.payload == payload(message->payload);
    }
    if (const auto* pong = std::get_if<ExpectPong>(&what)) {
        return event.kind == Kind::pong && event.payload == payload(pong->payload);
    }
    if (const auto* pongs = std::get_if<ExpectPongs>(&what)) {
        // A22: a subsequence in order that ends with the last one.
        for (std::size_t i = candidate.pongs_seen;
             event.kind == Kind::pong && i < pongs->payloads.size(); ++i) {
            if (event.payload == payload(pongs->payloads[i])) {
                candidate.pongs_seen = i + 1;
                return i + 1 == pongs->payloads.size();
            }
        }
        return false;
    }
    if (const auto* close = std::get_if<ExpectClose>(&what)) {
        const auto code = conformance::close_code(event.payload);
        return event.kind == Kind::close &&
               (close->codes.empty() ||
                std::find(close->codes.begin(), close->codes.end(), code) != close->codes.end());
    }
    if (std::holds_alternative<ExpectEof>(what)) {
        return has_ended(event);
    }
    if (std::holds_alternative<ExpectFailure>(what)) {
        return event.kind == Kind::close || has_ended(event);
    }
    if (const auto* request = std::get_if<ExpectRequest>(&what)) {
        return event.kind == Kind::request &&
               (!request->target || *request->target == event.request.target) &&
               std::all_of(request->headers.begin(), request->headers.end(),
                           [&](const HeaderRule& rule) {
                               return holds(rule, event.request.values(rule.name));
                           });
    }
    return consider_response(from, candidate, std::get<ExpectResponse>(what), event);
}

void Player::expect_any(Link& from, const ExpectStep& step, const Step& at) {
    std::vector<Candidate> candidates;
    for (const Expectation& each : step.expectations) {
        candidates.push_back({.expectation = &each});
    }
    const milliseconds limit = limit_for(step);
    const auto began = net::Clock::now();
    while (true) {
        const auto event = next_event(from, limit);
        if (!event) {
            check_time(limit, began, at);
            settle_silence(from, step, at, limit);
            return;
        }
        const bool is_overload = event->kind == Kind::response &&
                                 (event->response.status == 429 || event->response.status == 503);
        for (Candidate& candidate : candidates) {
            // A server that has no room says nothing of what it supports.
            const bool is_excuse = candidate.expectation->verdict == Behaviour::unsupported;
            if ((is_overload && is_excuse) || !consider(from, candidate, *event)) {
                continue;
            }
            if (candidate.lowered != Behaviour::pass) {
                report(candidate.lowered, step.requirement, case_.title,
                       {describe(*candidate.expectation)}, event->describe(), &at,
                       candidate.because);
            }
            settle(from, *candidate.expectation, *event, step, at);
            return;
        }
        if (is_passed_over(from, *event, candidates)) {
            continue;
        }
        if (is_overload && wants(step, [](const Expectation& each) {
                return std::holds_alternative<ExpectResponse>(each.what);
            })) {
            throw Overloaded("the target answers " + std::to_string(event->response.status));
        }
        if (settle_reset(from, *event, step, at)) {
            return;
        }
        unmet(step, at, got_instead(from, *event, step));
    }
}

// Rule 2 of the false alarms: where closing is legal a reset is no fail, because it may have eaten
// the Close before it.
bool Player::settle_reset(Link& from, const Event& event, const ExpectStep& step, const Step& at) {
    const bool may_close = from.has_said_close() || from.has_offended();
    if (event.kind != Kind::reset || !may_close || !wants(step, [](const Expectation& each) {
            return std::holds_alternative<ExpectClose>(each.what);
        })) {
        return false;
    }
    closing_ = Closing::unclean;
    report(Behaviour::non_strict, "6455-7.1.1-1", "TCP is ended by a method that is clean",
           {"a Close and the end of the TCP connection (FIN)"}, event.describe(), &at, "A17");
    return true;
}

// got_instead says what came where something else was expected, and where an echo departs.
std::string Player::got_instead(Link& from, const Event& event, const ExpectStep& step) {
    std::string got = event.describe();
    for (const Expectation& each : step.expectations) {
        if (const auto* response = std::get_if<ExpectResponse>(&each.what);
            response != nullptr && event.kind == Kind::response) {
            return got + got_headers(*response, event.response);
        }
        if (const auto* message = std::get_if<ExpectMessage>(&each.what);
            message != nullptr && event.kind == Kind::message) {
            const wire::ByteString wanted = payload(message->payload);
            const auto differs = std::mismatch(wanted.begin(), wanted.end(), event.payload.begin(),
                                               event.payload.end());
            const auto offset = static_cast<std::uint64_t>(differs.first - wanted.begin());
            if (differs.first == wanted.end() && differs.second == event.payload.end()) {
                return got;  // the same bytes, as the other type
            }
            recorder_.mark_difference(from.name(), offset);
            return got + "; the first difference is at byte " + std::to_string(offset);
        }
    }
    return got;
}

// What came meets `met`: a failure has to be seen to its end, and an alternative may be of a lesser
// verdict.
void Player::settle(Link& from, const Expectation& met, const Event& event, const ExpectStep& step,
                    const Step& at) {
    if (const auto* failure = std::get_if<ExpectFailure>(&met.what)) {
        settle_failure(from, *failure, event, at);
    }
    if (met.verdict == Behaviour::pass) {
        return;
    }
    std::vector<std::string> expected;
    for (const Expectation& each : step.expectations) {
        if (each.verdict == Behaviour::pass) {
            expected.push_back(describe(each));
        }
    }
    std::string got = event.describe();
    got += met.note.empty() ? "" : " (" + met.note + ")";
    if (met.verdict == Behaviour::unsupported) {
        throw Unsupported{met.note.empty() ? std::move(got) : met.note};
    }
    report(met.verdict, step.requirement, case_.title, std::move(expected), std::move(got), &at,
           met.because.empty() ? step.because : met.because);
    if (met.verdict >= Behaviour::fail) {
        throw Unmet{};
    }
}

// _Fail the WebSocket Connection_, RFC 6455 §7.1.7: after the Close, if there is one, TCP ends
// although we stay silent, and nothing else is delivered. How it ends goes to the close axis.
void Player::settle_failure(Link& from, const ExpectFailure& failure, Event event, const Step& at) {
    const bool has_close = event.kind == Kind::close;
    const auto code = conformance::close_code(event.payload);
    const milliseconds limit = stage_.patience.close();
    const auto last = net::Clock::now() + limit;
    while (!has_ended(event)) {
        auto next = next_event_by(from, last);
        if (!next) {
            if (from.is_done()) {
                break;
            }
            if (stage_.peer == Role::client) {
                note_lingering(&at);
                return;
            }
            closing_ = Closing::not_closed;
            stage_.patience.saw_not_closed();
            report(
                Behaviour::fail, "6455-7.1.7-3", "A server that fails the connection closes it",
                {"the end of the TCP connection"},
                "a Close, but TCP still open after " + std::to_string(limit.count() / 1000) + " s",
                &at, "A18");
            throw Unmet{};
        }
        event = std::move(*next);
        if (event.kind == Kind::flood) {
            report(Behaviour::fail, "6455-7.1.7-3", "A server that fails the connection closes it",
                   {"the end of the TCP connection"}, event.describe(), &at, "A18");
            throw Unmet{};
        }
        if (event.kind == Kind::pong && from.answers_offence(event.payload)) {
            report(Behaviour::fail, "6455-7.1.7-7",
                   "Nothing is processed after the connection has failed", {"no answer"},
                   event.describe(), &at, "A18");
            throw Unmet{};
        }
    }
    if (from.sent_after_offence()) {
        return;  // a late write can draw a reset that eats the peer's Close
    }
    if (!has_close) {
        closing_ = event.kind == Kind::eof ? Closing::no_close_frame : Closing::unclean;
        return;
    }
    const bool is_listed =
        std::find(failure.codes.begin(), failure.codes.end(), code) != failure.codes.end();
    const bool is_clean = event.kind != Kind::reset && !from.is_truncated();
    closing_ = !is_clean ? Closing::unclean : is_listed ? Closing::clean : Closing::wrong_code;
}

// check_time: all that was expected so far has come, if slowly, and now the time of the scenario is
// up before this step had its due. That is no departure.
void Player::check_time(milliseconds limit, net::Clock::time_point began, const Step& at) {
    if (net::Clock::now() >= ends_ && net::Clock::now() - began < limit) {
        report(Behaviour::info, "", "A scenario is played within its time", {},
               "the time of the scenario was up before it had ended", &at);
        throw Unmet{};
    }
}

void Player::settle_silence(Link& from, const ExpectStep& step, const Step& at,
                            milliseconds waited) {
    const bool on_handshake = wants(step, [](const Expectation& each) {
        return std::holds_alternative<ExpectResponse>(each.what);
    });
    const std::string nothing = silence_of(waited);
    if (on_handshake && !from.head_is_complete()) {
        // An incomplete head may be waited for as long as the server likes.
        report(Behaviour::info, step.requirement, case_.title, {},
               nothing + ", the head being incomplete", &at);
        return;
    }
    stage_.patience.saw_silence(is_violation(step));
    unmet(step, at, from.is_done() ? "nothing more: the connection has ended" : nothing);
}

// silence_of: a peer that drips is not silent, but its time is up all the same.
std::string Player::silence_of(milliseconds waited) const {
    return net::Clock::now() >= ends_ ? "nothing more in the time that a scenario has"
                                      : "nothing within " + std::to_string(waited.count()) + " ms";
}

void Player::expect_unordered(Link& from, const ExpectStep& step, const Step& at) {
    std::vector<Candidate> candidates;
    for (const Expectation& each : step.expectations) {
        candidates.push_back({.expectation = &each});
    }
    const milliseconds limit = limit_for(step);
    const auto began = net::Clock::now();
    std::size_t left = candidates.size();
    while (left > 0) {
        const auto event = next_event(from, limit);
        if (!event) {
            check_time(limit, began, at);
            stage_.patience.saw_silence(is_violation(step));
            unmet(step, at,
                  silence_of(limit) + ", " + std::to_string(left) + " of them still to come");
        }
        const auto found =
            std::find_if(candidates.begin(), candidates.end(), [&](Candidate& candidate) {
                return !candidate.met && consider(from, candidate, *event);
            });
        if (found != candidates.end()) {
            found->met = true;
            --left;
        } else if (!is_passed_over(from, *event, candidates)) {
            unmet(step, at, got_instead(from, *event, step));
        }
    }
}

// ask is the fence of a target that echoes nothing: its probe.
void Player::ask(Link& with, const Step& at) {
    sent_.push_back("the probe");
    if (!answers(with, stage_.patience.answer())) {
        report(behaviour_of(case_.level), "", case_.title,
               {"an answer to the probe that is like \"" + stage_.target.probe->reply + "\""},
               "none", &at);
        throw Unmet{};
    }
    sent_.clear();
}

// A fence proves that what could have come before has come. The Pong proves that the parser got
// here, the echo that the application did (A22).
void Player::act(const FenceStep& step, const Step& at) {
    Link& with = link(at.on);
    if (step.echo && !stage_.echoes && stage_.target.probe) {
        ask(with, at);
        return;
    }
    FrameSpec frame{.opcode = static_cast<std::uint8_t>(step.echo ? 1 : 9)};
    frame.payload.recipe =
        "fence-" + std::to_string(seed_of(seed_, "fence" + std::to_string(++nonces_)));
    sent_.push_back(step.echo ? "a sentinel message" : "a sentinel Ping");
    send_frame(with, frame);
    Expectation expectation;
    if (step.echo) {
        expectation.what = ExpectMessage{.opcode = 1, .payload = frame.payload};
    } else {
        expectation.what = ExpectPong{frame.payload};
    }
    const ExpectStep expected{.expectations = {expectation}};
    expect_any(with, expected, at);
    sent_.clear();
}

}  // namespace wsproof::conformance
