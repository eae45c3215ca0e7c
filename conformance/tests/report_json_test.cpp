// The machine's report holds to its schema, whatever a peer sent and however the run ended.
#include "report_json.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "schema_check.hpp"
#include "support/runs.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;

namespace {

nlohmann::json report_of(const RunResult& run) {
    return nlohmann::json::parse(json_report(run, catalogue()));
}

std::string faults_of(const nlohmann::json& report) {
    std::string text;
    for (const SchemaFault& fault :
         SchemaCheck(data_directory() / "report.schema.json").check(report)) {
        text += fault.pointer + ": " + fault.reason + "\n";
    }
    return text;
}

void fill(CaseResult& result) {
    result.close_code = std::uint16_t{1002};
    Entry sent;
    sent.kind = Entry::Kind::sent;
    sent.connection = "main";
    sent.summary = kHostile;
    sent.bytes = std::vector<std::byte>(256, std::byte{0xAB});
    sent.size = 70'000;
    sent.generator = "bytes";
    sent.sha256 = std::string(64, '0');
    sent.first_difference = 17;
    result.transcript = {sent, Entry{}};
}

}  // namespace

TEST_CASE("JSON: a report holds to its schema") {
    Played played({a_case("5.4", "a"), a_case("5.4", "b")});
    fill(played.fail(0, "nothing"));
    played.run.findings = {a_finding(Behaviour::info, "seen")};
    const nlohmann::json report = report_of(played.run);
    CHECK(faults_of(report) == "");
    CHECK(report["cases"][0]["findings"][0]["clause"] == "RFC 6455 §5.4");
    CHECK(report["cases"][0]["transcript"][0]["first_difference"] == 17);
    CHECK(report["cases"][0]["close_code"] == 1002);
    CHECK(report["totals"]["behaviour"]["fail"] == 1);
}

TEST_CASE("JSON: a partial run, and one without cases, are reports too") {
    Played played({a_case("5.4", "a")});
    played.run.results[0].behaviour = Behaviour::blocked;
    played.run.results[0].closing = Closing::not_judged;
    played.run.results[0].plays = 0;
    played.run.interrupted = true;
    played.run.ended_early = "interrupted";
    CHECK(faults_of(report_of(played.run)) == "");
    CHECK(faults_of(report_of(RunResult{})) == "");
}

TEST_CASE("JSON: what the baseline covers says why, and the baseline what is due for a look") {
    Played played({a_case("5.4", "a"), a_case("5.4", "b")});
    played.fail(0, "nothing").known = "not before 2.0";
    played.run.has_baseline = true;
    played.run.baseline_notes = {{BaselineNote::Kind::of_no_case, "rfc6455/9*", "why", ""}};
    const auto report = report_of(played.run);
    CHECK(faults_of(report) == "");
    CHECK(report["cases"][0]["known"] == "not before 2.0");
    CHECK(report["baseline"]["known"] == 1);
    CHECK(report["baseline"]["new"] == 0);
    CHECK(report["baseline"]["notes"][0]["note"] == "matches no case");
}

TEST_CASE("JSON: what is no UTF-8 does not break the report") {
    Played played({a_case("5.4", "a")});
    fill(played.fail(0, kHostile));
    played.run.results[0].reason = kHostile;
    played.run.facts = {{"server", kHostile}};
    CHECK(faults_of(report_of(played.run)) == "");
}

TEST_CASE("JSON: the schema finds what does not belong") {
    Played played({a_case("5.4", "a")});
    nlohmann::json report = report_of(played.run);
    report["cases"][0]["behaviour"] = "splendid";
    report["extra"] = 1;
    CHECK(faults_of(report) != "");
    report = report_of(played.run);
    report.erase("seed");
    CHECK_THAT(faults_of(report), Catch::Matchers::Contains("seed"));
}

TEST_CASE("JSON: a report replaces a file at once, or says why it cannot") {
    const Suites place;
    const auto path = place.directory() / "report.json";
    CHECK(why_not_writable(path) == "");
    CHECK(write_whole(path, "one") == "");
    CHECK(write_whole(path, "two") == "");
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    CHECK(text.str() == "two");
    CHECK(std::distance(std::filesystem::directory_iterator(place.directory()), {}) == 1);
    CHECK(why_not_writable(place.directory()) != "");
    CHECK(why_not_writable(place.directory() / "none" / "report.json") != "");
    CHECK(write_whole(place.directory() / "none" / "report.json", "x") != "");
}
