// From the JSON of one case, parameters filled in, to its steps. Throws BadScenario.
#pragma once

#include <string>
#include <vector>

#include "scenario.hpp"
#include "template.hpp"

namespace wsproof::conformance {

// parse_steps reads a list of steps and unrolls `repeat`.
[[nodiscard]] std::vector<Step> parse_steps(const Json& steps, const Parameters& parameters,
                                            const std::string& pointer);

[[nodiscard]] std::vector<Item> parse_items(const Json& items, const std::string& pointer);
[[nodiscard]] ExpectStep parse_expect(const Json& step, const std::string& pointer);

}  // namespace wsproof::conformance
