// Which cases of a library are played or shown: filters over ids, and groups.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenario.hpp"

namespace wsproof::conformance {

// matches_glob: `*` in the pattern stands for any bytes, `?` for any one.
[[nodiscard]] bool matches_glob(std::string_view text, std::string_view pattern);

// matches: a filter with `*` or `?` is a glob over the whole id, or over its beginning up to the
// parameters; any other is a substring of the id. (Ids hold brackets, so brackets are no
// wildcards.)
[[nodiscard]] bool matches(std::string_view id, std::string_view filter);

// default_groups are those that a run plays unless it is told which.
[[nodiscard]] const std::vector<std::string>& default_groups();
[[nodiscard]] const std::vector<std::string>& all_groups();

// is_like: whether a label of a scenario ("autobahn:5.6", "bug:B8") is what `filter` asks for. A
// glob, in which `[1-7]` is one of these characters, is held against the whole label; any other
// filter names a label, a family above it ("autobahn", "autobahn:6.4") or a member of the family
// that the label names.
[[nodiscard]] bool is_like(std::string_view label, std::string_view filter);

struct Selection {
    std::vector<const Case*> cases;   // in the library's order
    std::vector<std::string> errors;  // a filter that selects nothing, an unknown group
};

// select takes the cases that match one of `filters` (none: all), are like one of `likes` (none:
// all) and are in one of `groups` ("all" names each). The pointers live as long as `cases`.
[[nodiscard]] Selection select(const std::vector<Case>& cases,
                               const std::vector<std::string>& filters,
                               const std::vector<std::string>& groups,
                               const std::vector<std::string>& likes = {});

// nearest gives the scenario ids most like `text`, best first, at most three.
[[nodiscard]] std::vector<std::string> nearest(const std::vector<Case>& cases,
                                               std::string_view text);

}  // namespace wsproof::conformance
