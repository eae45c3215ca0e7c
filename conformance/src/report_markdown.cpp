#include "report_markdown.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "report_format.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::size_t kShown = 50;     // failures in whole
constexpr std::size_t kNamed = 500;    // and those that are merely named
constexpr std::size_t kTextMax = 600;  // characters of one line that a peer has a say in
constexpr std::array kColumns = {
    Behaviour::pass,        Behaviour::info,         Behaviour::non_strict, Behaviour::fail,
    Behaviour::crash,       Behaviour::hang,         Behaviour::flaky,      Behaviour::blocked,
    Behaviour::unsupported, Behaviour::harness_error};

// cell is text in a table or a paragraph: every character with a meaning is spelt as an entity.
std::string cell(const std::string& text) {
    constexpr std::string_view kMeaning = "\\`*_{}[]()<>#+-!|&~@:$";
    std::string safe;
    for (const char c : printable(text, Charset::utf8, kTextMax)) {
        safe += kMeaning.find(c) == std::string_view::npos
                    ? std::string(1, c)
                    : "&#" + std::to_string(static_cast<int>(c)) + ";";
    }
    return safe;
}

// fenced is a code block that nothing inside can end.
std::string fenced(const std::string& text) {
    std::size_t longest = 2;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(longest + 1, '`');
    return fence + "text\n" + text + fence + "\n";
}

std::string line(const char* label, const std::string& text) {
    return text.empty() ? "" : label + printable(text, Charset::utf8, kTextMax) + "\n";
}

std::string totals_line(const Totals& totals) {
    std::string text;
    for (const Behaviour behaviour : kColumns) {
        const auto found = totals.behaviour.find(behaviour);
        if (found != totals.behaviour.end() && found->second > 0) {
            text += (text.empty() ? "" : ", ") + std::to_string(found->second) + " " +
                    std::string(name(behaviour));
        }
    }
    return text;
}

struct Row {
    std::string label;
    std::map<Behaviour, std::size_t> counts;
};

std::string section_table(const RunResult& run, const Totals& totals) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < run.results.size(); ++i) {
        const Case& played = *run.cases[i];
        const std::string label = played.suite.substr(0, played.suite.find('/')) + " §" +
                                  played.section + " " + played.suite_title;
        const auto at = std::find_if(rows.begin(), rows.end(),
                                     [&](const Row& row) { return row.label == label; });
        Row& row = at == rows.end() ? rows.emplace_back(Row{label, {}}) : *at;
        ++row.counts[run.results[i].behaviour];
    }
    std::string head = "| section |";
    std::string rule = "|---|";
    for (const Behaviour column : kColumns) {
        if (totals.behaviour.contains(column)) {
            head += " " + std::string(name(column)) + " |";
            rule += "---:|";
        }
    }
    std::string text = head + "\n" + rule + "\n";
    for (const Row& row : rows) {
        text += "| " + cell(row.label) + " |";
        for (const Behaviour column : kColumns) {
            if (totals.behaviour.contains(column)) {
                const auto found = row.counts.find(column);
                text +=
                    found == row.counts.end() ? " |" : " " + std::to_string(found->second) + " |";
            }
        }
        text += "\n";
    }
    return text;
}

std::string failure(const RunResult& run, std::size_t index, const Catalogue& catalogue) {
    const CaseResult& result = run.results[index];
    const Case& played = *run.cases[index];
    std::string text = line("closing   ", std::string(name(result.closing)));
    text += line("reason    ", result.reason);
    for (const Finding& finding : result.findings) {
        const Requirement* row = catalogue.requirement(finding.requirement);
        text += line("finding   ", std::string(name(finding.verdict)) + ": " + finding.text);
        text += row == nullptr ? ""
                               : line("clause    ", row->clause() + " (" + row->id + ", " +
                                                        row->level + "): " + row->summary);
        text += line("sent      ", finding.sent);
        for (const std::string& expected : finding.expected) {
            text += line("expected  ", expected);
        }
        text += line("got       ", finding.got);
    }
    text += line("again     ", replay_command(run, played, result.segment));
    return "<details><summary>" + std::string(name(result.behaviour)) + " " + cell(played.id) +
           ": " + cell(played.title) + "</summary>\n\n" + fenced(text) + "\n</details>\n\n";
}

std::string failures(const RunResult& run, const Catalogue& catalogue) {
    std::string text;
    std::size_t seen = 0;
    for (std::size_t i = 0; i < run.results.size(); ++i) {
        if (!is_news(run.results[i]) || is_allowed(run, run.results[i])) {
            continue;
        }
        ++seen;
        if (seen <= kShown) {
            text += failure(run, i, catalogue);
        } else if (seen <= kShown + kNamed) {
            text += "- " + std::string(name(run.results[i].behaviour)) + " " +
                    cell(run.results[i].id) + "\n";
        }
    }
    if (seen > kShown + kNamed) {
        text += "\nand " + std::to_string(seen - kShown - kNamed) + " more\n";
    }
    return text.empty() ? "" : "### Failures\n\n" + text + "\n";
}

}  // namespace

std::string markdown_report(const RunResult& run, const Catalogue& catalogue) {
    const Totals totals = count(run);
    const bool is_well = exit_code_of(run) == 0;
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.1f", run.seconds);
    std::string text = "## " + std::string(is_well ? "✅" : "❌") + " wsproof: " + cell(run.target) +
                       (is_well ? " conforms" : " does not conform") + "\n\n";
    text += std::to_string(run.results.size()) + " cases in " + seconds +
            " s: " + totals_line(totals) + "\n\n";
    text += run.ended_early.empty() ? "" : "**Ended early:** " + cell(run.ended_early) + "\n\n";
    for (const std::string& death : run.deaths) {
        text += "**The target ended:** " + cell(death) + "\n\n";
    }
    if (totals.known > 0) {
        text += std::to_string(totals.known) + " known failures (baseline), " +
                std::to_string(totals.news) + " new\n\n";
    }
    return text + section_table(run, totals) + "\n" + failures(run, catalogue);
}

}  // namespace wsproof::conformance
