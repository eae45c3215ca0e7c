// Known failures: what a baseline covers, what it says of itself, and what is wrong with a file.
#include "baseline.hpp"

#include <catch2/catch.hpp>

#include "support/runs.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;

namespace {

constexpr const char* kToday = "2026-11-21";

Baseline baseline(const std::string& entries) {
    return {Json::parse(R"({"known": [)" + entries + "]}"), kToday};
}

Case case_of(const std::string& id) {
    Case made = a_case("5.4", "x");
    made.id = id;
    return made;
}

std::string known_of(const std::string& entry, Behaviour behaviour,
                     Closing closing = Closing::clean) {
    CaseResult result = a_result(case_of("rfc6455/5.4-s/two[n=1]"), behaviour);
    result.closing = closing;
    baseline(entry).mark(result);
    return result.known;
}

// fault_of gives "pointer: reason" of what is refused.
std::string fault_of(const std::string& json) {
    try {
        const Baseline made(Json::parse(json), kToday);
        return "";
    } catch (const BadScenario& error) {
        return error.pointer + ": " + error.what();
    }
}

}  // namespace

TEST_CASE("Baseline: a glob, an id and a scenario cover their cases, a part of an id none") {
    const auto [cases, covers] =
        GENERATE(table<std::string, bool>({{"rfc6455/5.4*", true},
                                           {"*/two", true},
                                           {"rfc6455/5.4-s/two[n=1]", true},
                                           {"rfc6455/5.4-s/two", true},
                                           {"rfc6455/5.4-s/tw?", true},
                                           {"rfc6455/5.4-s/tw", false},
                                           {"two", false},
                                           {"rfc6455/5.4-s/two[n=2]", false},
                                           {"rfc6455/5.5*", false}}));
    CAPTURE(cases);
    const std::string entry = R"({"case": ")" + cases + R"(", "reason": "why"})";
    CHECK(known_of(entry, Behaviour::fail) == (covers ? "why" : ""));
}

TEST_CASE("Baseline: only what is bad is covered, and never what is our own trouble") {
    const std::string any = R"({"case": "*", "reason": "why"})";
    for (const Behaviour bad : {Behaviour::fail, Behaviour::flaky, Behaviour::crash,
                                Behaviour::hang, Behaviour::blocked}) {
        CHECK(known_of(any, bad) == "why");
    }
    for (const Behaviour good : {Behaviour::pass, Behaviour::info, Behaviour::non_strict,
                                 Behaviour::unsupported, Behaviour::harness_error}) {
        CHECK(known_of(any, good).empty());
    }
    CHECK(known_of(any, Behaviour::pass, Closing::not_closed) == "why");
}

TEST_CASE("Baseline: an entry may name its verdicts") {
    const std::string entry =
        R"({"case": "*", "reason": "why", "verdict": ["fail", "not-closed"]})";
    CHECK(known_of(entry, Behaviour::fail) == "why");
    CHECK(known_of(entry, Behaviour::pass, Closing::not_closed) == "why");
    CHECK(known_of(entry, Behaviour::crash).empty());
}

TEST_CASE("Baseline: an entry counts through its last day") {
    const auto [day, counts] = GENERATE(table<std::string, bool>({{"2026-11-20", false},
                                                                  {"2026-11-21", true},
                                                                  {"2026-12-01", true},
                                                                  {"2025-12-31", false}}));
    const std::string entry = R"({"case": "*", "reason": "why", "expires": ")" + day + R"("})";
    CHECK(known_of(entry, Behaviour::fail) == (counts ? "why" : ""));
}

