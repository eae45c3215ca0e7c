// A run with one case of each verdict and all that a result can hold, for the tests of reports.
#pragma once

#include "support/runs.hpp"

namespace wsproof::conformance::test {

struct FullRun {
    Played played{made_cases()};

    FullRun() {
        RunResult& run = played.run;
        run.facts = {{"echo", "yes"}};
        run.options = {"--seed", "7"};
        run.command = {"test", run.target};
        run.segments = {"bytes"};
        run.asked = {.filters = {"rfc6455/*"}, .groups = {"core"}, .max_time = 60};
        run.started = "2026-01-02T03:04:05Z";
        run.seconds = 1.5;
        run.jobs = 4;
        for (std::size_t i = 0; i < run.results.size(); ++i) {
            run.results[i].behaviour = static_cast<Behaviour>(i);
            run.results[i].ms = 2.5;
        }
        played.fail(at(Behaviour::fail), "nothing").findings[0].ms = 1.5;
        played.run.results[at(Behaviour::non_strict)].findings = {
            a_finding(Behaviour::non_strict, "late")};
        played.run.results[at(Behaviour::unsupported)].reason = "needs deflate";
        for (CaseResult& result : run.results) {
            fill(result);
        }
    }

    // at: the index of the case with this verdict.
    [[nodiscard]] static std::size_t at(Behaviour behaviour) {
        return static_cast<std::size_t>(behaviour);
    }

  private:
    static std::vector<Case> made_cases() {
        std::vector<Case> cases;
        for (int i = 0; i <= static_cast<int>(Behaviour::harness_error); ++i) {
            Case made = a_case(i < 5 ? "5.4" : "5.10", "case-" + std::to_string(i));
            made.id += "[n=" + std::to_string(i) + "]";
            made.index = cases.size();
            made.like = {"bug:B8", "autobahn:5.6"};
            made.requirements = {"6455-5.4-8"};
            made.why = "Because.";
            made.file = "scenarios/" + made.suite + ".json";
            made.line = 9;
            cases.push_back(made);
        }
        return cases;
    }

    static void fill(CaseResult& result) {
        Entry connects;
        connects.connection = "main";
        connects.summary = "connecting to h";
        Entry sent = connects;
        sent.kind = Entry::Kind::sent;
        sent.ms = 1;
        sent.summary = "Ping 1 byte";
        sent.bytes = {std::byte{0x89}, std::byte{0x01}, std::byte{0x78}};
        sent.size = 3;
        Entry received = sent;
        received.kind = Entry::Kind::received;
        received.ms = 1.25;
        received.summary = "Text 300 bytes";
        received.bytes = std::vector<std::byte>(260, std::byte{0x41});
        received.size = 304;
        received.sha256 = std::string(64, 'a');
        received.first_difference = 17;
        received.inflated = {std::byte{0x42}};
        received.inflated_size = 1;
        Entry ends = connects;
        ends.ms = 2;
        ends.summary = "the peer ends the connection (FIN)";
        ends.ends = "peer";
        result.transcript = {connects, sent, received, ends};
        result.pieces = {{1, "main", true, 3}, {1.25, "main", false, 304}};
        result.close_code = std::uint16_t{1000};
        result.segments = {{"bytes", Behaviour::pass}};
    }
};

}  // namespace wsproof::conformance::test
