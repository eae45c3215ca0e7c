#include "nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace wsproof::conformance {

namespace {

constexpr std::size_t kSuggestionsMax = 3;

// distance is Levenshtein's: O(|a| |b|).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
        }
    }
    return row.back();
}

}  // namespace

std::vector<std::string> nearest(std::span<const std::string> words, std::string_view text) {
    std::vector<std::pair<std::size_t, std::string>> found;
    const std::string_view text_end = text.substr(text.rfind('/') + 1);
    for (const std::string& word : words) {
        const std::string_view word_end = std::string_view(word).substr(word.rfind('/') + 1);
        const std::size_t whole = distance(text, word);
        const std::size_t end = distance(text_end, word_end);
        const bool is_near = whole <= std::max<std::size_t>(2, text.size() / 3) ||
                             end <= std::max<std::size_t>(2, text_end.size() / 3);
        if (is_near) {
            found.emplace_back(std::min(whole, end), word);
        }
    }
    std::sort(found.begin(), found.end());
    std::vector<std::string> best;
    for (const auto& [far, word] : found) {
        if (best.size() < kSuggestionsMax &&
            std::find(best.begin(), best.end(), word) == best.end()) {
            best.push_back(word);
        }
    }
    return best;
}

std::string did_you_mean(const std::vector<std::string>& suggestions) {
    std::string text;
    for (std::size_t i = 0; i < suggestions.size(); ++i) {
        text += i == 0 ? "; did you mean " : i + 1 == suggestions.size() ? " or " : ", ";
        text += suggestions[i];
    }
    return text.empty() ? text : text + "?";
}

}  // namespace wsproof::conformance
