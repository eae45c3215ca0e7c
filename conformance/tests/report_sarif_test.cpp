// The report for code scanning: a structural check of what SARIF 2.1.0 demands of its parts.
#include "report_sarif.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "support/full_run.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

json sarif_of(const RunResult& run) {
    return json::parse(sarif_report(run, catalogue()));
}

json with_verdict(const json& sarif, const std::string& verdict) {
    for (const json& result : sarif["runs"][0]["results"]) {
        if (result["properties"]["verdict"] == verdict) {
            return result;
        }
    }
    return {};
}

}  // namespace

TEST_CASE("SARIF: the parts that the standard demands are there and fit together") {
    const FullRun full;
    const json sarif = sarif_of(full.played.run);
    CHECK(sarif["version"] == "2.1.0");  // §3.13.2
    CHECK_THAT(sarif["$schema"].get<std::string>(), Contains("sarif-schema-2.1.0.json"));
    REQUIRE(sarif["runs"].size() == 1);
    const json& run = sarif["runs"][0];
    const json& driver = run["tool"]["driver"];
    CHECK(driver["name"] == "wsproof");                           // §3.19.8
    CHECK(run["invocations"][0]["executionSuccessful"] == true);  // §3.20.14
    std::set<std::string> ids;
    for (const json& rule : driver["rules"]) {
        CHECK(ids.insert(rule["id"]).second);  // §3.19.23: unique
    }
    for (const json& result : run["results"]) {
        const json& rule = driver["rules"].at(result["ruleIndex"].get<std::size_t>());
        CHECK(rule["id"] == result["ruleId"]);                              // §3.27.6
        CHECK_FALSE(result["message"]["text"].get<std::string>().empty());  // §3.27.11
        CHECK((result["kind"] == "fail") == (result["level"] != "none"));   // §3.27.9
        CHECK(result["partialFingerprints"]["wsproofCase/v1"].get<std::string>().size() == 64);
        const json& location = result["locations"][0];
        CHECK(location["logicalLocations"][0].contains("fullyQualifiedName"));
        CHECK(location["physicalLocation"]["region"]["startLine"] == 9);
        CHECK_THAT(location["physicalLocation"]["artifactLocation"]["uri"].get<std::string>(),
                   Catch::Matchers::StartsWith("scenarios/"));
    }
}

TEST_CASE("SARIF: each verdict has its level, and a pass no result") {
    const FullRun full;
    const json sarif = sarif_of(full.played.run);
    CHECK(sarif["runs"][0]["results"].size() == full.played.run.results.size() - 1);
    for (const char* word : {"fail", "crash", "hang", "flaky", "blocked", "harness-error"}) {
        CHECK(with_verdict(sarif, word)["level"] == "error");
    }
    CHECK(with_verdict(sarif, "non-strict")["level"] == "warning");
    CHECK(with_verdict(sarif, "info")["level"] == "none");
    CHECK(with_verdict(sarif, "pass").is_null());
}

TEST_CASE("SARIF: the rule of a fail is the requirement, with its text and where to read it") {
    const FullRun full;
    const json sarif = sarif_of(full.played.run);
    const json result = with_verdict(sarif, "fail");
    CHECK(result["ruleId"] == "6455-5.4-8");
    const json& rule =
        sarif["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()];
    CHECK(rule["helpUri"] == "https://www.rfc-editor.org/rfc/rfc6455#section-5.4");
    CHECK(rule["shortDescription"]["text"] == catalogue().requirement("6455-5.4-8")->summary);
    CHECK(with_verdict(sarif, "crash")["ruleId"] == "wsproof-crash");
    CHECK_THAT(result["message"]["text"].get<std::string>(),
               Contains("expected: the end of TCP") && Contains("got: nothing"));
}

TEST_CASE("SARIF: what the baseline or --allow puts up with is suppressed") {
    FullRun full;
    full.played.run.results[FullRun::at(Behaviour::fail)].known = "not before 2.0";
    full.played.run.allowed.flaky = true;
    const json sarif = sarif_of(full.played.run);
    CHECK(with_verdict(sarif, "fail")["suppressions"][0]["justification"] == "not before 2.0");
    CHECK(with_verdict(sarif, "flaky")["suppressions"][0]["justification"] == "allowed: flaky");
    CHECK_FALSE(with_verdict(sarif, "blocked").contains("suppressions"));
}

TEST_CASE("SARIF: what a peer sent does not break it") {
    FullRun full;
    full.played.fail(0, kHostile).reason = kHostile;
    CHECK_THAT(sarif_report(full.played.run, catalogue()),
               Contains("\\\\xFF") && !Contains("\x1b"));
}
