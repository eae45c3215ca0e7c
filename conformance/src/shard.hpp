// A shard is every n-th of the cases that were chosen: several machines play a run in parts, and
// `report merge` puts it together.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scenario.hpp"

namespace wsproof::conformance {

struct Shard {
    unsigned index = 1;  // from 1
    unsigned count = 1;
    std::string status_file{};  // to be touched: so Bazel knows that shards are understood

    [[nodiscard]] bool is_whole() const noexcept { return count == 1; }
    [[nodiscard]] std::string name() const;  // "1/3"; empty for the whole
};

struct ParsedShard {
    Shard shard{};
    std::string error{};  // for people; empty if there is none
};

// parse_shard reads "1/3".
[[nodiscard]] ParsedShard parse_shard(std::string_view text);

// shard_of reads the variables by which Bazel (TEST_TOTAL_SHARDS, TEST_SHARD_INDEX,
// TEST_SHARD_STATUS_FILE) and GoogleTest (GTEST_TOTAL_SHARDS, GTEST_SHARD_INDEX) tell a shard; they
// count from 0. Bazel's come first. `variable` gives "" for one that is not set.
[[nodiscard]] ParsedShard shard_of(const std::function<std::string(const char*)>& variable);

// keep leaves of `cases` those of the shard: neighbours, which cost alike, go to different ones.
void keep(const Shard& shard, std::vector<const Case*>& cases);

}  // namespace wsproof::conformance
