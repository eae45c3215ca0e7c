// What changed from one run to the next, or is different with another target.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "run_result.hpp"

namespace wsproof::conformance {

struct Change {
    enum class Kind : std::uint8_t {
        fails,    // and did not: it was well, or was not played
        fixed,    // it failed, and no longer does
        changed,  // otherwise: neither better nor worse by the exit code
        missing,  // was played, and is not in the later report
        added,    // was not played, and does not fail
    };
    Kind kind = Kind::changed;
    std::string id{};
    std::string before{};  // "pass", "pass, not-closed"; empty: not played
    std::string after{};
    std::string got{};  // of its worst finding, for people
};
[[nodiscard]] std::string_view name(Change::Kind kind) noexcept;  // "fails"

// diff compares by the ids of cases; in the order of the later run, missing ones last. What the
// later run's baseline or its --allow puts up with is no new fail.
[[nodiscard]] std::vector<Change> diff(const RunResult& before, const RunResult& after);

[[nodiscard]] std::size_t count(const std::vector<Change>& changes, Change::Kind kind);

// diff_text is for people, diff_json for machines (data/diff.schema.json).
[[nodiscard]] std::string diff_text(const RunResult& before, const RunResult& after,
                                    const std::vector<Change>& changes);
[[nodiscard]] std::string diff_json(const RunResult& before, const RunResult& after,
                                    const std::vector<Change>& changes);

}  // namespace wsproof::conformance
