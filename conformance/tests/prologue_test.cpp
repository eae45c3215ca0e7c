// Prologues and probes: what is read, and where it is wrong.
#include "prologue.hpp"

#include <catch2/catch.hpp>

#include "json_reader.hpp"
#include "support/suites.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;

namespace {

std::vector<Step> prologue_of(const std::string& json) {
    const Suites folder;
    folder.write("prologue", json);
    return load_prologue(folder.directory() / "prologue.json");
}

// fault_of gives "pointer: reason" of what is refused.
std::string fault_of(const std::string& json) {
    try {
        (void)prologue_of(json);
        return "";
    } catch (const BadScenario& error) {
        return error.pointer + ": " + error.what();
    }
}

}  // namespace

TEST_CASE("Prologue: sends, expectations and pauses; what is not met fails") {
    const std::vector<Step> steps = prologue_of(
        R"([{"send": {"frame": "text", "payload": "user"}}, {"pause_ms": 5},
            {"expect": {"message": "text", "payload": "welcome"}}])");
    REQUIRE(steps.size() == 3);
    CHECK(std::holds_alternative<SendStep>(steps[0].action));
    CHECK(std::holds_alternative<PauseStep>(steps[1].action));
    CHECK(std::get<ExpectStep>(steps[2].action).otherwise == Behaviour::fail);
}

TEST_CASE("Prologue: a greeting may be like a pattern") {
    const std::vector<Step> steps = prologue_of(R"([{"expect": {"like": "hello *"}}])");
    REQUIRE(steps.size() == 1);
    const auto& expect = std::get<ExpectStep>(steps[0].action);
    REQUIRE(expect.expectations.size() == 1);
    const auto& message = std::get<ExpectMessage>(expect.expectations.front().what);
    CHECK(message.like == "hello *");
}

TEST_CASE("Prologue: what is wrong is named with its place") {
    const auto [json, fault] = GENERATE(table<std::string, std::string>(
        {{"{}", ": a prologue is a list of steps"},
         {"[]", ": a prologue is a list of steps"},
         {R"([{"fence": "echo"}])", "/0: the steps of a prologue are send, expect and pause_ms"},
         {R"([{"pause_ms": 1}, {"canary": true}])",
          "/1: the steps of a prologue are send, expect and pause_ms"},
         {R"([{"on": "other", "pause_ms": 1}])",
          "/0/on: a prologue is played on whatever connection has just opened"}}));
    CAPTURE(json);
    CHECK(fault_of(json) == fault);
}

TEST_CASE("Prologue: an expectation of a pattern has nothing beside it") {
    CHECK_FALSE(fault_of(R"([{"expect": {"like": "a*", "message": "text"}}])").empty());
    CHECK_FALSE(fault_of(R"([{"expect": {"like": "a*"}, "otherwise": "fail"}])").empty());
    CHECK_FALSE(fault_of(R"([{"expect": {"like": 5}}])").empty());
}

TEST_CASE("Probe: a request and a reply, parted by the first =") {
    const auto probe = parse_probe("are you there?=yes=indeed");
    REQUIRE(probe);
    CHECK(probe->request == "are you there?");
    CHECK(probe->reply == "yes=indeed");
    CHECK_FALSE(parse_probe("no parting"));
    CHECK_FALSE(parse_probe("=reply"));
    CHECK_FALSE(parse_probe("request="));
    CHECK_FALSE(parse_probe(""));
}
