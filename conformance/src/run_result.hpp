// What a whole run came to: what the reports print.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "role.hpp"
#include "scenario.hpp"
#include "verdict.hpp"

namespace wsproof::conformance {

struct RunResult {
    std::string target;                // the URL, or a client's command
    Role role = Role::server;          // what it is
    std::vector<std::string> command;  // words behind "wsproof" that name it; none: test URL
    std::vector<std::pair<std::string, std::string>> facts;  // what preflight saw, for people
    std::vector<std::string> options;   // that the command to play a case again must repeat
    std::vector<std::string> segments;  // --segment: how cases were played again
    std::uint64_t seed = 0;
    unsigned jobs = 1;
    double seconds = 0;
    std::string started;  // RFC 3339, UTC
    bool interrupted = false;
    std::string ended_early;          // why the run did not play all; empty if it did
    std::vector<const Case*> cases;   // in order; those of `results`
    std::vector<CaseResult> results;  // one for each case, in the same order
    std::vector<Finding> findings;    // of the run as a whole: shared by many cases
};

// Totals count the results by kind.
struct Totals {
    std::map<Behaviour, std::size_t> behaviour;
    std::map<Closing, std::size_t> closing;
    std::size_t played = 0;
};
[[nodiscard]] Totals count(const RunResult& run);

// exit_code_of: 0 conforms; 1 any fail, crash, hang or not-closed, and flaky and blocked unless
// allowed; 4 harness fault; 130 interrupted.
struct Allowed {
    bool flaky = false;
    bool blocked = false;
};
[[nodiscard]] int exit_code_of(const RunResult& run, Allowed allowed);

}  // namespace wsproof::conformance
