#include "limits_trials.hpp"

#include <algorithm>

namespace wsproof::conformance {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kOpening{10'000};   // for the answer to a correct handshake
constexpr milliseconds kHead{5'000};       // to an odd one
constexpr milliseconds kPause{100};        // before another attempt
constexpr milliseconds kStill{10'000};     // without progress: silence
constexpr milliseconds kQuiet{500};        // without progress: time to ask by a Ping
constexpr milliseconds kAfterPong{3'000};  // for an echo that the Pong has overtaken

std::string text_of(milliseconds time) {
    return time_text(static_cast<double>(time.count()));
}

}  // namespace

void Trials::pause() {
    if (net::wait({}, net::Clock::now() + kPause, &stage_.interrupt) == net::Status::interrupted) {
        throw Interrupted{};
    }
}

// A server that accepts no connection is dead, or being started again.
LimitLink Trials::connect() {
    const auto began = net::Clock::now();
    while (true) {
        std::string trouble;
        try {
            const auto now = net::Clock::now();
            return LimitLink(stage_, std::max(now + kNobody, std::min(deadline_, now + kOpening)));
        } catch (const Gone& error) {
            trouble = error.what();
            went_away_ = blamed_;
        } catch (const Overloaded& error) {
            trouble = error.what();
        }
        if (net::Clock::now() - began > kNobody) {
            throw LimitsDied(blamed_ + "; since then: " + trouble);
        }
        pause();
    }
}

LimitLink Trials::open(const HeadFields& more) {
    for (int attempt = 1;; ++attempt) {
        LimitLink link = connect();
        const auto limit = std::min(deadline_, net::Clock::now() + kOpening);
        if (link.opened(request_head(stage_.target, more), limit)) {
            return link;
        }
        const std::string drew = link.how();
        if (net::Clock::now() >= deadline_) {
            throw OutOfTime{};
        }
        if (attempt == 3) {
            throw LimitsDied(blamed_ + "; since then a correct opening handshake draws " +
                             (drew.empty() ? "no answer" : drew));
        }
        pause();
    }
}

void Trials::choose_type() {
    if (stage_.echoes && message(frame_of(1, 1), 1, false).reply == Reply::refused) {
        opcode_ = 2;
    }
}

bool Trials::offer() {
    for (const char* offer : {"permessage-deflate", "permessage-deflate; client_max_window_bits"}) {
        LimitLink link = connect();
        const HeadFields more = {{"Sec-WebSocket-Extensions", offer}};
        if (!link.opened(request_head(stage_.target, more),
                         std::min(deadline_, net::Clock::now() + kOpening))) {
            continue;
        }
        if (!link.seen().answer->values("Sec-WebSocket-Extensions").empty()) {
            offer_ = offer;
            return true;
        }
    }
    return false;
}

Trial Trials::handshake(const HeadFields& more) {
    try {
        for (int attempt = 1;; ++attempt) {
            LimitLink link = connect();
            blame_next();
            if (link.opened(request_head(stage_.target, more),
                            std::min(deadline_, net::Clock::now() + kHead))) {
                return {.reply = Reply::taken};
            }
            const auto& answer = link.seen().answer;
            const bool is_busy = answer && (answer->status == 429 || answer->status == 503);
            if (net::Clock::now() >= deadline_) {
                return {};
            }
            if (!is_busy || attempt == 3) {
                const std::string how = link.how();
                return {.reply = Reply::refused,
                        .how = how.empty() ? "no answer for " + text_of(kHead) : how};
            }
            pause();
        }
    } catch (const OutOfTime&) {
        return {};
    }
}

Trial Trials::message(Script script, std::uint64_t size, bool deflates) {
    try {
        LimitLink link =
            open(deflates ? HeadFields{{"Sec-WebSocket-Extensions", offer_}} : HeadFields{});
        blame_next();
        link.say(std::move(script));
        if (!stage_.echoes && stage_.pongs) {
            link.say(once(control(9, {})));
        }
        return wait_for_answer(link, size, deflates);
    } catch (const OutOfTime&) {
        return {};
    }
}

bool Trials::has_echo(const LimitLink& link, std::uint64_t size, bool deflates) const {
    std::vector<std::uint64_t> greetings;
    for (const wire::ByteString& greeting : stage_.greetings) {
        greetings.push_back(greeting.size());
    }
    for (const LimitLink::Message& message : link.seen().messages) {
        const auto greeting = stage_.greetings_vary
                                  ? greetings.begin()
                                  : std::find(greetings.begin(), greetings.end(), message.size);
        if (greeting != greetings.end()) {
            greetings.erase(greeting);
        } else if (message.size == size || (deflates && message.is_compressed)) {
            return true;
        }
    }
    return false;
}

// A message was taken if its echo comes. Of a server that echoes nothing, the Pong to a Ping behind
// it says so, and a second one, because what is made of the message may come a little later. Of one
// that answers no Pings either, that it does not refuse.
Trial Trials::wait_for_answer(LimitLink& link, std::uint64_t size, bool deflates) {
    std::uint64_t seen = 0;
    std::uint64_t asked = stage_.echoes ? 0 : 1;
    auto moved_at = net::Clock::now();
    while (net::Clock::now() < deadline_) {
        const auto still = net::Clock::now() - moved_at;
        const bool is_told = link.has_said_all();
        const std::uint64_t pongs = link.seen().pongs;
        if (stage_.echoes ? has_echo(link, size, deflates) : pongs >= 2) {
            return {.reply = Reply::taken};
        }
        if (link.has_ended() || (link.seen().closed_at && still > kQuiet)) {
            return {.reply = Reply::refused, .how = link.how()};
        }
        if (!stage_.echoes && !stage_.pongs && is_told && still > kQuiet) {
            return {.reply = Reply::taken};
        }
        if (stage_.echoes && pongs > 0 && still > kAfterPong) {
            return {.reply = Reply::refused,
                    .how = "no echo for " + text_of(kAfterPong) + ", though Pings are answered"};
        }
        if (still > kStill) {
            return {
                .reply = Reply::refused,
                .how = (is_told ? "no answer for " : "it reads nothing for ") + text_of(kStill)};
        }
        const bool shall_ask =
            stage_.echoes ? asked == 0 && is_told && still > kQuiet : asked == 1 && pongs == 1;
        if (shall_ask && stage_.pongs) {
            ++asked;
            link.say(once(control(9, {})));
        }
        LimitLink* const links[] = {&link};
        LimitLink::pump(links, stage_.interrupt, std::min(deadline_, net::Clock::now() + kPause));
        if (link.progress() != seen) {
            seen = link.progress();
            moved_at = net::Clock::now();
        }
    }
    return {};
}

}  // namespace wsproof::conformance
