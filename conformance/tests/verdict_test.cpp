#include "verdict.hpp"

#include <array>
#include <catch2/catch.hpp>

namespace wsproof::conformance::test {

TEST_CASE("Verdicts: names, and which of them make a run fail") {
    struct Row {
        Behaviour behaviour;
        const char* name;
        bool bad;
    };
    constexpr std::array kRows = {
        Row{Behaviour::pass, "pass", false},
        Row{Behaviour::info, "info", false},
        Row{Behaviour::non_strict, "non-strict", false},
        Row{Behaviour::unsupported, "unsupported", false},
        Row{Behaviour::fail, "fail", true},
        Row{Behaviour::flaky, "flaky", true},
        Row{Behaviour::crash, "crash", true},
        Row{Behaviour::hang, "hang", true},
        Row{Behaviour::blocked, "blocked", true},
        Row{Behaviour::harness_error, "harness-error", false},  // exit code 4, not 1
    };
    for (const Row& row : kRows) {
        CHECK(name(row.behaviour) == row.name);
        CHECK(is_bad(row.behaviour) == row.bad);
    }
}

TEST_CASE("Closings: names") {
    CHECK(name(Closing::not_judged) == "not-judged");
    CHECK(name(Closing::clean) == "clean");
    CHECK(name(Closing::wrong_code) == "wrong-code");
    CHECK(name(Closing::no_close_frame) == "no-close-frame");
    CHECK(name(Closing::unclean) == "unclean");
    CHECK(name(Closing::not_closed) == "not-closed");
}

}  // namespace wsproof::conformance::test
