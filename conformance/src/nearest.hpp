// Which of the known words somebody who mistyped one may have meant.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wsproof::conformance {

// nearest gives those of `words` that are like `text`, best first, at most three; none if nothing
// is near enough to be meant. The last part of a path is compared by itself too.
[[nodiscard]] std::vector<std::string> nearest(std::span<const std::string> words,
                                               std::string_view text);

// did_you_mean: "; did you mean a or b?", or nothing if there are no suggestions.
[[nodiscard]] std::string did_you_mean(const std::vector<std::string>& suggestions);

}  // namespace wsproof::conformance
