// `wsproof limits`: how much a server takes, and how long it waits. It measures and judges nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "limits_search.hpp"
#include "player.hpp"

namespace wsproof::conformance {

// Measure is what can be measured, in the order of the report.
enum class Measure : std::uint8_t {
    head,               // bytes of the opening handshake's head, in fields of a moderate size
    field,              // bytes of the value of one field
    fields,             // how many fields it has
    frame,              // payload bytes of one frame
    empty_fragments,    // frames of one message, empty but for the first
    message,            // payload bytes of one message, in fragments
    fragments,          // frames of one message, a byte each
    inflated,           // bytes of one message that came compressed
    handshake_head,     // time-out of a head that does not end
    handshake_silence,  // time-out of a connection that says nothing
    idle,               // time-out of an open connection that answers Pings alone
    unanswered_ping,    // time-out of one that does not answer them
    ping,               // how often an idle connection is pinged
    close,              // our Close: how long until TCP ends
    unanswered_close,   // its Close, to a violation: how long it waits for ours
};
inline constexpr std::size_t kMeasureCount = 15;

[[nodiscard]] std::string_view name(Measure measure) noexcept;   // "empty-fragments"
[[nodiscard]] std::string_view title(Measure measure) noexcept;  // for people
[[nodiscard]] std::optional<Measure> measure_of(std::string_view name) noexcept;
[[nodiscard]] constexpr bool is_size(Measure measure) noexcept {
    return measure <= Measure::inflated;
}

// SizeLimit is what a search found.
struct SizeLimit {
    Measure measure = Measure::frame;
    Bound bound{};
    std::uint64_t last = 0;  // the largest number that was to be tried
    std::string how{};       // the smallest refused number was refused so: "Close 1009, FIN"
    std::string note{};      // what else is to be known of it, or why it was not searched
    bool is_measured = true;
    double seconds = 0;  // that it took
};

// TimeLimit is what came of waiting.
struct TimeLimit {
    Measure measure = Measure::idle;
    // How long until it happened (between Pings: the median), in milliseconds; nullopt: it did not.
    std::optional<double> ms{};
    double waited_ms = 0;  // at least so long, if it did not
    // close, unanswered_close: from the server's FIN until its end of TCP takes nothing any more;
    // nullopt and `is_held`: it still did at the end, after `waited_ms`.
    std::optional<double> released_ms{};
    bool is_held = false;
    std::string how{};
    std::string note{};
    bool is_measured = true;
};

struct LimitsOptions {
    net::Deadline deadline{};                           // for everything
    std::uint64_t bytes_max = std::uint64_t{64} << 20;  // of one message, on the wire or inflated
    std::vector<Measure> measures{};                    // which; in any order
    bool many_connections = true;  // else times are measured one by one, after the sizes
};

struct Limits {
    std::vector<SizeLimit> sizes{};
    std::vector<TimeLimit> times{};
    std::string died{};  // what was under way when the server was gone, and how; empty: it lives
    bool was_interrupted = false;
};

// LimitsDied: the server does not come back.
struct LimitsDied : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// measure_limits tells `found` of each size as soon as it is known; times come at the end. Ends by
// itself at the deadline, and on an interrupt or the server's death with what was found, half a
// search included.
[[nodiscard]] Limits measure_limits(const Stage& stage, const LimitsOptions& options,
                                    const std::function<void(const SizeLimit&)>& found);

// limits_sizes.cpp: the sizes, one after the other, each within its share of what time is left.
// Throws Interrupted and LimitsDied; what was found before is in `limits`.
void measure_sizes(const Stage& stage, const LimitsOptions& options, Limits& limits,
                   const std::function<void(const SizeLimit&)>& found);
// limits_times.cpp: these times, all at once, until each is known or `deadline` or `stop`. On an
// interrupt it returns what is known.
[[nodiscard]] std::vector<TimeLimit> measure_times(const Stage& stage,
                                                   std::span<const Measure> measures,
                                                   net::Deadline deadline,
                                                   const std::atomic<bool>& stop);

// limits_report.cpp: a time, for people; a line of text each, without its end; and all of it.
[[nodiscard]] std::string time_text(double ms);
[[nodiscard]] std::string line_of(const SizeLimit& limit);
[[nodiscard]] std::string line_of(const TimeLimit& limit);
[[nodiscard]] nlohmann::ordered_json json_of(const Limits& limits);

}  // namespace wsproof::conformance
