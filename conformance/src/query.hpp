// The query of a request target, as forms write it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wsproof::conformance {

// query_of splits "a=1&b=x+y" and undoes its encoding; a name alone has an empty value. What is no
// encoding stays as it is.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> query_of(std::string_view text);

}  // namespace wsproof::conformance
