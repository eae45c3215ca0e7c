#include "limits.hpp"

#include <algorithm>
#include <array>
#include <thread>

namespace wsproof::conformance {

namespace {

struct Words {
    std::string_view name;
    std::string_view title;
};

constexpr std::array<Words, kMeasureCount> kWords = {{
    {"head", "handshake, bytes"},
    {"field", "handshake field, bytes"},
    {"fields", "handshake, fields"},
    {"frame", "frame payload, bytes"},
    {"empty-fragments", "empty fragments"},
    {"message", "message, bytes"},
    {"fragments", "fragments of a byte"},
    {"inflated", "message inflated, bytes"},
    {"handshake-head", "unfinished handshake"},
    {"handshake-silence", "no handshake"},
    {"idle", "idle, Pings answered"},
    {"unanswered-ping", "unanswered Ping"},
    {"ping", "between Pings"},
    {"close", "after our Close"},
    {"unanswered-close", "unanswered Close"},
}};

std::vector<Measure> times_of(const LimitsOptions& options) {
    std::vector<Measure> times;
    std::copy_if(options.measures.begin(), options.measures.end(), std::back_inserter(times),
                 [](Measure measure) { return !is_size(measure); });
    std::sort(times.begin(), times.end());
    return times;
}

// one_by_one is for servers that talk to one client at a time: each gets an equal share.
void one_by_one(const Stage& stage, const LimitsOptions& options, const std::vector<Measure>& times,
                Limits& limits) {
    const std::atomic<bool> never{false};
    for (std::size_t i = 0; i < times.size() && !limits.was_interrupted; ++i) {
        const auto left = options.deadline - net::Clock::now();
        const auto share = left / static_cast<int>(times.size() - i);
        for (TimeLimit& result : measure_times(stage, std::span(times).subspan(i, 1),
                                               net::Clock::now() + share, never)) {
            limits.times.push_back(std::move(result));
        }
        limits.was_interrupted = stage.interrupt.is_triggered();
    }
}

// forget_ends_of_death: what ended when the server died was not ended by a time-out.
void forget_ends_of_death(Limits& limits) {
    for (TimeLimit& result : limits.times) {
        if (result.ms && result.measure != Measure::ping) {
            result = {.measure = result.measure,
                      .note = "the server died meanwhile",
                      .is_measured = false};
        }
    }
}

}  // namespace

std::string_view name(Measure measure) noexcept {
    return kWords[static_cast<std::size_t>(measure)].name;
}

std::string_view title(Measure measure) noexcept {
    return kWords[static_cast<std::size_t>(measure)].title;
}

std::optional<Measure> measure_of(std::string_view name) noexcept {
    const auto found = std::find_if(kWords.begin(), kWords.end(),
                                    [&](const Words& words) { return words.name == name; });
    return found == kWords.end() ? std::nullopt
                                 : std::optional(static_cast<Measure>(found - kWords.begin()));
}

Limits measure_limits(const Stage& stage, const LimitsOptions& options,
                      const std::function<void(const SizeLimit&)>& found) {
    Limits limits;
    const std::vector<Measure> times = times_of(options);
    std::atomic<bool> stop{false};
    std::vector<TimeLimit> measured;
    std::thread watcher;
    if (options.many_connections && !times.empty()) {
        watcher =
            std::thread([&] { measured = measure_times(stage, times, options.deadline, stop); });
    }
    try {
        LimitsOptions sizes = options;
        if (!options.many_connections && !times.empty()) {
            const auto now = net::Clock::now();
            sizes.deadline = now + (options.deadline - now) / 2;  // the rest is for the times
        }
        measure_sizes(stage, sizes, limits, found);
    } catch (const LimitsDied& died) {
        limits.died = died.what();
        stop = true;
    } catch (const Interrupted&) {
        limits.was_interrupted = true;
    }
    if (watcher.joinable()) {
        watcher.join();
        limits.times = std::move(measured);
    } else if (limits.died.empty()) {
        one_by_one(stage, options, times, limits);
    }
    limits.was_interrupted = limits.was_interrupted || stage.interrupt.is_triggered();
    if (!limits.died.empty()) {
        forget_ends_of_death(limits);
    }
    return limits;
}

}  // namespace wsproof::conformance
