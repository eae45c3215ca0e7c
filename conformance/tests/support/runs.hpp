// A run with one result of each kind, for the tests of reports.
#pragma once

#include <string>
#include <vector>

#include "run_result.hpp"
#include "support/suites.hpp"

namespace wsproof::conformance::test {

inline Case a_case(const std::string& section, const std::string& name) {
    Case made;
    made.suite = "rfc6455/" + section + "-s";
    made.id = made.scenario = made.suite + "/" + name;
    made.section = section;
    made.suite_title = "Title of " + section;
    made.title = "It does " + name;
    return made;
}

inline CaseResult a_result(const Case& played, Behaviour behaviour) {
    CaseResult result;
    result.id = played.id;
    result.behaviour = behaviour;
    result.closing = Closing::clean;
    return result;
}

inline Finding a_finding(Behaviour verdict, const std::string& got) {
    Finding finding;
    finding.verdict = verdict;
    finding.requirement = "6455-5.4-8";
    finding.because = "A20";
    finding.text = "what is wrong";
    finding.sent = "Ping: \"x\"";
    finding.expected = {"a Pong with \"x\"", "the end of TCP"};
    finding.got = got;
    return finding;
}

// Played holds the cases that `run` points to.
struct Played {
    std::vector<Case> cases;
    RunResult run;

    explicit Played(std::vector<Case> all) : cases(std::move(all)) {
        run.target = "ws://h/";
        run.seed = 7;
        for (const Case& each : cases) {
            run.cases.push_back(&each);
            run.results.push_back(a_result(each, Behaviour::pass));
        }
    }
    Played(const Played&) = delete;
    Played& operator=(const Played&) = delete;

    CaseResult& fail(std::size_t index, const std::string& got) {
        run.results[index].behaviour = Behaviour::fail;
        run.results[index].findings = {a_finding(Behaviour::fail, got)};
        return run.results[index];
    }
};

// What a hostile peer may have sent: it moves cursors, is no UTF-8, and is not allowed in XML.
inline const std::string kHostile = "a\x1b[2J\xff\x01\xef\xbf\xbe<&>\"]]>\xe2\x80\xae";

}  // namespace wsproof::conformance::test
