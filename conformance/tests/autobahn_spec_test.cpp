// Spec files: which cases they choose, and what is said of those that are wrong.
#include "autobahn_spec.hpp"

#include <catch2/catch.hpp>

#include "autobahn_plan.hpp"

namespace wsproof::conformance::test {

namespace {

using Catch::Matchers::Contains;
using Strings = std::vector<std::string>;

const Strings& all_numbers() {
    static const Strings kNumbers = numbers_of(Catalogue(data_directory()));
    return kNumbers;
}

AutobahnSpec spec_of(const std::string& text, AutobahnMode mode = AutobahnMode::fuzzingserver) {
    return parse_autobahn_spec(Json::parse(text), mode, all_numbers());
}

Strings chosen(const std::string& cases, const std::string& excluded = "[]") {
    return spec_of("{\"cases\": " + cases + ", \"exclude-cases\": " + excluded + "}").cases;
}

// refused gives the place and the reason.
std::string refused(const std::string& text, AutobahnMode mode = AutobahnMode::fuzzingserver) {
    try {
        static_cast<void>(spec_of(text, mode));
    } catch (const BadScenario& error) {
        return error.pointer + ": " + error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("Autobahn's spec: a star chooses all, in the order of the numbers") {
    CHECK(chosen(R"(["*"])") == all_numbers());
    CHECK(all_numbers().size() == 517);
    CHECK(all_numbers().front() == "1.1.1");
    CHECK(all_numbers().back() == "13.7.18");
}

TEST_CASE("Autobahn's spec: each section has as many cases as Autobahn's") {
    const std::vector<std::pair<const char*, std::size_t>> kSections = {
        {"1.*", 16}, {"2.*", 11}, {"3.*", 7},  {"4.*", 10},  {"5.*", 20},  {"6.*", 145},
        {"7.*", 37}, {"9.*", 54}, {"10.*", 1}, {"12.*", 90}, {"13.*", 126}};
    for (const auto& [pattern, count] : kSections) {
        INFO(pattern);
        CHECK(chosen(std::string("[\"") + pattern + "\"]").size() == count);
    }
}

TEST_CASE("Autobahn's spec: excludes are taken away, whatever their order") {
    CHECK(chosen(R"(["*"])", R"(["9.*", "12.*", "13.*"])").size() == 247);
    CHECK(chosen(R"(["1.1.*", "2.1"])", R"(["1.1.*"])") == Strings{"2.1"});
    CHECK(chosen(R"(["2.10", "2.9", "2.1", "10.1.1"])") == Strings{"2.1", "2.9", "2.10", "10.1.1"});
}

TEST_CASE("Autobahn's spec: a pattern holds for the beginning of a number, a name for all of it") {
    CHECK(chosen(R"(["7.1*"])").size() == 8);  // 7.1.1 to 7.1.6, 7.13.1, 7.13.2
    CHECK(chosen(R"(["1*"])").size() == 16 + 1 + 90 + 126);
    CHECK(chosen(R"(["2.1"])") == Strings{"2.1"});
    CHECK(chosen(R"(["[12].*"])").size() == 27);
}

TEST_CASE("Autobahn's spec: excludes by agent cover a whole name and a whole number") {
    const AutobahnSpec spec = spec_of(
        R"({"cases": ["*"], "exclude-agent-cases": {"ws*": ["9.*", "2.1"], "Slow": ["1.*"]}})");
    CHECK(spec.is_excluded("ws v8", "9.1.1"));
    CHECK(spec.is_excluded("ws", "2.1"));
    CHECK_FALSE(spec.is_excluded("ws", "2.10"));
    CHECK_FALSE(spec.is_excluded("not ws", "9.1.1"));
    CHECK(spec.is_excluded("Slow", "1.1.1"));
    CHECK_FALSE(spec.is_excluded("Slower", "1.1.1"));
}

TEST_CASE("Autobahn's spec: a server has its url, and may have its name and more") {
    const AutobahnSpec spec = spec_of(
        R"({"outdir": "./r", "options": {"failByDrop": false}, "cases": ["1.*"],
            "servers": [{"agent": "A", "url": "ws://h:1", "options": {"version": 18}},
                        {"url": "ws://h:2", "origin": "http://o", "protocols": ["p"]}]})",
        AutobahnMode::fuzzingclient);
    REQUIRE(spec.servers.size() == 2);
    CHECK(spec.outdir == "./r");
    CHECK(spec.servers[0].agent == "A");
    CHECK(spec.servers[1].agent.empty());
    CHECK(spec.servers[1].url == "ws://h:2");
    CHECK(spec.servers[1].protocols == Strings{"p"});
}

TEST_CASE("Autobahn's spec: what is not there has Autobahn's defaults") {
    CHECK(spec_of(R"({"cases": ["*"]})").url == "ws://127.0.0.1:9001");
    CHECK(spec_of(R"({"cases": ["*"]})").outdir == "./reports/clients");
    CHECK(spec_of(R"({"cases": ["*"]})", AutobahnMode::fuzzingclient).outdir ==
          "./reports/servers");
}

TEST_CASE("Autobahn's spec: what is wrong is told with its place") {
    CHECK_THAT(refused(R"({"cases": ["*"], "exclude-case": []})"),
               Contains("/exclude-case: ") && Contains("did you mean exclude-cases?"));
    CHECK_THAT(refused(R"({"cases": ["*"], "servers": [{"agnet": "a", "url": "ws://h"}]})"),
               Contains("/servers/0/agnet: ") && Contains("agent?"));
    CHECK_THAT(refused(R"({"cases": ["*"], "servers": [{"agent": "a"}]})"),
               Contains("/servers/0: \"url\" is missing"));
    CHECK_THAT(refused(R"({"cases": ["1.1.1", "1.1.99"]})"), Contains("/cases/1: "));
    CHECK_THAT(refused(R"({"cases": ["9"]})"), Contains("did you mean 9.*?"));
    CHECK_THAT(refused(R"({"outdir": "x"})"), Contains("\"cases\" is missing"));
    CHECK_THAT(refused(R"({"cases": ["1.*"], "exclude-cases": ["*"]})"),
               Contains("no case is left"));
    CHECK_THAT(refused(R"({"cases": "*"})"), Contains("/cases: "));
    CHECK_THAT(refused(R"({"cases": ["*"], "exclude-agent-cases": []})"),
               Contains("/exclude-agent-cases: "));
    CHECK_THAT(refused(R"({"cases": ["*"], "options": []})"), Contains("/options: "));
    CHECK_THAT(refused("[]"), Contains("an object is wanted"));
}

TEST_CASE("Autobahn's spec: remarks pass, and what has no effect is noted") {
    const AutobahnSpec spec = spec_of(R"({"_why": "x", "#": 1, "comment": "y", "cases": ["*"],
                                          "exclude-cases": ["9", "99.*"], "webport": 8080})");
    CHECK(spec.cases.size() == 517);
    REQUIRE(spec.notes.size() == 3);
    CHECK_THAT(spec.notes[0], Contains("did you mean 9.*?"));
    CHECK_THAT(spec.notes[2], Contains("webport"));
}

}  // namespace wsproof::conformance::test
