// From a program to a scenario: the reference says what a conforming peer makes of each piece, and
// the clauses say what follows. What the RFC leaves open gets no expectation.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "generator.hpp"
#include "program.hpp"

namespace wsproof::netfuzz {

struct Prediction {
    Json steps = Json::array();
    std::vector<std::string> rows{};   // catalogue rows that the expectations cite, the last first
    std::set<std::string> tags{};      // what the program does, to tell programs apart
    std::vector<std::string> needs{};  // of the scenario
};

// predict never fails: acts on a connection that is over are left out.
[[nodiscard]] Prediction predict(const Program& program, const Setting& setting);

}  // namespace wsproof::netfuzz
