// What changed between two runs, and what of it is news.
#include "report_diff.hpp"

#include <catch2/catch.hpp>

#include "schema_check.hpp"
#include "support/runs.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;
using Catch::Matchers::Contains;

namespace {

std::vector<Change> changes(const Played& before, const Played& after) {
    return diff(before.run, after.run);
}

}  // namespace

TEST_CASE("Diff: equal runs have none") {
    Played before({a_case("5.4", "a"), a_case("5.4", "b")});
    Played after({a_case("5.4", "a"), a_case("5.4", "b")});
    before.fail(0, "x");
    after.fail(0, "y, later");
    CHECK(changes(before, after).empty());
    CHECK_THAT(diff_text(before.run, after.run, {}), Contains("no difference"));
}

TEST_CASE("Diff: each kind of change") {
    Played before({a_case("5.4", "breaks"), a_case("5.4", "heals"), a_case("5.4", "eases"),
                   a_case("5.4", "dies"), a_case("5.4", "goes"), a_case("5.4", "lingers")});
    Played after({a_case("5.4", "breaks"), a_case("5.4", "heals"), a_case("5.4", "eases"),
                  a_case("5.4", "dies"), a_case("5.4", "lingers"), a_case("5.4", "comes"),
                  a_case("5.4", "comes-broken")});
    after.fail(0, "nothing");
    before.fail(1, "nothing");
    after.run.results[2].behaviour = Behaviour::non_strict;
    before.fail(3, "nothing");
    after.run.results[3].behaviour = Behaviour::crash;
    after.run.results[4].closing = Closing::not_closed;
    after.fail(6, "bytes");
    const std::vector<Change> all = changes(before, after);
    const auto kind = [&](const std::string& id) {
        for (const Change& change : all) {
            if (change.id == "rfc6455/5.4-s/" + id) {
                return std::string(name(change.kind));
            }
        }
        return std::string();
    };
    CHECK(kind("breaks") == "fails");
    CHECK(kind("heals") == "fixed");
    CHECK(kind("eases") == "changed");
    CHECK(kind("dies") == "changed");
    CHECK(kind("goes") == "missing");
    CHECK(kind("lingers") == "fails");
    CHECK(kind("comes") == "added");
    CHECK(kind("comes-broken") == "fails");
    CHECK(count(all, Change::Kind::fails) == 3);
    CHECK_THAT(diff_text(before.run, after.run, all),
               Contains("New fails\n  rfc6455/5.4-s/breaks: pass -> fail\n      got nothing\n") &&
                   Contains("3 new fails, 1 fixed, 2 changed, 1 missing, 1 added\n"));
}

TEST_CASE("Diff: what could no longer be judged is not fixed") {
    Played before({a_case("5.4", "a")});
    Played after({a_case("5.4", "a")});
    before.fail(0, "x");
    after.run.results[0].behaviour = Behaviour::unsupported;
    CHECK(changes(before, after).at(0).kind == Change::Kind::changed);
}

TEST_CASE("Diff: the baseline and --allow of the later run decide what is news") {
    Played before({a_case("5.4", "a"), a_case("5.4", "b")});
    Played after({a_case("5.4", "a"), a_case("5.4", "b")});
    after.fail(0, "x").known = "not before 2.0";
    after.run.results[1].behaviour = Behaviour::flaky;
    after.run.allowed.flaky = true;
    CHECK(count(changes(before, after), Change::Kind::fails) == 0);
    after.run.allowed.flaky = false;
    CHECK(count(changes(before, after), Change::Kind::fails) == 1);
}

TEST_CASE("Diff: a failure that the baseline covered and no longer does is news") {
    Played before({a_case("5.4", "a")});
    Played after({a_case("5.4", "a")});
    before.fail(0, "x").known = "not before 2.0";
    after.fail(0, "x");
    CHECK(changes(before, after).at(0).kind == Change::Kind::fails);
}

TEST_CASE("Diff: entries of the baseline that are due for a look are named") {
    Played before({a_case("5.4", "a")});
    Played after({a_case("5.4", "a")});
    after.run.baseline_notes = {{BaselineNote::Kind::not_needed, "rfc6455/5.4*", "late", ""}};
    CHECK_THAT(diff_text(before.run, after.run, {}),
               Contains("baseline: rfc6455/5.4*: no longer needed"));
}

TEST_CASE("Diff: for machines, it holds to its schema") {
    Played before({a_case("5.4", "a"), a_case("5.4", "b")});
    Played after({a_case("5.4", "a"), a_case("5.4", "b")});
    after.fail(0, kHostile);
    const auto json =
        nlohmann::json::parse(diff_json(before.run, after.run, changes(before, after)));
    CHECK(SchemaCheck(data_directory() / "diff.schema.json").check(json).empty());
    CHECK(json["totals"]["fails"] == 1);
    CHECK(json["changes"][0]["case"] == "rfc6455/5.4-s/a");
}
