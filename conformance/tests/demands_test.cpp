// What a case demands of its target: which cases cannot be judged with it, and what is said of
// them.
#include "demands.hpp"

#include <catch2/catch.hpp>

#include "support/suites.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;

namespace {

// A target that echoes, and whatever a test changes of it.
struct Demanded {
    wsproof::net::Interrupt interrupt;
    Target target;
    Stage stage{.target = target, .interrupt = interrupt};
    std::vector<std::string> unmet;
    bool many = true;

    Demanded() { stage.echoes = true; }

    [[nodiscard]] std::string why(const std::string& rest) const {
        const Suites suites;
        suites.write_scenarios(scenario("one", rest));
        const Library library = suites.load();
        CAPTURE(told(library));
        REQUIRE(library.cases.size() == 1);
        return why_unplayable(library.cases.front(), stage, unmet, many);
    }
};

constexpr const char* kEcho =
    R"("needs": ["echo"], "steps": [{"send": {"frame": "text", "payload": "x"}},
       {"expect": {"message": "text", "payload": "x"}}])";
constexpr const char* kFence =
    R"("needs": ["echo"], "steps": [{"send": {"frame": "pong"}}, {"fence": "echo"}])";
constexpr const char* kCanary =
    R"("steps": [{"send": {"frame": "text", "payload": "x"}}, {"canary": true}])";

}  // namespace

TEST_CASE("Demands: a case is played unless the target lacks what it needs") {
    Demanded demanded;
    CHECK(demanded.why(kEcho).empty());
    demanded.unmet = {"echo"};
    CHECK(demanded.why(kEcho) == "the target does not offer: echo");
    demanded.unmet = {"deflate"};
    CHECK(demanded.why(kEcho).empty());
}

TEST_CASE("Demands: a probe stands for the echo of fences, not for messages to be seen") {
    Demanded demanded;
    demanded.unmet = {"echo"};
    CHECK(demanded.why(kFence) == "the target does not offer: echo");
    demanded.target.probe = Probe{.request = "are you there?", .reply = "yes"};
    CHECK(demanded.why(kFence).empty());
    CHECK(demanded.why(kEcho) == "the target does not offer: echo");
}

TEST_CASE("Demands: a canary wants a second connection, and an answer on it") {
    Demanded demanded;
    CHECK(demanded.why(kCanary).empty());
    demanded.many = false;
    CHECK(demanded.why(kCanary) == "the target takes one connection at a time");
    demanded.many = true;
    demanded.stage.echoes = false;
    CHECK(demanded.why(kCanary) == "the target answers neither messages nor Pings");
    demanded.stage.pongs = true;
    CHECK(demanded.why(kCanary).empty());
}

TEST_CASE("Demands: what speaks before the answer comes leaves no room for a prologue") {
    const auto [steps, speaks] = GENERATE(table<std::string, bool>(
        {{R"([{"request": {}}, {"expect": {"opened": true}}, {"fence": "echo"}])", false},
         {R"([{"request": {}}, {"send": {"frame": "text", "payload": "x"}}])", true},
         {R"([{"request": {}}, {"fence": "echo"}])", true},
         {R"([{"request": {"then": [{"frame": "text", "payload": "x"}]}},
              {"expect": {"opened": true}}])",
          true}}));
    CAPTURE(steps);
    Demanded demanded;
    const std::string rest = R"("steps": )" + steps;
    CHECK(demanded.why(rest).empty());
    demanded.target.prologue.resize(1);
    CHECK(demanded.why(rest) == (speaks ? "the case speaks before a prologue can be played" : ""));
}
