// What `wsproof limits` says of what it found.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "limits.hpp"

using namespace wsproof::conformance;

namespace {

bool says(const std::string& line, const std::string& words) {
    return line.find(words) != std::string::npos;
}

SizeLimit message(Bound bound, std::string how = "") {
    return {.measure = Measure::message, .bound = bound, .last = 4'096, .how = std::move(how)};
}

}  // namespace

TEST_CASE("Limits: every measure has a name of its own, which finds it again") {
    for (std::size_t i = 0; i < kMeasureCount; ++i) {
        const auto measure = static_cast<Measure>(i);
        CHECK(measure_of(name(measure)) == measure);
        CHECK_FALSE(title(measure).empty());
    }
    CHECK_FALSE(measure_of("frames"));
    CHECK(name(Measure::inflated) == "inflated");
    CHECK(name(Measure::unanswered_close) == "unanswered-close");
    CHECK(is_size(Measure::inflated));
    CHECK_FALSE(is_size(Measure::handshake_head));
}

TEST_CASE("Limits: a size says what was taken, what was refused, and how") {
    const std::string line =
        line_of(message({.taken = 1'024, .refused = 1'025}, "Close 1009, FIN"));
    CHECK(says(line, "message, bytes "));
    CHECK(says(line, " 1024 (1 KiB) "));
    CHECK(says(line, " 1025: Close 1009, FIN"));
    CHECK(says(line_of(message({.refused = 1}, "RST")), "not even 1 "));
}

TEST_CASE("Limits: none within what was tried is no limit, and says whether all was tried") {
    const std::string all = line_of(message({.taken = 4'096}));
    CHECK(says(all, "none within 4096 (4 KiB)"));
    CHECK_FALSE(says(all, "not finished"));
    const std::string half = line_of(message({.taken = 2'048, .is_complete = false}));
    CHECK(says(half, "none within 2048 (2 KiB)"));
    CHECK(says(half, "the search was not finished"));
    CHECK(says(line_of(message({.is_complete = false})), "not known"));
}

TEST_CASE("Limits: half a search names both sides, and does not pass for a whole one") {
    const std::string line =
        line_of(message({.taken = 2'048, .refused = 4'096, .is_complete = false}, "RST"));
    CHECK(says(line, "at least 2048"));
    CHECK(says(line, "4096: RST; the search was not finished"));
    const std::string other =
        line_of(message({.taken = 8, .refused = 9, .is_steady = false}, "FIN"));
    CHECK(says(other, "not steady"));
}

TEST_CASE("Limits: a time says how long, what ended it, and how long TCP was held") {
    TimeLimit limit{.measure = Measure::close, .ms = 12.4, .how = "Close 1000, FIN"};
    CHECK(says(line_of(limit), " 12 ms "));
    CHECK(says(line_of(limit), "Close 1000, FIN"));
    CHECK_FALSE(says(line_of(limit), "held"));
    limit.released_ms = 5'000;
    CHECK(says(line_of(limit), "held the connection for another 5.0 s"));
    limit.released_ms.reset();
    limit.is_held = true;
    limit.waited_ms = 7'000;
    CHECK(says(line_of(limit), "still holds it, 7.0 s later"));
    const TimeLimit none{.measure = Measure::idle, .waited_ms = 60'000};
    CHECK(says(line_of(none), "none within 60.0 s"));
    const TimeLimit not_measured{.note = "connection refused", .is_measured = false};
    CHECK(says(line_of(not_measured), "not measured"));
    CHECK(says(line_of(not_measured), "connection refused"));
}

TEST_CASE("Limits: the JSON has null for what was not found") {
    Limits limits{.died = "message, bytes 9"};
    limits.sizes = {message({.taken = 4'096}),
                    {.measure = Measure::inflated, .is_measured = false}};
    limits.times = {{.measure = Measure::idle, .waited_ms = 60'000},
                    {.measure = Measure::ping, .ms = 20'000, .waited_ms = 60'000}};
    const nlohmann::ordered_json json = json_of(limits);
    CHECK(json["sizes"]["message"]["largest"] == 4'096);
    CHECK(json["sizes"]["message"]["refused"].is_null());
    CHECK(json["sizes"]["message"]["exact"] == false);
    CHECK(json["sizes"]["message"]["sought_to"] == 4'096);
    CHECK(json["sizes"]["inflated"]["measured"] == false);
    CHECK(json["times"]["idle"]["ms"].is_null());
    CHECK(json["times"]["idle"]["none_within_ms"] == 60'000);
    CHECK(json["times"]["ping"]["ms"] == 20'000);
    CHECK(json["times"]["ping"]["none_within_ms"].is_null());
    CHECK(json["died"] == "message, bytes 9");
    CHECK(json["interrupted"] == false);
}
