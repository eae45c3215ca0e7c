#include "shard.hpp"

#include <charconv>

namespace wsproof::conformance {

namespace {

constexpr unsigned kCountMax = 10'000;

bool read_number(std::string_view text, unsigned& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string Shard::name() const {
    return is_whole() ? "" : std::to_string(index) + "/" + std::to_string(count);
}

ParsedShard parse_shard(std::string_view text) {
    ParsedShard parsed;
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos ||
        !read_number(text.substr(0, slash), parsed.shard.index) ||
        !read_number(text.substr(slash + 1), parsed.shard.count) || parsed.shard.index < 1 ||
        parsed.shard.index > parsed.shard.count || parsed.shard.count > kCountMax) {
        parsed.error = "\"" + std::string(text) + "\" is no shard: i/n, with i from 1 to n";
    }
    return parsed;
}

ParsedShard shard_of(const std::function<std::string(const char*)>& variable) {
    const bool is_bazel = !variable("TEST_TOTAL_SHARDS").empty();
    const char* count_name = is_bazel ? "TEST_TOTAL_SHARDS" : "GTEST_TOTAL_SHARDS";
    const char* index_name = is_bazel ? "TEST_SHARD_INDEX" : "GTEST_SHARD_INDEX";
    const std::string count = variable(count_name);
    const std::string index = variable(index_name);
    ParsedShard parsed;
    if (count.empty() && index.empty()) {
        return parsed;
    }
    unsigned from_zero = 0;
    if (!read_number(count, parsed.shard.count) || !read_number(index, from_zero) ||
        parsed.shard.count > kCountMax || from_zero >= parsed.shard.count) {
        parsed.error = std::string(index_name) + "=\"" + index + "\" and " + count_name + "=\"" +
                       count + "\" name no shard: the index counts from 0, below the total";
        return parsed;
    }
    parsed.shard.index = from_zero + 1;
    parsed.shard.status_file = is_bazel ? variable("TEST_SHARD_STATUS_FILE") : "";
    return parsed;
}

void keep(const Shard& shard, std::vector<const Case*>& cases) {
    std::vector<const Case*> kept;
    for (std::size_t i = shard.index - 1; i < cases.size(); i += shard.count) {
        kept.push_back(cases[i]);
    }
    cases = std::move(kept);
}

}  // namespace wsproof::conformance
