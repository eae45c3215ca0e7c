#include "report_junit.hpp"

#include <cstdio>
#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "report_format.hpp"

namespace wsproof::conformance {

namespace {

std::string seconds(double ms) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", ms / 1000);
    return text;
}

std::string explain(const CaseResult& result, const Catalogue& catalogue) {
    std::string text = result.reason.empty() ? "" : printable(result.reason) + "\n";
    for (const Finding& finding : result.findings) {
        const Requirement* row = catalogue.requirement(finding.requirement);
        text += std::string(name(finding.verdict)) + ": " + printable(finding.text) + "\n";
        if (row != nullptr) {
            text += "  clause: " + row->clause() + " (" + row->id + ", " + row->level +
                    "): " + row->summary + "\n";
        }
        text += finding.sent.empty() ? "" : "  sent: " + printable(finding.sent) + "\n";
        for (const std::string& expected : finding.expected) {
            text += "  expected: " + printable(expected) + "\n";
        }
        text += "  got: " + printable(finding.got) + "\n";
    }
    return text;
}

enum class Kind : std::uint8_t {
    good,
    failure,
    error,
    skipped,
};

Kind kind_of(const RunResult& run, const CaseResult& result) {
    if (result.behaviour == Behaviour::unsupported || !result.known.empty() ||
        is_allowed(run, result)) {
        return Kind::skipped;
    }
    if (result.behaviour == Behaviour::blocked || result.behaviour == Behaviour::harness_error) {
        return Kind::error;
    }
    return is_failure(result) ? Kind::failure : Kind::good;
}

const char* element(Kind kind) {
    return kind == Kind::failure ? "failure" : kind == Kind::error ? "error" : "skipped";
}

void add_case(pugi::xml_node& suite, const RunResult& run, std::size_t index,
              const Catalogue& catalogue) {
    const Case& played = *run.cases[index];
    const CaseResult& result = run.results[index];
    pugi::xml_node node = suite.append_child("testcase");
    node.append_attribute("classname") = played.suite.c_str();
    node.append_attribute("name") = printable(played.id.substr(played.suite.size() + 1)).c_str();
    node.append_attribute("time") = seconds(result.ms).c_str();
    const Kind kind = kind_of(run, result);
    const std::string text = explain(result, catalogue);
    if (kind != Kind::good) {
        pugi::xml_node child = node.append_child(element(kind));
        const std::string message = !result.known.empty() ? "known failure: " + result.known
                                    : is_allowed(run, result)
                                        ? "allowed: " + std::string(name(result.behaviour))
                                        : played.title;
        child.append_attribute("message") = printable(message).c_str();
        child.append_attribute("type") = std::string(name(result.behaviour)).c_str();
        child.text() = text.c_str();
    } else if (!text.empty()) {
        node.append_child("system-out").text() = text.c_str();
    }
}

struct Counts {
    int tests = 0;
    int failures = 0;
    int errors = 0;
    int skipped = 0;
    double ms = 0;
};

void add(Counts& counts, const RunResult& run, const CaseResult& result) {
    ++counts.tests;
    counts.ms += result.ms;
    const Kind kind = kind_of(run, result);
    counts.failures += kind == Kind::failure ? 1 : 0;
    counts.errors += kind == Kind::error ? 1 : 0;
    counts.skipped += kind == Kind::skipped ? 1 : 0;
}

void set_counts(pugi::xml_node node, const Counts& counts, double ms) {
    node.append_attribute("tests") = counts.tests;
    node.append_attribute("failures") = counts.failures;
    node.append_attribute("errors") = counts.errors;
    node.append_attribute("skipped") = counts.skipped;
    node.append_attribute("time") = seconds(ms).c_str();
}

}  // namespace

std::string junit_report(const RunResult& run, const Catalogue& catalogue) {
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("testsuites");
    root.append_attribute("name") = ("wsproof " + printable(run.target)).c_str();
    std::map<std::string, std::pair<pugi::xml_node, Counts>> suites;
    Counts all;
    for (std::size_t i = 0; i < run.results.size(); ++i) {
        auto& [node, counts] = suites[run.cases[i]->suite];
        if (!node) {
            node = root.append_child("testsuite");
            node.append_attribute("name") = run.cases[i]->suite.c_str();
            node.append_attribute("timestamp") = run.started.c_str();
        }
        add(counts, run, run.results[i]);
        add(all, run, run.results[i]);
        add_case(node, run, i, catalogue);
    }
    for (const auto& [suite, entry] : suites) {
        set_counts(entry.first, entry.second, entry.second.ms);
    }
    set_counts(root, all, run.seconds * 1000);
    std::ostringstream text;
    document.save(text, "  ");
    return text.str();
}

}  // namespace wsproof::conformance
