#include "selection.hpp"

#include <algorithm>
#include <set>

#include "nearest.hpp"

namespace wsproof::conformance {

namespace {

// One is a place of a pattern that stands for one character.
struct One {
    bool matches = false;
    std::size_t size = 1;  // in the pattern
};

// one_of reads `[a-z_]`, a set of characters; a bracket that is not closed stands for itself.
One one_of(std::string_view pattern, char c) {
    const std::size_t end = pattern.find(']', 1);
    if (end == std::string_view::npos) {
        return {.matches = c == '['};
    }
    One one{.size = end + 1};
    for (std::size_t at = 1; at < end; ++at) {
        const bool is_range = at + 2 < end && pattern[at + 1] == '-';
        const char last = pattern[is_range ? at + 2 : at];
        one.matches = one.matches || (pattern[at] <= c && c <= last);
        at += is_range ? 2 : 0;
    }
    return one;
}

One one_at(std::string_view pattern, char c, bool has_sets) {
    if (pattern.empty()) {
        return {};
    }
    if (has_sets && pattern.front() == '[') {
        return one_of(pattern, c);
    }
    return {.matches = pattern.front() == '?' || pattern.front() == c};
}

// glob walks both once and returns to the last star on a mismatch.
bool glob(std::string_view text, std::string_view pattern, bool has_sets = false) {
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    std::size_t star = std::string_view::npos;
    std::size_t mark = 0;
    while (at < text.size()) {
        if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
            star = in_pattern++;
            mark = at;
        } else if (const One one = one_at(pattern.substr(in_pattern), text[at], has_sets);
                   one.matches) {
            in_pattern += one.size;
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

bool is_like_any(const Case& each, const std::vector<std::string>& likes) {
    return likes.empty() || std::any_of(likes.begin(), likes.end(), [&](const std::string& like) {
               return std::any_of(each.like.begin(), each.like.end(),
                                  [&](const std::string& label) { return is_like(label, like); });
           });
}

// is_within: "autobahn:6.4" is of the families "autobahn" and "autobahn:6".
bool is_within(std::string_view label, std::string_view family) {
    return label.starts_with(family) &&
           (label.size() == family.size() || label[family.size()] == '.' ||
            label[family.size()] == ':');
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

bool matches_glob(std::string_view text, std::string_view pattern) {
    return glob(text, pattern);
}

bool matches(std::string_view id, std::string_view filter) {
    if (filter.find_first_of("*?") == std::string_view::npos) {
        return id.find(filter) != std::string_view::npos;
    }
    return glob(id, filter) || glob(id.substr(0, id.find('[')), filter);
}

bool is_like(std::string_view label, std::string_view filter) {
    if (filter.find_first_of("*?[") == std::string_view::npos) {
        return is_within(label, filter) || is_within(filter, label);
    }
    return glob(label, filter, true) || glob(std::string(label) + ".", filter, true);
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
                 const std::vector<std::string>& groups, const std::vector<std::string>& likes) {
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
        if (in_groups(each) && matches_any(each, filters) && is_like_any(each, likes)) {
            selection.cases.push_back(&each);
        }
    }
    for (const std::string& like : likes) {
        if (std::none_of(cases.begin(), cases.end(),
                         [&](const Case& each) { return is_like_any(each, {like}); })) {
            selection.errors.push_back("no scenario is like \"" + like + "\"");
        }
    }
    if (!selection.errors.empty()) {
        return selection;
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
