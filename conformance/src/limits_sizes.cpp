// The sizes: each trial is a connection of its own, and says taken or refused.
#include <algorithm>
#include <exception>

#include "limits.hpp"
#include "limits_link.hpp"

namespace wsproof::conformance {

namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t kHeadMax = std::uint64_t{4} << 20;       // bytes
constexpr std::uint64_t kFieldsMax = std::uint64_t{1} << 16;     // fields
constexpr std::uint64_t kFragmentsMax = std::uint64_t{1} << 20;  // frames
constexpr std::uint64_t kInflatedMax = std::uint64_t{1} << 30;   // bytes: 1 MiB on the wire
constexpr std::uint64_t kFragment = 64 << 10;  // bytes of a fragment, where frames may be so long
constexpr std::uint64_t kCarefulFragment = 16 << 10;  // where nobody knows
constexpr milliseconds kOpening{10'000};              // for the answer to a correct handshake
constexpr milliseconds kHead{5'000};                  // to an odd one
constexpr milliseconds kNobody{2'000};     // refused connections for so long: nobody is there
constexpr milliseconds kPause{100};        // before another attempt
constexpr milliseconds kStill{10'000};     // without progress: silence
constexpr milliseconds kQuiet{500};        // without progress: time to ask by a Ping
constexpr milliseconds kAfterPong{3'000};  // for an echo that the Pong has overtaken

std::string text_of(milliseconds time) {
    return time_text(static_cast<double>(time.count()));
}

struct Trial {
    Reply reply = Reply::unknown;
    std::string how{};
};

class Trials {
  public:
    Trials(const Stage& stage, net::Deadline deadline) : stage_(stage), deadline_(deadline) {}

    void begin(net::Deadline deadline) noexcept { deadline_ = deadline; }
    // name_what says what comes next; it is blamed for what happens once it is under way.
    void name_what(std::string what) { next_ = std::move(what); }
    // choose_type: text, unless only binary messages come back.
    void choose_type();
    // offer finds an offer of permessage-deflate that is accepted.
    [[nodiscard]] bool offer();
    [[nodiscard]] Trial handshake(const HeadFields& more);
    // message: of so many bytes. An echo of it has that size, or is compressed.
    [[nodiscard]] Trial message(Script script, std::uint64_t size, bool deflates);
    // check_life throws LimitsDied.
    void check_life() { static_cast<void>(open({})); }

    [[nodiscard]] std::uint8_t opcode() const noexcept { return opcode_; }
    [[nodiscard]] const std::string& went_away() const noexcept { return went_away_; }

  private:
    [[nodiscard]] LimitLink connect();
    void blame_next() { blamed_ = next_; }
    [[nodiscard]] LimitLink open(const HeadFields& more);
    void pause();
    [[nodiscard]] Trial wait_for_answer(LimitLink& link, std::uint64_t size, bool deflates);
    [[nodiscard]] bool has_echo(const LimitLink& link, std::uint64_t size, bool deflates) const;

    const Stage& stage_;
    net::Deadline deadline_;
    std::uint8_t opcode_ = 1;
    std::string offer_{};
    std::string next_{};
    std::string blamed_ = "before the first message";
    std::string went_away_{};
};

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

// Sizes searches one size after the other; what is known of one bounds the next.
class Sizes {
  public:
    Sizes(const Stage& stage, const LimitsOptions& options, Trials& trials)
        : stage_(stage), options_(options), trials_(trials) {}

    [[nodiscard]] SizeLimit search_for(Measure measure);
    // What ended the latest search before its time; rethrown once its half is told.
    [[nodiscard]] const std::exception_ptr& trouble() const noexcept { return trouble_; }

  private:
    SizeLimit head();
    SizeLimit fields();
    SizeLimit frame();
    SizeLimit fragments(bool are_empty);
    SizeLimit message();
    SizeLimit inflated();
    SizeLimit run(Measure measure, std::uint64_t first, std::uint64_t last,
                  const std::function<Trial(std::uint64_t)>& trial);

    const Stage& stage_;
    const LimitsOptions& options_;
    Trials& trials_;
    std::optional<std::uint64_t> head_max_{};   // what was found, exact or not
    std::optional<std::uint64_t> frame_max_{};  // likewise
    bool is_frame_limited_ = false;
    std::optional<std::uint64_t> fragments_max_{};  // likewise
    std::optional<std::uint64_t> message_max_{};    // likewise
    std::exception_ptr trouble_{};
};

SizeLimit Sizes::run(Measure measure, std::uint64_t first, std::uint64_t last,
                     const std::function<Trial(std::uint64_t)>& trial) {
    const auto began = net::Clock::now();
    SizeLimit limit{.measure = measure, .last = last};
    std::optional<std::uint64_t> smallest;
    limit.bound = search(
        [&](std::uint64_t number) {
            trials_.name_what(std::string(title(measure)) + " " + std::to_string(number));
            Trial tried;
            try {
                tried = trial(number);
            } catch (...) {  // Interrupted, LimitsDied: what was found is to be kept
                trouble_ = std::current_exception();
            }
            if (tried.reply == Reply::refused && number <= smallest.value_or(number)) {
                smallest = number;
                limit.how = tried.how;
            }
            return tried.reply;
        },
        std::min(first, last), last);
    limit.seconds = std::chrono::duration<double>(net::Clock::now() - began).count();
    return limit;
}

SizeLimit Sizes::search_for(Measure measure) {
    if (measure == Measure::head) {
        return head();
    }
    if (measure == Measure::fields) {
        return fields();
    }
    if (measure == Measure::frame) {
        return frame();
    }
    if (measure == Measure::message) {
        return message();
    }
    if (measure == Measure::inflated) {
        return inflated();
    }
    return fragments(measure == Measure::empty_fragments);
}

std::uint64_t at_least(std::uint64_t number) {
    std::uint64_t power = 1;
    while (power < number) {
        power *= 2;
    }
    return power;
}

SizeLimit Sizes::head() {
    constexpr const char* kName = "X-Wsproof-Limit";
    const std::uint64_t base = request_head(stage_.target, {{kName, ""}}).size();
    SizeLimit limit = run(Measure::head, at_least(base + 1), std::min(kHeadMax, options_.bytes_max),
                          [&](std::uint64_t size) {
                              const auto padding =
                                  static_cast<std::size_t>(size - std::min(size, base));
                              return trials_.handshake({{kName, std::string(padding, 'w')}});
                          });
    if (limit.bound.refused) {
        head_max_ = limit.bound.taken;
    }
    if (limit.bound.taken) {
        limit.note =
            "the value of its one big field: " + std::to_string(*limit.bound.taken - base) +
            " bytes";
    }
    return limit;
}

SizeLimit Sizes::fields() {
    const wire::ByteString plain = request_head(stage_.target, {});
    const auto lines = static_cast<std::uint64_t>(
        std::count(plain.begin(), plain.end(), static_cast<std::byte>('\n')));
    const std::uint64_t base = lines - 2;  // without the request line and the empty one
    const auto with = [&](std::uint64_t count) {
        HeadFields more;
        for (std::uint64_t i = base; i < count; ++i) {
            more.emplace_back("X-" + std::to_string(i), "1");
        }
        return more;
    };
    SizeLimit limit = run(Measure::fields, at_least(base + 1), kFieldsMax,
                          [&](std::uint64_t count) { return trials_.handshake(with(count)); });
    if (limit.bound.refused && head_max_ &&
        request_head(stage_.target, with(*limit.bound.refused)).size() > *head_max_) {
        limit.note = "the bytes of the head end it, not their number";
    }
    return limit;
}

SizeLimit Sizes::frame() {
    SizeLimit limit = run(Measure::frame, 1, options_.bytes_max, [&](std::uint64_t size) {
        return trials_.message(frame_of(trials_.opcode(), size), size, false);
    });
    frame_max_ = limit.bound.taken;
    is_frame_limited_ = limit.bound.refused.has_value();
    return limit;
}

SizeLimit Sizes::fragments(bool are_empty) {
    const Measure measure = are_empty ? Measure::empty_fragments : Measure::fragments;
    const std::uint64_t last = std::min(kFragmentsMax, options_.bytes_max);
    SizeLimit limit = run(measure, 1, last, [&](std::uint64_t count) {
        return trials_.message(fragments_of(trials_.opcode(), count, are_empty),
                               are_empty ? 1 : count, false);
    });
    if (are_empty && limit.bound.refused) {
        fragments_max_ = limit.bound.taken;
    }
    if (!are_empty && limit.bound.refused && message_max_ && *limit.bound.refused > *message_max_) {
        limit.note = "their bytes end it, not their number";
    }
    return limit;
}

SizeLimit Sizes::message() {
    const std::uint64_t fragment = std::min(frame_max_.value_or(kCarefulFragment), kFragment);
    SizeLimit limit = run(Measure::message, 1, options_.bytes_max, [&](std::uint64_t size) {
        return trials_.message(message_of(trials_.opcode(), size, fragment), size, false);
    });
    limit.note = "in fragments of " + std::to_string(fragment);
    if (limit.bound.refused && fragments_max_ &&
        *limit.bound.refused / fragment > *fragments_max_) {
        limit.note += "; their number ends it, not the bytes";
    }
    if (limit.bound.refused) {
        message_max_ = limit.bound.taken;
    }
    return limit;
}

// payload_of: bytes on the wire of what inflates to so many (RFC 6455 §5.2: without the header).
std::uint64_t payload_of(std::uint64_t inflated) {
    const std::uint64_t size = size_of(inflating(1, inflated)) - 6;  // a short header, with its key
    return size < 126 ? size : size - 2 < 65'536 ? size - 2 : size - 8;
}

SizeLimit Sizes::inflated() {
    if (!trials_.offer()) {
        return {.measure = Measure::inflated,
                .note = "permessage-deflate is declined",
                .is_measured = false};
    }
    SizeLimit limit = run(Measure::inflated, 1, std::min(options_.bytes_max, kInflatedMax),
                          [&](std::uint64_t size) {
                              return trials_.message(inflating(trials_.opcode(), size), size, true);
                          });
    if (limit.bound.refused && frame_max_ && is_frame_limited_ &&
        payload_of(*limit.bound.refused) > *frame_max_) {
        limit.note = "its bytes on the wire end it, not those inflated";
    }
    return limit;
}

}  // namespace

void measure_sizes(const Stage& stage, const LimitsOptions& options, Limits& limits,
                   const std::function<void(const SizeLimit&)>& found) {
    std::vector<Measure> measures;
    std::copy_if(options.measures.begin(), options.measures.end(), std::back_inserter(measures),
                 is_size);
    std::sort(measures.begin(), measures.end());
    // The rest is for the last look whether the server lives.
    const net::Clock::duration left = options.deadline - net::Clock::now();
    const auto ends = options.deadline - std::min<net::Clock::duration>(kNobody, left / 10);
    Trials trials(stage, ends);
    Sizes sizes(stage, options, trials);
    trials.name_what("the first message");
    trials.choose_type();
    for (std::size_t i = 0; i < measures.size(); ++i) {
        const auto now = net::Clock::now();
        trials.begin(now + std::max(ends - now, net::Clock::duration::zero()) /
                               static_cast<int>(measures.size() - i));
        limits.sizes.push_back(sizes.search_for(measures[i]));
        found(limits.sizes.back());
        if (sizes.trouble()) {
            std::rethrow_exception(sizes.trouble());
        }
    }
    trials.begin(ends);
    try {
        trials.check_life();
    } catch (const OutOfTime&) {
        // Not known to be dead.
    }
    if (!trials.went_away().empty()) {
        limits.died = trials.went_away() + "; it came back";
    }
}

}  // namespace wsproof::conformance
