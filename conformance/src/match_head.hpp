// What a head of HTTP holds against what a scenario expects of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "deflate_judge.hpp"
#include "scenario.hpp"
#include "wire/http_response.hpp"

namespace wsproof::conformance {

// holds: the values of a field or parameter are as the rule says.
[[nodiscard]] bool holds(const HeaderRule& rule, const std::vector<std::string_view>& values);

// agrees: the answer to the offer of permessage-deflate is one that is expected.
[[nodiscard]] bool agrees(const ExpectResponse& expected,
                          const std::optional<DeflateAgreement>& agreed);

// got_headers says what stands where a rule wanted something else, as it follows " got ".
[[nodiscard]] std::string got_headers(const ExpectResponse& expected,
                                      const wire::HttpResponse& response);

}  // namespace wsproof::conformance
