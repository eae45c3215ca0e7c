// From the JSON of one case, parameters filled in, to its steps. Throws BadScenario.
#pragma once

#include <string>
#include <vector>

#include "scenario.hpp"
#include "template.hpp"

namespace wsproof::conformance {

class JsonReader;

// parse_steps reads a list of steps and unrolls `repeat`.
[[nodiscard]] std::vector<Step> parse_steps(const Json& steps, const Parameters& parameters,
                                            const std::string& pointer);

[[nodiscard]] std::vector<Item> parse_items(const Json& items, const std::string& pointer);
// parse_rules reads the member `key`, an object of names and what has to hold of their values.
[[nodiscard]] std::vector<HeaderRule> parse_rules(JsonReader& reader, const char* key);
[[nodiscard]] ExpectStep parse_expect(const Json& step, const std::string& pointer);

}  // namespace wsproof::conformance
