// The report for harnesses: a structural check of TAP 14.
#include "report_tap.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "support/full_run.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

// Tap is what a reader of TAP 14 makes of a document.
struct Tap {
    std::size_t planned = 0;
    std::vector<std::string> points{};
    std::size_t blocks = 0;
    std::string fault{};  // the first line that is nothing
};

Tap read(const std::string& text) {
    Tap tap;
    std::istringstream lines(text);
    std::string line;
    std::getline(lines, line);
    tap.fault = line == "TAP version 14" ? "" : line;
    bool in_block = false;
    while (std::getline(lines, line)) {
        if (in_block) {
            in_block = line != "  ...";
            tap.fault += line.starts_with("  ") ? "" : line;
        } else if (line == "  ---") {
            in_block = true;
            ++tap.blocks;
        } else if (line.starts_with("1..")) {
            tap.planned = std::stoul(line.substr(3));
        } else if (line.starts_with("ok ") || line.starts_with("not ok ")) {
            tap.points.push_back(line);
        } else if (!line.starts_with("#") && !line.starts_with("Bail out!")) {
            tap.fault += line;
        }
    }
    tap.fault += in_block ? "an open block" : "";
    return tap;
}

}  // namespace

TEST_CASE("TAP: a plan, a point for each case, and blocks that end") {
    const FullRun full;
    const Tap tap = read(tap_report(full.played.run, catalogue()));
    CHECK(tap.fault == "");
    CHECK(tap.planned == full.played.run.results.size());
    REQUIRE(tap.points.size() == tap.planned);
    for (std::size_t i = 0; i < tap.points.size(); ++i) {
        CHECK_THAT(tap.points[i], Contains("ok " + std::to_string(i + 1) + " - rfc6455/"));
    }
    CHECK(tap.blocks == 7);
}

TEST_CASE("TAP: fails are not ok; what is put up with is TODO, what is not there SKIP") {
    FullRun full;
    full.played.run.results[FullRun::at(Behaviour::crash)].known = "not before #2";
    full.played.run.allowed.blocked = true;
    const Tap tap = read(tap_report(full.played.run, catalogue()));
    const auto point = [&](Behaviour behaviour) { return tap.points[FullRun::at(behaviour)]; };
    CHECK_THAT(point(Behaviour::pass), StartsWith("ok "));
    CHECK_THAT(point(Behaviour::non_strict), StartsWith("ok "));
    CHECK_THAT(point(Behaviour::fail), StartsWith("not ok ") && !Contains("#"));
    CHECK_THAT(point(Behaviour::crash),
               StartsWith("not ok ") && Contains(" # TODO known failure: not before \\#2"));
    CHECK_THAT(point(Behaviour::blocked), Contains(" # TODO allowed: blocked"));
    CHECK_THAT(point(Behaviour::unsupported),
               StartsWith("ok ") && Contains(" # SKIP needs deflate"));
}

TEST_CASE("TAP: what a peer sent stays inside its quotes") {
    Played played({a_case("5.4", "a")});
    played.fail(0, "it's\n  ...\nok 2 - " + kHostile);
    const std::string text = tap_report(played.run, catalogue());
    const Tap tap = read(text);
    CHECK(tap.fault == "");
    CHECK(tap.points.size() == 1);
    CHECK_THAT(text, Contains("got: 'it''s\\n"));
}

TEST_CASE("TAP: a run that ended early bails out") {
    FullRun full;
    full.played.run.ended_early = "interrupted";
    CHECK_THAT(tap_report(full.played.run, catalogue()), Contains("\nBail out! interrupted\n"));
}
