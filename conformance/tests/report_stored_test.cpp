// A report that is read back is the report that was written.
#include "report_stored.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "report_json.hpp"
#include "support/full_run.hpp"
#include "support/runs.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;
using Catch::Matchers::Contains;

namespace {

// refused gives what read_report says of a file with this text.
std::string refused(const std::string& text) {
    const Suites place;
    const auto path = place.directory() / "report.json";
    std::ofstream(path) << text;
    try {
        static_cast<void>(read_report(path));
    } catch (const BadScenario& error) {
        return error.pointer + ": " + error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("Stored: what is read back is written as it was") {
    const FullRun full;
    const std::string text = json_report(full.played.run, catalogue());
    const StoredRun stored = stored_run(Json::parse(text));
    CHECK(stored.run.cases.size() == full.played.run.cases.size());
    CHECK(json_report(stored.run, catalogue()) == text);
}

TEST_CASE("Stored: cases stay where they are when the run is moved") {
    const FullRun full;
    StoredRun first = stored_run(Json::parse(json_report(full.played.run, catalogue())));
    const StoredRun second = std::move(first);
    CHECK(second.run.cases.front() == &second.cases.front());
}

TEST_CASE("Stored: what is no report is refused with the reason") {
    CHECK_THAT(refused("{"), Contains("not JSON"));
    CHECK_THAT(refused("[]"), Contains("not a report"));
    CHECK_THAT(refused(R"({"known": []})"), Contains("not a report"));
    CHECK_THAT(refused(R"({"schema": 1, "cases": []})"),
               Contains("/schema") && Contains("schema 1") && Contains("reads schema 2"));
    CHECK_THAT(refused(R"({"schema": 2, "cases": []})"), Contains("not a whole report"));
    CHECK_THROWS_AS(read_report("/nonexistent/report.json"), BadScenario);
}

TEST_CASE("Stored: words and bytes that cannot be are refused") {
    const FullRun full;
    const Json good = Json::parse(json_report(full.played.run, catalogue()));
    Json bad = good;
    bad["cases"][1]["behaviour"] = "splendid";
    CHECK_THAT(refused(bad.dump()), Contains("/cases/1") && Contains("splendid"));
    bad = good;
    bad["cases"][0]["closing"] = "slammed";
    CHECK_THAT(refused(bad.dump()), Contains("slammed"));
    bad = good;
    bad["cases"][0]["transcript"][0]["hex"] = "zz";
    CHECK_THAT(refused(bad.dump()), Contains("hexadecimal"));
    bad = good;
    bad["cases"][0]["id"] = "else";
    CHECK_THAT(refused(bad.dump()), Contains("begins with"));
}
