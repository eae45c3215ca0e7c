#include "selection.hpp"

#include <algorithm>
#include <set>

#include "nearest.hpp"

namespace wsproof::conformance {

namespace {

// glob walks both once and returns to the last star on a mismatch.
bool glob(std::string_view text, std::string_view pattern) {
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    std::size_t star = std::string_view::npos;
    std::size_t mark = 0;
    while (at < text.size()) {
        if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
            star = in_pattern++;
            mark = at;
        } else if (in_pattern < pattern.size() &&
                   (pattern[in_pattern] == '?' || pattern[in_pattern] == text[at])) {
            ++in_pattern;
            ++at;
        } else if (star != std::string_view::npos) {
            in_pattern = star + 1;
            at = ++mark;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

bool is_in(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool matches_any(const Case& each, const std::vector<std::string>& filters) {
    return filters.empty() ||
           std::any_of(filters.begin(), filters.end(),
                       [&](const std::string& filter) { return matches(each.id, filter); });
}

// why_nothing says what is wrong with a filter: mistyped, or its cases are in other groups.
std::string why_nothing(const std::vector<Case>& cases, const std::string& filter) {
    std::set<std::string> groups;
    for (const Case& each : cases) {
        if (matches(each.id, filter)) {
            groups.insert(each.group);
        }
    }
    const std::string quoted = "\"" + filter + "\"";
    if (groups.empty()) {
        return "no case matches " + quoted + did_you_mean(nearest(cases, filter));
    }
    std::string text = "what matches " + quoted + " is in another group; add";
    for (const std::string& group : groups) {
        text += " --group " + group;
    }
    return text;
}

}  // namespace

bool matches(std::string_view id, std::string_view filter) {
    if (filter.find_first_of("*?") == std::string_view::npos) {
        return id.find(filter) != std::string_view::npos;
    }
    return glob(id, filter) || glob(id.substr(0, id.find('[')), filter);
}

const std::vector<std::string>& default_groups() {
    static const std::vector<std::string> groups = {"core", "fail-fast", "robustness"};
    return groups;
}

const std::vector<std::string>& all_groups() {
    static const std::vector<std::string> groups = {"core", "fail-fast", "timers", "robustness",
                                                    "heavy"};
    return groups;
}

Selection select(const std::vector<Case>& cases, const std::vector<std::string>& filters,
                 const std::vector<std::string>& groups) {
    Selection selection;
    for (const std::string& group : groups) {
        if (group != "all" && !is_in(all_groups(), group)) {
            selection.errors.push_back("\"" + group + "\" is no group" +
                                       did_you_mean(nearest(all_groups(), group)));
        }
    }
    const auto in_groups = [&](const Case& each) {
        return is_in(groups, "all") || is_in(groups, each.group);
    };
    for (const Case& each : cases) {
        if (in_groups(each) && matches_any(each, filters)) {
            selection.cases.push_back(&each);
        }
    }
    for (const std::string& filter : filters) {
        if (std::none_of(selection.cases.begin(), selection.cases.end(),
                         [&](const Case* each) { return matches(each->id, filter); })) {
            selection.errors.push_back(why_nothing(cases, filter));
        }
    }
    return selection;
}

std::vector<std::string> nearest(const std::vector<Case>& cases, std::string_view text) {
    std::set<std::string> names;
    for (const Case& each : cases) {
        names.insert(each.scenario);
    }
    const std::vector<std::string> words(names.begin(), names.end());
    return nearest(words, text.substr(0, text.find('[')));
}

}  // namespace wsproof::conformance
