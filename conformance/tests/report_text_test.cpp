// The report for people.
#include "report_text.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "support/runs.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;
using Catch::Matchers::Contains;

namespace {

constexpr std::chrono::milliseconds kTick{10};

// printed runs the whole report over what was played.
std::string printed(Played& played, Screen screen = {}, const TextOptions& options = {}) {
    std::ostringstream out;
    TextReport report(out, options, catalogue(), screen);
    report.begin(played.run, played.run.cases);
    TextReport::Clock::time_point now{kTick};
    for (std::size_t i = 0; i < played.run.results.size(); ++i) {
        report.done(i, played.run.results[i], now += kTick);
    }
    report.end(played.run);
    return out.str();
}

std::size_t count_of(const std::string& text, const std::string& word) {
    std::size_t count = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("Text: a section is printed when it and all before it are done") {
    Played played({a_case("5.4", "a"), a_case("5.4", "b"), a_case("5.5", "c")});
    std::ostringstream out;
    TextReport report(out, {}, catalogue(), {});
    report.begin(played.run, played.run.cases);
    report.done(2, played.run.results[2]);
    report.done(0, played.run.results[0]);
    CHECK_THAT(out.str(), !Contains("Title of"));
    report.done(1, played.run.results[1]);
    CHECK(out.str().find("Title of 5.4") < out.str().find("Title of 5.5"));
    CHECK_THAT(out.str(), Contains(" 5.4     Title of 5.4 ") && Contains("2 pass"));
}

TEST_CASE("Text: a failure says what was sent, expected, by which clause, and what came") {
    Played played({a_case("5.4", "a")});
    played.fail(0, "nothing");
    const std::string text = printed(played);
    CHECK_THAT(text, Contains("fail  rfc6455/5.4-s/a"));
    CHECK_THAT(text, Contains("It does a"));
    CHECK_THAT(text, Contains("sent      Ping: \"x\""));
    CHECK_THAT(text, Contains("expected  a Pong with \"x\"") && Contains("or  the end of TCP"));
    CHECK_THAT(text, Contains("RFC 6455 §5.4") && Contains("6455-5.4-8"));
    CHECK_THAT(text, Contains("got       nothing"));
    CHECK_THAT(text, Contains("closing   clean"));
    CHECK_THAT(text, Contains("wsproof test ws://h/ 'rfc6455/5.4-s/a'"));
}

TEST_CASE("Text: failures of one cause are told once, the rest are named") {
    Played played({a_case("5.4", "a"), a_case("5.4", "b"), a_case("5.4", "c")});
    played.fail(0, "nothing in 5.0 s");
    played.fail(1, "nothing in 15.1 s");
    played.fail(2, "Close 1002");
    const std::string text = printed(played);
    CHECK(count_of(text, "again ") == 2);
    CHECK_THAT(text, Contains("also      rfc6455/5.4-s/b"));
}

TEST_CASE("Text: what a monitor saw is one cause, whatever the frame it saw it in") {
    Played played({a_case("5.4", "a"), a_case("5.4", "b")});
    played.fail(0, "Pong of 1 byte").findings[0].monitor = true;
    played.fail(1, "Text of 7 bytes").findings[0].monitor = true;
    CHECK(count_of(printed(played), "again ") == 1);
}

TEST_CASE("Text: what a peer sent cannot reach the terminal as it is") {
    Played played({a_case("5.4", "a")});
    played.fail(0, kHostile);
    played.run.facts = {{"server", kHostile}};
    const std::string text = printed(played);
    CHECK_THAT(text, !Contains("\x1b") && !Contains("\xff") && !Contains("\x01"));
    CHECK_THAT(text, Contains("\\x1B[2J"));
}

TEST_CASE("Text: without UTF-8 everything is ASCII") {
    Played played({a_case("5.4", "a"), a_case("5.5", "b")});
    played.fail(0, "é");
    played.run.results[1].closing = Closing::not_closed;
    const std::string text = printed(played, {.utf8 = false});
    CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c > 0; }));
    CHECK_THAT(text, Contains("RFC 6455 section 5.4"));
}

TEST_CASE("Text: color only where it is wanted") {
    Played played({a_case("5.4", "a")});
    CHECK_THAT(printed(played), !Contains("\x1b["));
    CHECK_THAT(printed(played, {.color = true}), Contains("\x1b[32m"));
}

TEST_CASE("Text: the progress line is redrawn ten times a second, fits, and goes away") {
    std::vector<Case> cases;
    for (int i = 0; i < 101; ++i) {
        cases.push_back(a_case("5.4", "c" + std::to_string(i)));
    }
    Played played(std::move(cases));
    const std::string text = printed(played, {.live = true, .width = 20});
    // 101 cases, 10 ms apart: drawn at the first and at every tenth; erased once.
    CHECK(count_of(text, "\r\x1b[K") == 11);
    CHECK_THAT(text, Contains("\r\x1b[K  1/101  5.4 Title \r"));
    CHECK_THAT(printed(played), !Contains("\r"));
}

TEST_CASE("Text: quiet leaves failures and totals") {
    Played played({a_case("5.4", "a"), a_case("5.5", "b")});
    played.fail(0, "nothing");
    played.run.results[1].behaviour = Behaviour::non_strict;
    const std::string text = printed(played, {.live = true}, {.quiet = true});
    CHECK_THAT(text, !Contains("Title of") && !Contains("\r") && !Contains("not strict"));
    CHECK_THAT(text, Contains("fail  rfc6455/5.4-s/a") && Contains("2 cases:"));
}

TEST_CASE("Text: totals of both axes, the seed, and why a run ended early") {
    Played played({a_case("5.4", "a"), a_case("5.4", "b")});
    played.fail(0, "nothing");
    played.run.results[1].closing = Closing::unclean;
    played.run.ended_early = "interrupted";
    const std::string text = printed(played);
    CHECK_THAT(text, Contains("2 cases:") && Contains("1 pass") && Contains("1 fail"));
    CHECK_THAT(text, Contains("1 clean") && Contains("1 unclean"));
    CHECK_THAT(text, Contains("seed 7"));
    CHECK_THAT(text, Contains("the run ended early: interrupted"));
}

TEST_CASE("Text: known failures are a line for each reason, counted apart, and never in full") {
    Played played({a_case("5.4", "a"), a_case("5.4", "b"), a_case("5.4", "c")});
    played.fail(0, "nothing").known = "not before 2.0";
    played.fail(1, "nothing").known = "not before 2.0";
    played.run.has_baseline = true;
    played.run.baseline_notes = {{BaselineNote::Kind::not_needed, "rfc6455/5.9*", "why", "1 case"}};
    const std::string text = printed(played);
    CHECK_THAT(text, Contains("not before 2.0: rfc6455/5.4-s/a and 1 more"));
    CHECK_THAT(text, Contains("1 pass  2 known") && !Contains("again"));
    CHECK_THAT(text, Contains("2 known failures (baseline), 0 new"));
    CHECK_THAT(text, Contains("baseline: no longer needed: rfc6455/5.9* (why): 1 case"));
    played.fail(2, "nothing");
    CHECK_THAT(printed(played), Contains("2 known failures (baseline), 1 new") &&
                                    Contains("fail  rfc6455/5.4-s/c") && Contains("again"));
}
