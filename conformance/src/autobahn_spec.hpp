// The spec files of Autobahn|Testsuite: which of its cases are played, with whom, and where the
// reports go.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "template.hpp"

namespace wsproof::conformance {

enum class AutobahnMode : std::uint8_t {
    fuzzingclient,  // judges servers
    fuzzingserver,  // judges clients, whose driver asks for the cases
};

// AutobahnTarget is one of "servers".
struct AutobahnTarget {
    std::string agent{};  // its name in reports; empty: it has to be asked
    std::string url{};
    std::string origin{};
    std::string hostname{};  // for TLS
    std::vector<std::string> protocols{};
    std::string pointer{};  // JSON pointer of the url in the file
};

struct AutobahnSpec {
    std::string url = "ws://127.0.0.1:9001";  // of a fuzzingserver
    std::string outdir;
    std::vector<AutobahnTarget> servers;  // of a fuzzingclient
    std::vector<std::string> cases;       // numbers, "1.1.1", in their order
    std::vector<std::pair<std::string, std::vector<std::string>>> excluded;  // by agent: patterns
    std::vector<std::string> notes;  // for people: what the file says without effect

    // is_excluded: "exclude-agent-cases" names this number for this agent.
    [[nodiscard]] bool is_excluded(std::string_view agent, std::string_view number) const;
};

// parse_autobahn_spec reads what `mode` needs of the spec; `numbers` are all that there are. Throws
// BadScenario with the place for what is missing, mistyped or selects nothing.
[[nodiscard]] AutobahnSpec parse_autobahn_spec(const Json& spec, AutobahnMode mode,
                                               const std::vector<std::string>& numbers);

}  // namespace wsproof::conformance
