// The table of states, walked over all pairs.
#include "state.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace wsproof {
namespace {

// One line a state, one word a signal, in the order of Signal: opened refused sent_close got_close
// failed timed_out eof. A dash is a pair that cannot happen.
const std::vector<std::vector<std::string>> kExpected = {
    {"open", "draining", "-", "-", "draining", "-", "closed"},                 // connecting
    {"-", "-", "closing_local", "closing_remote", "draining", "-", "closed"},  // open
    {"-", "-", "-", "draining", "draining", "closed", "closed"},               // closing_local
    {"-", "-", "draining", "-", "draining", "-", "closed"},                    // closing_remote
    {"-", "-", "-", "-", "-", "closed", "closed"},                             // draining
    {"-", "-", "-", "-", "-", "-", "-"},                                       // closed
};

TEST_CASE("state: every pair of state and signal leads where the list says") {
    REQUIRE(kExpected.size() == kStateCount);
    std::size_t legal = 0;
    for (std::size_t i = 0; i < kStateCount; ++i) {
        REQUIRE(kExpected[i].size() == kSignalCount);
        for (std::size_t j = 0; j < kSignalCount; ++j) {
            const auto from = static_cast<State>(i);
            const auto signal = static_cast<Signal>(j);
            INFO(name(from) << " on " << name(signal));
            const auto to = next_state(from, signal);
            CHECK((to ? std::string(name(*to)) : "-") == kExpected[i][j]);
            legal += to ? 1 : 0;
        }
    }
    CHECK(transitions().size() == legal);
}

TEST_CASE("state: every row cites the RFC and every name is there") {
    for (const Transition& row : transitions()) {
        CHECK(row.citation.starts_with("RFC 6455 §"));
    }
    for (std::size_t i = 0; i < kStateCount; ++i) {
        CHECK_FALSE(name(static_cast<State>(i)).empty());
    }
    for (std::size_t i = 0; i < kSignalCount; ++i) {
        CHECK_FALSE(name(static_cast<Signal>(i)).empty());
    }
}

TEST_CASE("state: values without a name are harmless") {
    CHECK(name(static_cast<State>(99)).empty());
    CHECK(name(static_cast<Signal>(99)).empty());
    CHECK_FALSE(next_state(static_cast<State>(99), Signal::eof));
}

}  // namespace
}  // namespace wsproof
