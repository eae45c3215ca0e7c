// The report for step summaries.
#include "report_markdown.hpp"

#include <catch2/catch.hpp>

#include "support/full_run.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;
using Catch::Matchers::Contains;

TEST_CASE("Markdown: totals, sections, and each failure whole") {
    const FullRun full;
    const std::string text = markdown_report(full.played.run, catalogue());
    CHECK_THAT(text, Contains("does not conform") && Contains("10 cases in 1.5 s: 1 pass, 1 info"));
    CHECK_THAT(text, Contains("| rfc6455 §5.4 Title of 5.4 | 1 | 1 | 1 | 1 |"));
    CHECK_THAT(text, Contains("<details><summary>fail rfc6455/5.4&#45;s/case&#45;4") &&
                         Contains("got       nothing") &&
                         Contains("wsproof test ws://h/ --seed 7"));
}

TEST_CASE("Markdown: a run without failures says that it conforms") {
    Played played({a_case("5.4", "a")});
    const std::string text = markdown_report(played.run, catalogue());
    CHECK_THAT(text, Contains(" conforms") && !Contains("Failures"));
}

TEST_CASE("Markdown: known and allowed failures are none") {
    Played played({a_case("5.4", "a"), a_case("5.4", "b")});
    played.fail(0, "x").known = "not before 2.0";
    played.run.results[1].behaviour = Behaviour::flaky;
    played.run.allowed.flaky = true;
    CHECK_THAT(markdown_report(played.run, catalogue()),
               Contains("1 known failures") && !Contains("### Failures"));
}

TEST_CASE("Markdown: what a peer sent cannot end its block or be markup") {
    Played played({a_case("5.4", "a")});
    played.run.target = "ws://h/<img src=x>|`";
    played.fail(0, "```\n</details><script>alert(1)</script>" + kHostile);
    const std::string text = markdown_report(played.run, catalogue());
    CHECK_THAT(text, Contains("````text\n"));
    CHECK_THAT(text.substr(0, text.find("````")), !Contains("<script") && !Contains("<img"));
}

TEST_CASE("Markdown: however much fails, the report fits a step summary") {
    std::vector<Case> cases;
    for (int i = 0; i < 2000; ++i) {
        cases.push_back(a_case("5.4", std::string(100, 'x') + std::to_string(i)));
    }
    Played played(std::move(cases));
    for (std::size_t i = 0; i < 2000; ++i) {
        played.fail(i, std::string(5'000, '|'));
    }
    const std::string text = markdown_report(played.run, catalogue());
    CHECK(text.size() < (1 << 20));
    CHECK_THAT(text, Contains("and 1450 more"));
}
