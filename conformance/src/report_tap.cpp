#include "report_tap.hpp"

#include "report_format.hpp"

namespace wsproof::conformance {

namespace {

// escaped: a number sign begins a directive (TAP 14, "Escaping").
std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : printable(text)) {
        safe += c == '#' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    }
    return safe;
}

// quoted is a YAML scalar in single quotes; printable() leaves it on one line.
std::string quoted(const std::string& text) {
    std::string scalar = "'";
    for (const char c : printable(text)) {
        scalar += c == '\'' ? std::string("''") : std::string(1, c);
    }
    return scalar + "'";
}

std::string directive(const RunResult& run, const CaseResult& result) {
    if (result.behaviour == Behaviour::unsupported) {
        return " # SKIP " + escaped(result.reason);
    }
    if (!result.known.empty()) {
        return " # TODO known failure: " + escaped(result.known);
    }
    return is_allowed(run, result) ? " # TODO allowed: " + std::string(name(result.behaviour)) : "";
}

std::string details(const RunResult& run, std::size_t index, const Catalogue& catalogue) {
    const CaseResult& result = run.results[index];
    const Case& played = *run.cases[index];
    std::string text = "  ---\n  verdict: " + std::string(name(result.behaviour)) +
                       "\n  closing: " + std::string(name(result.closing)) +
                       "\n  title: " + quoted(played.title) + "\n";
    text += result.reason.empty() ? "" : "  reason: " + quoted(result.reason) + "\n";
    text += result.findings.empty() ? "" : "  findings:\n";
    for (const Finding& finding : result.findings) {
        const Requirement* row = catalogue.requirement(finding.requirement);
        text += "    - text: " + quoted(finding.text) + "\n";
        text += "      verdict: " + std::string(name(finding.verdict)) + "\n";
        if (row != nullptr) {
            text += "      clause: " + quoted(row->clause() + " (" + row->id + ")") + "\n";
            text += "      requirement: " + quoted(row->summary) + "\n";
        }
        text += finding.sent.empty() ? "" : "      sent: " + quoted(finding.sent) + "\n";
        text += finding.expected.empty() ? "" : "      expected:\n";
        for (const std::string& expected : finding.expected) {
            text += "        - " + quoted(expected) + "\n";
        }
        text += "      got: " + quoted(finding.got) + "\n";
    }
    text += "  replay: " + quoted(replay_command(run, played, result.segment)) + "\n";
    return text + "  ...\n";
}

}  // namespace

std::string tap_report(const RunResult& run, const Catalogue& catalogue) {
    std::string text = "TAP version 14\n1.." + std::to_string(run.results.size()) + "\n";
    text += "# target: " + printable(run.target) + "\n";
    for (std::size_t i = 0; i < run.results.size(); ++i) {
        const CaseResult& result = run.results[i];
        text += is_failure(result) ? "not ok " : "ok ";
        text += std::to_string(i + 1) + " - " + escaped(result.id) + directive(run, result) + "\n";
        if (is_failure(result) || !result.findings.empty()) {
            text += details(run, i, catalogue);
        }
    }
    text += run.ended_early.empty() ? "" : "Bail out! " + escaped(run.ended_early) + "\n";
    return text;
}

}  // namespace wsproof::conformance
