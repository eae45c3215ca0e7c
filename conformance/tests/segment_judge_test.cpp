// Verdicts under other cuts: which are compared, and what it takes to believe a difference.
#include "segment_judge.hpp"

#include <catch2/catch.hpp>
#include <deque>

using namespace wsproof::conformance;
using Catch::Matchers::Contains;

namespace {

constexpr Segmentation kBytes{.kind = Segmentation::Kind::bytes};
constexpr Segmentation kCoalesce{.kind = Segmentation::Kind::coalesce};

Case sends_legally() {
    Case each;
    each.id = "a/b";
    each.steps.push_back({.action = SendStep{.items = {Item{}}}});
    return each;
}

Case offends() {
    Case each = sends_legally();
    std::get<SendStep>(each.steps[0].action).items[0].offence = true;
    return each;
}

Case asks_to_open() {
    Case each;
    each.id = "a/open";
    each.steps.push_back({.action = RequestStep{}});
    return each;
}

CaseResult came_to(Behaviour behaviour) {
    CaseResult result{.id = "a/b", .behaviour = behaviour};
    if (behaviour == Behaviour::fail) {
        result.findings.push_back({.requirement = "6455-5.6-3", .got = "nothing"});
    }
    return result;
}

// Plays is a target whose results are laid down: the first pass, then those of cases played alone.
struct Plays {
    CaseResult first;
    std::deque<CaseResult> cut{};
    CaseResult whole = came_to(Behaviour::pass);
    int count = 0;

    RunResult operator()(const std::vector<const Case*>& cases, const Segmentation& segmentation,
                         bool one_by_one) {
        ++count;
        RunResult run;
        run.cases = cases;
        if (!one_by_one) {
            run.results = {first};
        } else if (segmentation.is_whole()) {
            run.results = {whole};
        } else {
            run.results = {cut.front()};
            cut.pop_front();
        }
        return run;
    }
};

CaseResult judged(const Case& played, Plays& plays, Behaviour whole = Behaviour::pass) {
    RunResult run;
    run.cases = {&played};
    run.results = {came_to(whole)};
    judge_segments({kBytes}, std::ref(plays), run);
    CHECK(run.segments == std::vector<std::string>{"bytes"});
    return run.results.front();
}

}  // namespace

TEST_CASE("Segments: what is about time or limits is not cut, nor what cuts itself") {
    Case each = sends_legally();
    CHECK(is_cuttable(each, kBytes));
    CHECK_FALSE(is_cuttable(each, Segmentation{}));
    for (const char* group : {"fail-fast", "timers", "heavy"}) {
        each.group = group;
        CHECK_FALSE(is_cuttable(each, kBytes));
    }
    each = sends_legally();
    each.requirements = {"6455-5.2-4", "6455-10.4-1"};
    CHECK_FALSE(is_cuttable(each, kBytes));
    each = sends_legally();
    std::get<SendStep>(each.steps[0].action).cut.kind = Cut::Kind::every;
    CHECK_FALSE(is_cuttable(each, kBytes));
}

TEST_CASE("Segments: a head alone has no frames to join") {
    CHECK(is_cuttable(asks_to_open(), kBytes));
    CHECK_FALSE(is_cuttable(asks_to_open(), kCoalesce));
    CHECK_FALSE(is_cuttable(Case{}, kBytes));
}

TEST_CASE("Segments: a failure under a cut is a difference") {
    const CaseResult pass = came_to(Behaviour::pass);
    CHECK(difference(sends_legally(), pass, came_to(Behaviour::fail)) == Behaviour::fail);
    CHECK(difference(offends(), pass, came_to(Behaviour::fail)) == Behaviour::fail);
    CHECK(difference(sends_legally(), pass, came_to(Behaviour::crash)) == Behaviour::crash);
    CHECK_FALSE(difference(sends_legally(), pass, pass));
}

TEST_CASE("Segments: no manner of refusing is a difference, nor what the RFC leaves open") {
    const CaseResult pass = came_to(Behaviour::pass);
    const CaseResult lax = came_to(Behaviour::non_strict);
    CHECK(difference(sends_legally(), pass, lax) == Behaviour::non_strict);
    CHECK(difference(sends_legally(), lax, pass) == Behaviour::non_strict);
    CHECK_FALSE(difference(offends(), pass, lax));
    CHECK_FALSE(difference(sends_legally(), pass, came_to(Behaviour::info)));
}

TEST_CASE("Segments: a reset where something is to be refused may have eaten the answer") {
    CaseResult reset = came_to(Behaviour::fail);
    reset.was_reset = true;
    const CaseResult pass = came_to(Behaviour::pass);
    CHECK_FALSE(difference(offends(), pass, reset));
    CHECK(difference(sends_legally(), pass, reset) == Behaviour::fail);
    reset.findings.front().monitor = true;  // what a monitor saw was seen
    CHECK(difference(offends(), pass, reset) == Behaviour::fail);
}

TEST_CASE("Segments: a handshake that is refused in pieces is a difference of its own clause") {
    CaseResult refused = came_to(Behaviour::blocked);
    refused.reason = "a correct opening handshake drew 400";
    Plays plays{.first = refused, .cut = {refused, refused, refused}};
    const CaseResult result = judged(sends_legally(), plays);
    CHECK(result.behaviour == Behaviour::fail);
    CHECK(result.findings.front().requirement == "6455-4.2.1-1");
    CHECK_THAT(result.findings.front().got, Contains("drew 400"));
}

TEST_CASE("Segments: a difference is believed when it is there each time, alone") {
    const CaseResult fail = came_to(Behaviour::fail);
    Plays plays{.first = fail, .cut = {fail, fail, fail}};
    const CaseResult result = judged(sends_legally(), plays);
    CHECK(result.behaviour == Behaviour::fail);
    CHECK(result.segment == "bytes");
    CHECK(result.plays == 4);
    CHECK(result.segments.front() == std::pair<std::string, Behaviour>("bytes", Behaviour::fail));
    const Finding& finding = result.findings.front();
    CHECK(finding.requirement == "6455-5.2-16");
    CHECK(finding.segment == "bytes");
    CHECK_THAT(finding.got, Contains("--segment bytes"));
}

TEST_CASE("Segments: a difference that comes and goes is flaky, or mere load") {
    const CaseResult fail = came_to(Behaviour::fail);
    const CaseResult pass = came_to(Behaviour::pass);
    Plays some{.first = fail, .cut = {pass, fail, pass}};
    CHECK(judged(sends_legally(), some).behaviour == Behaviour::flaky);
    Plays none{.first = fail, .cut = {pass, pass, pass}};
    const CaseResult result = judged(sends_legally(), none);
    CHECK(result.behaviour == Behaviour::pass);
    CHECK(result.findings.empty());
}

TEST_CASE("Segments: what changes without a cut says nothing of cuts") {
    const CaseResult fail = came_to(Behaviour::fail);
    Plays plays{.first = fail, .cut = {fail, fail, fail}, .whole = came_to(Behaviour::non_strict)};
    CHECK(judged(sends_legally(), plays).behaviour == Behaviour::pass);
}

TEST_CASE("Segments: a case that fails whole is not played again") {
    Plays plays{.first = came_to(Behaviour::pass)};
    CHECK(judged(sends_legally(), plays, Behaviour::fail).behaviour == Behaviour::fail);
    CHECK(plays.count == 0);
}
