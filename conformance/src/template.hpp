// Parameters of scenarios: `for`, `${name}` and `when` (scenarios/LANGUAGE.md), as a rewriting of
// JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace wsproof::conformance {

using Json = nlohmann::ordered_json;
using Parameters = std::vector<std::pair<std::string, Json>>;

// BadScenario is an error in a suite, with the JSON pointer of its place.
class BadScenario : public std::runtime_error {
  public:
    BadScenario(std::string where, const std::string& reason)
        : std::runtime_error(reason), pointer(std::move(where)) {}
    std::string pointer;
};

// expand gives the parameter sets of a `for`: all combinations of an object's values, the union of
// a list's.
[[nodiscard]] std::vector<Parameters> expand(const Json& loop, const std::string& pointer);

// fill_in replaces `${name}` and drops what a false `when` guards. `${host}`, `${target}` and
// `${key}` are left for the player. Throws BadScenario for a name that is no parameter.
[[nodiscard]] Json fill_in(const Json& value, const Parameters& parameters,
                           const std::string& pointer);

// id_of renders parameters for a case's id: "[control=ping,size=125]"; empty for none.
[[nodiscard]] std::string id_of(const Parameters& parameters);

// text_of is a parameter's value as it stands in ids and inside longer strings.
[[nodiscard]] std::string text_of(const Json& value);

}  // namespace wsproof::conformance
