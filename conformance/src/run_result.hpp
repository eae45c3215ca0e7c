// What a whole run came to: what the reports print.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "role.hpp"
#include "scenario.hpp"
#include "verdict.hpp"

namespace wsproof::conformance {

// BaselineNote is an entry of the baseline that is due for a look.
struct BaselineNote {
    enum class Kind : std::uint8_t {
        not_needed,  // cases of it were played and none failed so
        of_no_case,  // no case is called like this
        expired,     // counts no more
    };
    Kind kind = Kind::not_needed;
    std::string cases{};  // as the entry has it
    std::string reason{};
    std::string detail{};  // for people; empty: there is no more to say
};
[[nodiscard]] std::string_view name(BaselineNote::Kind kind) noexcept;  // "no longer needed"

// Allowed is what may happen without making the exit code 1.
struct Allowed {
    bool flaky = false;
    bool blocked = false;
};

// Asked is which cases the command line asked for.
struct Asked {
    std::vector<std::string> filters{};
    std::vector<std::string> groups{};  // --group; empty: the usual ones
    std::vector<std::string> likes{};   // --like
    unsigned max_time = 0;              // seconds
    std::string baseline{};             // the file
    std::string shard{};                // "1/3": the first third; empty: all
};

struct RunResult {
    std::string target;                // the URL, or a client's command
    Role role = Role::server;          // what it is
    std::vector<std::string> command;  // words behind "wsproof" that name it; none: test URL
    std::vector<std::pair<std::string, std::string>> facts;  // what preflight saw, for people
    std::vector<std::string> options;   // that the command to play a case again must repeat
    std::vector<std::string> segments;  // --segment: how cases were played again
    Asked asked{};
    Allowed allowed{};
    std::uint64_t seed = 0;
    unsigned jobs = 1;
    double seconds = 0;
    std::string started;  // RFC 3339, UTC
    bool interrupted = false;
    std::string ended_early;          // why the run did not play all; empty if it did
    std::vector<const Case*> cases;   // in order; those of `results`
    std::vector<CaseResult> results;  // one for each case, in the same order
    std::vector<Finding> findings;    // of the run as a whole: shared by many cases
    unsigned restarts = 0;            // of a server that we started
    std::vector<std::string> deaths;  // ends of the target that no case, played alone, brings about
    bool has_baseline = false;
    std::vector<BaselineNote> baseline_notes;
};

// Totals count the results by kind.
struct Totals {
    std::map<Behaviour, std::size_t> behaviour;
    std::map<Closing, std::size_t> closing;
    std::size_t played = 0;
    std::size_t known = 0;  // failures that the baseline covers
    std::size_t news = 0;   // and those that it does not
};
[[nodiscard]] Totals count(const RunResult& run);

// exit_code_of: 0 conforms; 1 any fail, crash, hang or not-closed, and flaky and blocked unless
// allowed, that the baseline does not cover, and a target that ended for no case's sake; 4 harness
// fault; 130 interrupted.
[[nodiscard]] int exit_code_of(const RunResult& run);

// is_allowed: the case is flaky or blocked, and `run.allowed` puts up with it.
[[nodiscard]] bool is_allowed(const RunResult& run, const CaseResult& result) noexcept;

}  // namespace wsproof::conformance
