// Findings: what causes them, and the scenario files that they become.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "arena.hpp"
#include "catalogue.hpp"

namespace wsproof::netfuzz {

// Cause is what two failures have in common if one fault explains both.
struct Cause {
    std::string what;  // "expected a message, got silence"; of a monitor, crash or hang that alone
    std::string row;   // catalogue row
    bool is_exact = true;  // the row belongs to the cause; else it says what was sent about it

    // is_like: the same cause, for all that can be seen.
    [[nodiscard]] bool is_like(const Cause& other) const {
        return what == other.what && (!is_exact || row == other.row);
    }
};

[[nodiscard]] Cause cause_of(const Trial& trial);

// Finding is a failure that was seen again, shrunk.
struct Finding {
    Cause cause{};
    std::vector<Trial> trials{};  // one; several if any of them may have ended the target
    std::string name{};           // of its file
    std::filesystem::path file{};
    std::size_t seen = 1;  // cases that came to it
    int plays = 0;
    int failed = 0;  // of those
    std::size_t steps_before = 0;
    double seconds = 0;  // into the run

    // is_steady: it failed each time.
    [[nodiscard]] bool is_steady() const noexcept { return plays > 0 && failed == plays; }
};

// covers: a program with these tags that fails for this cause tells nothing new.
[[nodiscard]] bool covers(const Finding& finding, const Cause& cause,
                          const std::set<std::string>& tags);

// reactions says what the peer did, as a sequence of kinds: "101 data Close-1002". The end behind a
// Close is left out.
[[nodiscard]] std::string reactions(const conformance::CaseResult& result);

// suite_of is the scenario file of a finding; `number` tells findings of one clause apart.
[[nodiscard]] Json suite_of(const Finding& finding, const conformance::Catalogue& catalogue,
                            conformance::Role peer);
// name_of makes an id of the clause and what came.
[[nodiscard]] std::string name_of(const Cause& cause);

// step_count counts the scenario's steps.
[[nodiscard]] std::size_t step_count(const Trial& trial);

}  // namespace wsproof::netfuzz
