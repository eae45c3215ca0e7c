// What the measurements say, for people and for programs.
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "limits.hpp"
#include "report_format.hpp"

namespace wsproof::conformance {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kTitle = 26;  // columns
constexpr std::size_t kValue = 30;  // likewise

std::string padded(std::string text, std::size_t width) {
    const std::size_t columns_used = columns(text);
    text.append(width > columns_used ? width - columns_used : 1, ' ');
    return text;
}

// with_unit adds what a number of bytes is in larger units, if it is a round number of them.
std::string with_unit(Measure measure, std::uint64_t number) {
    std::string text = std::to_string(number);
    const bool is_count = measure == Measure::fields || measure == Measure::fragments ||
                          measure == Measure::empty_fragments;
    if (is_count || number < 1024 || number % 1024 != 0) {
        return text;
    }
    return number % (1U << 20) == 0 ? text + " (" + std::to_string(number >> 20) + " MiB)"
                                    : text + " (" + std::to_string(number >> 10) + " KiB)";
}

std::string value_of(const SizeLimit& limit) {
    const Bound& bound = limit.bound;
    if (!limit.is_measured) {
        return "not measured";
    }
    if (!bound.refused) {
        return bound.taken ? "none within " + with_unit(limit.measure, *bound.taken) : "not known";
    }
    if (bound.is_exact()) {
        return bound.taken ? with_unit(limit.measure, *bound.taken)
                           : "not even " + std::to_string(*bound.refused);
    }
    return "at least " + std::to_string(bound.taken.value_or(0));
}

std::string joined(const std::string& a, const std::string& b) {
    return a + (a.empty() || b.empty() ? "" : "; ") + b;
}

std::string line(std::string_view what, const std::string& value, const std::string& rest) {
    std::string text = "  " + padded(std::string(what), kTitle);
    return text + (rest.empty() ? value : padded(value, kValue) + rest);
}

}  // namespace

std::string time_text(double ms) {
    std::array<char, 32> text{};
    if (ms < 1'000) {
        std::snprintf(text.data(), text.size(), "%.0f ms", ms);
    } else {
        std::snprintf(text.data(), text.size(), "%.1f s", ms / 1'000);
    }
    return text.data();
}

std::string line_of(const SizeLimit& limit) {
    std::string rest;
    if (limit.bound.refused) {
        rest = std::to_string(*limit.bound.refused) + ": " + limit.how;
    }
    if (limit.is_measured && !limit.bound.is_complete) {
        rest = joined(rest, "the search was not finished");
    }
    if (!limit.bound.is_steady) {
        rest = joined(rest, "not steady: asked again, the answer was another");
    }
    return line(title(limit.measure), value_of(limit), joined(rest, limit.note));
}

std::string line_of(const TimeLimit& limit) {
    if (!limit.is_measured) {
        return line(title(limit.measure), "not measured", limit.note);
    }
    const std::string value =
        limit.ms ? time_text(*limit.ms) : "none within " + time_text(limit.waited_ms);
    std::string rest = limit.how;
    if (limit.released_ms && *limit.released_ms >= 50) {
        rest = joined(rest, "it held the connection for another " + time_text(*limit.released_ms));
    }
    if (limit.is_held) {
        rest = joined(rest, "and still holds it, " + time_text(limit.waited_ms) + " later");
    }
    return line(title(limit.measure), value, joined(rest, limit.note));
}

nlohmann::ordered_json json_of(const Limits& limits) {
    Json sizes = Json::object();
    for (const SizeLimit& limit : limits.sizes) {
        Json& json = sizes[std::string(name(limit.measure))];
        json["measured"] = limit.is_measured;
        json["largest"] = limit.bound.taken ? Json(*limit.bound.taken) : Json(nullptr);
        json["refused"] = limit.bound.refused ? Json(*limit.bound.refused) : Json(nullptr);
        json["exact"] = limit.is_measured && limit.bound.is_exact();
        json["complete"] = limit.is_measured && limit.bound.is_complete;
        json["steady"] = limit.bound.is_steady;
        json["how"] = limit.how;
        json["note"] = limit.note;
        json["sought_to"] = limit.last;
        json["seconds"] = limit.seconds;
    }
    Json times = Json::object();
    for (const TimeLimit& limit : limits.times) {
        Json& json = times[std::string(name(limit.measure))];
        json["measured"] = limit.is_measured;
        json["ms"] = limit.ms ? Json(*limit.ms) : Json(nullptr);
        json["none_within_ms"] =
            limit.ms || !limit.is_measured ? Json(nullptr) : Json(limit.waited_ms);
        json["held_ms"] = limit.released_ms ? Json(*limit.released_ms) : Json(nullptr);
        json["held_longer_than_ms"] = limit.is_held ? Json(limit.waited_ms) : Json(nullptr);
        json["how"] = limit.how;
        json["note"] = limit.note;
    }
    return {{"sizes", std::move(sizes)},
            {"times", std::move(times)},
            {"died", limits.died},
            {"interrupted", limits.was_interrupted}};
}

}  // namespace wsproof::conformance