TEST_CASE("Baseline: what is wrong in a file is said with its place") {
    const std::string entry = R"("case": "*", "reason": "why")";
    const auto known = [&](const std::string& rest) { return R"({"known": [{)" + rest + "}]}"; };
    CHECK(fault_of("[]").starts_with(": an object"));
    CHECK(fault_of("{}").starts_with("/known: a list"));
    CHECK(fault_of(R"({"known": [], "more": 1})").starts_with(": nothing here is called \"more\""));
    CHECK(fault_of(R"({"known": [1]})").starts_with("/known/0: an object"));
    CHECK(fault_of(known(R"("reason": "why")")).starts_with("/known/0/case: which cases?"));
    CHECK(fault_of(known(R"("case": 1, "reason": "w")")).starts_with("/known/0/case: a string"));
    CHECK(fault_of(known(R"("case": "*")")).starts_with("/known/0/reason: why"));
    CHECK(fault_of(known(R"("case": "*", "reason": "")")).starts_with("/known/0/reason: why"));
    CHECK(fault_of(known(entry + R"(, "until": "x")")).starts_with("/known/0: nothing here"));
    for (const char* day :
         {"2027-02-29", "2027-13-01", "27-01-01", "2027-1-31", "", "2027-01-3x"}) {
        CAPTURE(day);
        CHECK(fault_of(known(entry + R"(, "expires": ")" + day + "\""))
                  .starts_with("/known/0/expires: "));
    }
    CHECK(fault_of(known(entry + R"(, "expires": "2028-02-29")")).empty());
    CHECK(fault_of(known(entry + R"(, "verdict": [])")).starts_with("/known/0/verdict: a list"));
    CHECK(fault_of(known(entry + R"(, "verdict": ["fail", "pass"])"))
              .starts_with("/known/0/verdict/1: \"pass\" is none of"));
}

TEST_CASE("Baseline: entries that are due for a look are named") {
    Played played({case_of("s/a[n=1]"), case_of("s/a[n=2]"), case_of("s/b"), case_of("s/c")});
    played.run.results[0].behaviour = Behaviour::fail;
    played.run.results[2].behaviour = Behaviour::unsupported;
    std::vector<Case> library = played.cases;
    library.push_back(case_of("s/not-chosen"));
    const auto kinds = [&](const std::string& entry) {
        std::string text;
        for (const BaselineNote& note : baseline(entry).notes(played.run, library)) {
            text += std::string(name(note.kind)) + " " + note.cases;
        }
        return text;
    };
    CHECK(kinds(R"({"case": "s/a", "reason": "w"})").empty());
    CHECK(kinds(R"({"case": "s/a[n=2]", "reason": "w"})") == "no longer needed s/a[n=2]");
    CHECK(kinds(R"({"case": "s/a", "reason": "w", "verdict": ["crash"]})") ==
          "no longer needed s/a");
    CHECK(kinds(R"({"case": "s/b", "reason": "w"})").empty());
    CHECK(kinds(R"({"case": "s/not-chosen", "reason": "w"})").empty());
    CHECK(kinds(R"({"case": "s/d", "reason": "w"})") == "matches no case s/d");
    CHECK(kinds(R"({"case": "s/a", "reason": "w", "expires": "2026-01-01"})") == "expired s/a");
}

TEST_CASE("Baseline: one that is written covers the run, and the same cases only as badly") {
    Played played({case_of("s/a[n=1]"), case_of("s/a[n=2]"), case_of("s/b[n=1]"),
                   case_of("s/b[n=2]"), case_of("s/c"), case_of("s/d")});
    for (const std::size_t bad : {0U, 1U, 2U, 5U}) {
        played.run.results[bad].behaviour = Behaviour::fail;
    }
    played.run.results[4].closing = Closing::not_closed;
    const Baseline old = baseline(R"({"case": "s/d", "reason": "old", "expires": "2030-01-01"},
                    {"case": "s/b[n=2]", "reason": "mended"})");
    const Json json = Json::parse(old.renewed(played.run));
    std::vector<std::string> cases;
    for (const Json& entry : json["known"]) {
        cases.push_back(entry["case"].get<std::string>() + " " +
                        entry["reason"].get<std::string>());
    }
    CHECK(cases == std::vector<std::string>{"s/d old", "s/a to be examined",
                                            "s/b[n=1] to be examined", "s/c to be examined"});
    CHECK(json["known"][0]["expires"] == "2030-01-01");
    const Baseline renewed(json, kToday);
    for (CaseResult& result : played.run.results) {
        renewed.mark(result);
    }
    CHECK(count(played.run).known == 5);
    CHECK(exit_code_of(played.run) == 0);
    played.run.results[0].behaviour = Behaviour::crash;
    renewed.mark(played.run.results[0]);
    CHECK(count(played.run).news == 1);
    CHECK(exit_code_of(played.run) == 1);
}
