// The sizes, one search after the other.
#include <algorithm>
#include <exception>

#include "limits.hpp"
#include "limits_trials.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::uint64_t kHeadMax = std::uint64_t{4} << 20;       // bytes
constexpr std::uint64_t kField = 1'000;                          // bytes of a field's line
constexpr std::uint64_t kFieldRest = 12;                         // of them beside its value
constexpr std::uint64_t kFieldsMax = std::uint64_t{1} << 16;     // fields
constexpr std::uint64_t kFragmentsMax = std::uint64_t{1} << 20;  // frames
constexpr std::uint64_t kInflatedMax = std::uint64_t{1} << 30;   // bytes: 1 MiB on the wire
constexpr std::uint64_t kFragment = 64 << 10;  // bytes of a fragment, where frames may be so long
constexpr std::uint64_t kCarefulFragment = 16 << 10;  // where nobody knows

// Sizes searches one size after the other; what is known of one bounds the next.
class Sizes {
  public:
    Sizes(const Stage& stage, const LimitsOptions& options, Trials& trials)
        : stage_(stage), options_(options), trials_(trials) {
        const wire::ByteString head = request_head(stage_.target, {});
        const auto lines = std::count(head.begin(), head.end(), static_cast<std::byte>('\n'));
        fields_ =
            static_cast<std::uint64_t>(lines - 2);  // without the first line and the empty one
    }

    [[nodiscard]] SizeLimit search_for(Measure measure);
    // What ended the latest search before its time; rethrown once its half is told.
    [[nodiscard]] const std::exception_ptr& trouble() const noexcept { return trouble_; }

  private:
    SizeLimit head();
    SizeLimit field();
    SizeLimit fields();
    void note_head(SizeLimit& limit, const HeadFields& more) const;
    SizeLimit frame();
    SizeLimit fragments(bool are_empty);
    SizeLimit message();
    SizeLimit inflated();
    SizeLimit run(Measure measure, std::uint64_t first, std::uint64_t last,
                  const std::function<Trial(std::uint64_t)>& trial);

    const Stage& stage_;
    const LimitsOptions& options_;
    Trials& trials_;
    std::uint64_t fields_ = 0;                  // of a plain request
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
    if (measure == Measure::field) {
        return field();
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

// fields_of are fields of `size` bytes in all, of kField each but for the last; kFieldRest at
// least.
HeadFields fields_of(std::uint64_t size) {
    HeadFields fields;
    for (std::uint64_t left = size; left > 0;) {
        const std::uint64_t each = left < 2 * kField ? left : kField;
        fields.emplace_back("X-" + std::to_string(100'000 + fields.size()),
                            std::string(static_cast<std::size_t>(each - kFieldRest), 'w'));
        left -= each;
    }
    return fields;
}

SizeLimit Sizes::head() {
    const std::uint64_t base = request_head(stage_.target, {}).size();
    const auto with = [base](std::uint64_t size) {
        return fields_of(std::max(size, base + kFieldRest) - base);
    };
    SizeLimit limit =
        run(Measure::head, at_least(base + kFieldRest), std::min(kHeadMax, options_.bytes_max),
            [&](std::uint64_t size) { return trials_.handshake(with(size)); });
    if (limit.bound.refused) {
        head_max_ = limit.bound.taken;
        limit.note = "in " + std::to_string(fields_ + with(*limit.bound.refused).size()) +
                     " fields, none of them longer than " + std::to_string(2 * kField);
    }
    return limit;
}

// note_head says it if the head with `more` is larger than the largest.
void Sizes::note_head(SizeLimit& limit, const HeadFields& more) const {
    if (head_max_ && request_head(stage_.target, more).size() > *head_max_) {
        limit.note = "with that, the head is larger than the largest";
    }
}

SizeLimit Sizes::field() {
    const auto with = [](std::uint64_t size) {
        return HeadFields{{"X-Wsproof-Limit", std::string(static_cast<std::size_t>(size), 'w')}};
    };
    SizeLimit limit = run(Measure::field, 1, std::min(kHeadMax, options_.bytes_max),
                          [&](std::uint64_t size) { return trials_.handshake(with(size)); });
    if (limit.bound.refused) {
        note_head(limit, with(*limit.bound.refused));
    }
    return limit;
}

SizeLimit Sizes::fields() {
    const auto with = [&](std::uint64_t count) {
        HeadFields more;
        for (std::uint64_t i = fields_; i < count; ++i) {
            more.emplace_back("X-" + std::to_string(i), "1");
        }
        return more;
    };
    SizeLimit limit = run(Measure::fields, at_least(fields_ + 1), kFieldsMax,
                          [&](std::uint64_t count) { return trials_.handshake(with(count)); });
    if (limit.bound.refused) {
        note_head(limit, with(*limit.bound.refused));
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
        limit.note = "with them, the message is longer than the longest";
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
        limit.note += ", of which it takes no more";
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
        limit.note = "its frame is longer than the longest";
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
