// Shards, merged, are the run that was cut.
#include "report_merge.hpp"

#include <catch2/catch.hpp>

#include "report_json.hpp"
#include "shard.hpp"
#include "support/full_run.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;
using Catch::Matchers::Contains;

namespace {

StoredRun stored(const RunResult& run) {
    return stored_run(Json::parse(json_report(run, catalogue())));
}

// part_of: the report of one shard of a run.
StoredRun part_of(const RunResult& whole, unsigned index, unsigned count) {
    RunResult part = whole;
    part.asked.shard = Shard{.index = index, .count = count}.name();
    part.seconds = whole.seconds / count;
    part.cases.clear();
    part.results.clear();
    for (std::size_t i = index - 1; i < whole.cases.size(); i += count) {
        part.cases.push_back(whole.cases[i]);
        part.results.push_back(whole.results[i]);
    }
    return stored(part);
}

std::string refusal(std::vector<StoredRun> parts) {
    try {
        static_cast<void>(merge(std::move(parts)));
    } catch (const Unmergeable& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("Merge: shards in any order are the whole run again") {
    const FullRun full;
    const RunResult& whole = full.played.run;
    std::vector<StoredRun> parts;
    for (const unsigned index : {3U, 1U, 2U}) {
        parts.push_back(part_of(whole, index, 3));
    }
    const StoredRun merged = merge(std::move(parts));
    CHECK(json_report(merged.run, catalogue()) == json_report(whole, catalogue()));
}

TEST_CASE("Merge: a missing shard makes a run that ended early") {
    const FullRun full;
    std::vector<StoredRun> parts;
    parts.push_back(part_of(full.played.run, 1, 3));
    parts.push_back(part_of(full.played.run, 3, 3));
    CHECK_THAT(merge(std::move(parts)).run.ended_early, Contains("missing: 2/3"));
}

TEST_CASE("Merge: what monitors noted is told once for all parts") {
    FullRun full;
    for (CaseResult& result : full.played.run.results) {
        result.findings = {a_finding(Behaviour::info, "seen")};
        result.findings[0].monitor = true;
    }
    std::vector<StoredRun> parts;
    parts.push_back(part_of(full.played.run, 1, 2));
    parts.push_back(part_of(full.played.run, 2, 2));
    const StoredRun merged = merge(std::move(parts));
    REQUIRE(merged.run.findings.size() == 1);
    CHECK_THAT(merged.run.findings[0].got, Contains("in 10 cases"));
}

TEST_CASE("Merge: an entry of the baseline that one part needs is needed") {
    FullRun full;
    RunResult& run = full.played.run;
    run.has_baseline = true;
    run.baseline_notes = {{BaselineNote::Kind::not_needed, "rfc6455/5.4-s/*", "late", ""},
                          {BaselineNote::Kind::of_no_case, "rfc6455/9*", "gone", ""}};
    std::vector<StoredRun> parts;
    parts.push_back(part_of(run, 1, 2));
    run.results[FullRun::at(Behaviour::non_strict) + 1].known = "late";
    parts.push_back(part_of(run, 2, 2));
    const StoredRun merged = merge(std::move(parts));
    REQUIRE(merged.run.baseline_notes.size() == 1);
    CHECK(merged.run.baseline_notes[0].cases == "rfc6455/9*");
}

TEST_CASE("Merge: what does not belong together is refused") {
    const FullRun full;
    const auto with = [&](auto change) {
        RunResult other = full.played.run;
        change(other);
        std::vector<StoredRun> parts;
        parts.push_back(part_of(full.played.run, 1, 2));
        parts.push_back(part_of(other, 2, 2));
        return parts;
    };
    CHECK_THAT(refusal(with([](RunResult& run) { run.seed = 8; })), Contains("seed: 7 and 8"));
    CHECK_THAT(refusal(with([](RunResult& run) { run.role = Role::client; })), Contains("role"));
    CHECK_THAT(refusal(with([](RunResult& run) { run.target = "ws://x/"; })), Contains("--target"));
    CHECK(merge(with([](RunResult& run) { run.target = "ws://x/"; }), "both").run.target == "both");
    std::vector<StoredRun> twice;
    twice.push_back(part_of(full.played.run, 1, 2));
    twice.push_back(part_of(full.played.run, 1, 2));
    CHECK_THAT(refusal(std::move(twice)), Contains("hold the case rfc6455/5.4-s/case-0"));
}
