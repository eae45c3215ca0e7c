// The times: a connection each, all watched at once, until the server has done something about it.
#include <algorithm>
#include <array>
#include <list>

#include "limits.hpp"
#include "limits_link.hpp"

namespace wsproof::conformance {

namespace {

using Time = net::Clock::time_point;
using std::chrono::milliseconds;

constexpr milliseconds kOpening{10'000};  // for the answer to a correct handshake
constexpr milliseconds kTick{50};         // how often `stop` is looked at
constexpr milliseconds kPoke{10};         // how soon after the server's FIN it is poked again
constexpr std::size_t kPings = 4;         // three times between them
constexpr int kAttempts = 3;
constexpr std::array<unsigned char, 2> kNormalClose = {0x03, 0xE8};  // RFC 6455 §7.4.1: 1000

double ms_between(Time from, Time to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
}

// Watch is one connection and what it waits for.
struct Watch {
    std::vector<TimeLimit*> results{};  // of the same connection; the first says which
    std::optional<LimitLink> link{};
    Time began{};
    std::optional<Time> next_poke{};
    bool is_released = false;
    bool is_done = false;

    [[nodiscard]] Measure measure() const { return results.front()->measure; }
    [[nodiscard]] bool pokes() const {
        return measure() == Measure::close || measure() == Measure::unanswered_close;
    }
};

bool is_open_first(Measure measure) {
    return measure != Measure::handshake_head && measure != Measure::handshake_silence;
}

// begin connects, and does what the server is to be slow about.
void begin(Watch& watch, const Stage& stage, net::Deadline deadline) {
    const auto by = std::min(deadline, net::Clock::now() + kOpening);
    LimitLink& link = watch.link.emplace(stage, by);
    if (is_open_first(watch.measure()) && !link.opened(request_head(stage.target, {}), by)) {
        throw Overloaded("a correct opening handshake drew " +
                         (link.how().empty() ? "no answer" : link.how()));
    }
    const Measure measure = watch.measure();
    if (measure == Measure::handshake_head) {
        wire::ByteString head = request_head(stage.target, {});
        head.resize(head.size() - 2);  // without the empty line
        link.say(once(std::move(head)));
    } else if (measure == Measure::unanswered_ping) {
        link.keep_mute();
    } else if (measure == Measure::close) {
        link.say(once(control(8, std::as_bytes(std::span(kNormalClose)))));
    } else if (measure == Measure::unanswered_close) {
        link.say(once(control(11, {})));  // RFC 6455 §5.2: a reserved opcode
    }
    watch.began = net::Clock::now();
}

// open_all begins what can be begun; the rest is not measured.
void open_all(std::list<Watch>& watches, const Stage& stage, net::Deadline deadline) {
    for (Watch& watch : watches) {
        for (int attempt = 1; attempt <= kAttempts; ++attempt) {
            std::string trouble;
            try {
                begin(watch, stage, deadline);
                break;
            } catch (const std::runtime_error& error) {  // Gone, Overloaded
                trouble = error.what();
            }
            if (attempt == kAttempts) {
                watch.is_done = true;
                for (TimeLimit* result : watch.results) {
                    result->is_measured = false;
                    result->note = trouble;
                }
            }
        }
    }
}

// poke learns when a server that has sent its FIN has let go of the connection: from then on the
// kernel answers what is written with RST.
void poke(Watch& watch) {
    const auto now = net::Clock::now();
    const auto since = now - *watch.link->seen().ended_at;
    if (watch.link->seen().end == "RST" || (watch.next_poke && !watch.link->poke())) {
        watch.is_released = true;
        return;
    }
    watch.next_poke = now + std::max<net::Clock::duration>(kPoke, since / 50);
}

void look_at(Watch& watch) {
    const LimitLink& link = *watch.link;
    const bool has_answer = !is_open_first(watch.measure()) && link.seen().answered_at;
    if (watch.pokes()) {
        if (link.has_ended() && (!watch.next_poke || net::Clock::now() >= *watch.next_poke)) {
            poke(watch);
        }
        watch.is_done = watch.is_released;
    } else {
        const bool is_ping_alone =
            watch.measure() == Measure::ping && link.seen().pings.size() >= kPings;
        watch.is_done = link.has_ended() || is_ping_alone;
    }
    // A server that answers an unfinished head has ended the wait, whatever becomes of TCP.
    watch.is_done = watch.is_done || has_answer;
}

void report_ping(const Watch& watch, TimeLimit& result) {
    const auto& pings = watch.link->seen().pings;
    if (pings.empty()) {
        return;
    }
    std::vector<double> times;
    Time last = watch.began;
    for (const Time at : pings) {
        times.push_back(ms_between(last, at));
        last = at;
    }
    std::sort(times.begin(), times.end());
    result.ms = times[times.size() / 2];
    result.how = pings.size() == 1
                     ? "1 Ping"
                     : std::to_string(pings.size()) + " Pings, " + time_text(times.front()) +
                           " to " + time_text(times.back()) + " apart";
}

// report_end: from `from` to the first sign of the end.
void report_end(const Watch& watch, TimeLimit& result, Time from) {
    const LimitLink::Seen& seen = watch.link->seen();
    std::optional<Time> at = seen.ended_at;
    if (seen.closed_at && !watch.pokes()) {
        at = seen.closed_at;
    }
    if (seen.answered_at && !is_open_first(result.measure)) {
        at = seen.answered_at;
    }
    if (at) {
        result.ms = ms_between(from, *at);
    }
    result.how = watch.link->how();
}

void report(const Watch& watch, TimeLimit& result) {
    const auto now = net::Clock::now();
    const LimitLink::Seen& seen = watch.link->seen();
    result.waited_ms = ms_between(watch.began, now);
    if (result.measure == Measure::ping) {
        report_ping(watch, result);
    } else if (result.measure == Measure::unanswered_ping) {
        if (seen.pings.empty()) {
            result.note = "no Ping came";
        } else {
            result.waited_ms = ms_between(seen.pings.front(), now);
            report_end(watch, result, seen.pings.front());
        }
    } else if (result.measure == Measure::unanswered_close) {
        // Its Close is what it waits behind; a server that ends TCP without one waits for none.
        report_end(watch, result, seen.closed_at.value_or(watch.began));
        if (!seen.closed_at && !seen.ended_at) {
            result.note = "a reserved opcode drew no Close";
        }
    } else {
        report_end(watch, result, watch.began);
    }
    if (watch.is_released) {
        result.released_ms = ms_between(*seen.ended_at, now);
    } else if (watch.pokes() && seen.ended_at) {
        result.is_held = true;
        result.waited_ms = ms_between(*seen.ended_at, now);
    }
}

void watch_all(std::list<Watch>& watches, const Stage& stage, net::Deadline deadline,
               const std::atomic<bool>& stop) {
    while (net::Clock::now() < deadline && !stop) {
        std::vector<LimitLink*> links;
        bool is_poking = false;
        for (Watch& watch : watches) {
            if (!watch.is_done) {
                links.push_back(&*watch.link);
                is_poking = is_poking || watch.link->has_ended();
            }
        }
        if (links.empty()) {
            return;
        }
        const auto tick = is_poking ? kPoke : kTick;
        LimitLink::pump(links, stage.interrupt, std::min(deadline, net::Clock::now() + tick));
        for (Watch& watch : watches) {
            if (!watch.is_done) {
                look_at(watch);
                if (watch.is_done) {
                    for (TimeLimit* result : watch.results) {
                        report(watch, *result);
                    }
                }
            }
        }
    }
}

// arrange makes a watch of each result; Pings come on the connection that is idle.
std::list<Watch> arrange(std::vector<TimeLimit>& results) {
    std::list<Watch> watches;
    for (TimeLimit& result : results) {
        const auto idle = std::find_if(watches.begin(), watches.end(), [](const Watch& watch) {
            return watch.measure() == Measure::idle;
        });
        if (result.measure == Measure::ping && idle != watches.end()) {
            idle->results.push_back(&result);
        } else {
            watches.push_back({.results = {&result}});
        }
    }
    return watches;
}

}  // namespace

std::vector<TimeLimit> measure_times(const Stage& stage, std::span<const Measure> measures,
                                     net::Deadline deadline, const std::atomic<bool>& stop) {
    std::vector<TimeLimit> results;
    for (const Measure measure : measures) {
        results.push_back({.measure = measure});
    }
    std::sort(results.begin(), results.end(),
              [](const TimeLimit& a, const TimeLimit& b) { return a.measure < b.measure; });
    std::list<Watch> watches = arrange(results);
    try {
        open_all(watches, stage, deadline);
        watch_all(watches, stage, deadline, stop);
    } catch (const Interrupted&) {
        // What is known is reported.
    }
    for (Watch& watch : watches) {
        for (TimeLimit* result : watch.results) {
            if (!watch.is_done && watch.link) {
                report(watch, *result);
            } else if (!watch.is_done) {
                result->is_measured = false;
                result->note = "interrupted before it began";
            }
        }
    }
    return results;
}

}  // namespace wsproof::conformance
