// Shards: which cases are whose, and how one is told.
#include "shard.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

using namespace wsproof::conformance;
using Catch::Matchers::Contains;

namespace {

ParsedShard of(const std::map<std::string, std::string>& variables) {
    return shard_of([&](const char* name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::string() : found->second;
    });
}

}  // namespace

TEST_CASE("Shard: together they have each case once, in parts of equal size") {
    const std::vector<Case> cases(10);
    std::set<const Case*> seen;
    for (unsigned index = 1; index <= 3; ++index) {
        std::vector<const Case*> mine;
        for (const Case& each : cases) {
            mine.push_back(&each);
        }
        keep({.index = index, .count = 3}, mine);
        CHECK((mine.size() == 3 || mine.size() == 4));
        for (const Case* each : mine) {
            CHECK(seen.insert(each).second);
        }
    }
    CHECK(seen.size() == cases.size());
}

TEST_CASE("Shard: one of more than there are cases is empty") {
    const Case only;
    std::vector<const Case*> mine = {&only};
    keep({.index = 2, .count = 3}, mine);
    CHECK(mine.empty());
}

TEST_CASE("Shard: i/n is read, and nothing else") {
    const ParsedShard parsed = parse_shard("2/3");
    CHECK(parsed.error == "");
    CHECK(parsed.shard.index == 2);
    CHECK(parsed.shard.count == 3);
    CHECK(parsed.shard.name() == "2/3");
    CHECK(parse_shard("1/1").shard.name() == "");
    for (const char* text : {"", "2", "0/3", "4/3", "1/0", "-1/3", "1/3x", "1/99999", "a/b", "/"}) {
        CHECK_THAT(parse_shard(text).error, Contains("is no shard"));
    }
}

TEST_CASE("Shard: the variables of Bazel and GoogleTest count from zero") {
    CHECK(of({}).shard.is_whole());
    const ParsedShard bazel = of(
        {{"TEST_TOTAL_SHARDS", "4"}, {"TEST_SHARD_INDEX", "0"}, {"TEST_SHARD_STATUS_FILE", "/s"}});
    CHECK(bazel.shard.name() == "1/4");
    CHECK(bazel.shard.status_file == "/s");
    CHECK(of({{"GTEST_TOTAL_SHARDS", "4"}, {"GTEST_SHARD_INDEX", "3"}}).shard.name() == "4/4");
    CHECK(of({{"TEST_TOTAL_SHARDS", "2"},
              {"TEST_SHARD_INDEX", "1"},
              {"GTEST_TOTAL_SHARDS", "9"},
              {"GTEST_SHARD_INDEX", "5"}})
              .shard.name() == "2/2");
}

TEST_CASE("Shard: variables that name none are refused") {
    CHECK_THAT(of({{"TEST_TOTAL_SHARDS", "2"}}).error, Contains("TEST_SHARD_INDEX"));
    CHECK_THAT(of({{"GTEST_SHARD_INDEX", "2"}}).error, Contains("GTEST_TOTAL_SHARDS"));
    CHECK(of({{"TEST_TOTAL_SHARDS", "2"}, {"TEST_SHARD_INDEX", "2"}}).error != "");
    CHECK(of({{"TEST_TOTAL_SHARDS", "two"}, {"TEST_SHARD_INDEX", "1"}}).error != "");
}
