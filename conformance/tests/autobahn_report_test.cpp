// index.json and the files beside it, as those know them who read Autobahn's.
#include "autobahn_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>

#include "support/full_run.hpp"

namespace wsproof::conformance::test {

namespace {

using nlohmann::json;

// Judged is one number that was played as one case.
struct Judged {
    AutobahnCase row{.id = "1.1.1", .does = "does it", .play = {}};
    Case played = a_case("5.4", "case");
    CaseResult result = a_result(played, Behaviour::pass);
    Role peer = Role::server;

    [[nodiscard]] AutobahnResult made() const {
        return {.number = &row,
                .index = 1,
                .agent = "An agent/1.0",
                .started = "2026-01-02T03:04:05Z",
                .peer = peer,
                .plays = {{&played, &result}}};
    }
};

std::string behavior(Behaviour behaviour, std::vector<std::string> needs = {},
                     const std::string& reason = "") {
    Judged judged;
    judged.result.behaviour = behaviour;
    judged.result.reason = reason;
    judged.played.needs = std::move(needs);
    return std::string(verdict_of(judged.made()).behavior);
}

std::string closing(Closing how, bool may_fail = false, Behaviour behaviour = Behaviour::pass) {
    Judged judged;
    judged.result.closing = how;
    judged.result.behaviour = behaviour;
    judged.result.close_code = 1000;
    if (may_fail) {
        Step step;
        step.action = ExpectStep{.expectations = {{.what = ExpectFailure{}}}};
        judged.played.steps.push_back(step);
    }
    return std::string(verdict_of(judged.made()).behavior_close);
}

}  // namespace

TEST_CASE("Autobahn's report: each verdict has its word") {
    CHECK(behavior(Behaviour::pass) == "OK");
    CHECK(behavior(Behaviour::info) == "INFORMATIONAL");
    CHECK(behavior(Behaviour::non_strict) == "NON-STRICT");
    for (const Behaviour bad : {Behaviour::fail, Behaviour::flaky, Behaviour::crash,
                                Behaviour::hang, Behaviour::blocked, Behaviour::harness_error}) {
        CHECK(behavior(bad) == "FAILED");
    }
}

TEST_CASE("Autobahn's report: only compression can be unimplemented") {
    CHECK(behavior(Behaviour::unsupported, {"echo", "deflate"},
                   "the target does not offer: deflate") == "UNIMPLEMENTED");
    CHECK(behavior(Behaviour::unsupported, {"echo"}, "the target does not offer: echo") ==
          "FAILED");
    CHECK(behavior(Behaviour::unsupported, {"echo", "deflate"},
                   "the target does not offer: echo") == "FAILED");
}

TEST_CASE("Autobahn's report: how the connection ended has its word") {
    CHECK(closing(Closing::clean) == "OK");
    CHECK(closing(Closing::wrong_code) == "WRONG CODE");
    CHECK(closing(Closing::unclean) == "UNCLEAN");
    CHECK(closing(Closing::no_close_frame) == "UNCLEAN");
    CHECK(closing(Closing::not_closed) == "FAILED BY CLIENT");
    CHECK(closing(Closing::not_judged) == "OK");
    CHECK(closing(Closing::not_judged, false, Behaviour::fail) == "FAILED");
    // Whoever fails the connection may just end it.
    CHECK(closing(Closing::no_close_frame, true) == "OK");
}

TEST_CASE("Autobahn's report: the worst of several cases counts, and one left open is bad") {
    Judged judged;
    const Case other = a_case("5.4", "other");
    CaseResult fails = a_result(other, Behaviour::fail);
    fails.ms = 1.4;
    judged.result.ms = 2.4;
    AutobahnResult result = judged.made();
    CHECK_FALSE(verdict_of(result).is_bad);
    result.plays.push_back({&other, &fails});
    CHECK(verdict_of(result).behavior == "FAILED");
    CHECK(verdict_of(result).is_bad);
    CHECK(verdict_of(result).duration == 4);
    CHECK(verdict_of(result).worst->played == &other);
    judged.result.closing = Closing::not_closed;
    CHECK(verdict_of(judged.made()).is_bad);
}

TEST_CASE("Autobahn's report: files are called as Autobahn calls them") {
    CHECK(report_file("ws v8.1", "1.1.1") == "ws_v8_1_case_1_1_1.json");
    CHECK(report_file(" (Autobahn) ", "12.1.18") == "autobahn_case_12_1_18.json");
    CHECK(file_name("../../etc") == "etc");
}

TEST_CASE("Autobahn's report: index.json has an object by agent and number") {
    Judged judged;
    judged.result.close_code = 1000;
    judged.result.ms = 12.6;
    const std::string text = index_json({judged.made()});
    const json index = json::parse(text);
    CHECK(index == json{{"An agent/1.0",
                         {{"1.1.1",
                           {{"behavior", "OK"},
                            {"behaviorClose", "OK"},
                            {"remoteCloseCode", 1000},
                            {"duration", 13},
                            {"reportfile", "an_agent_1_0_case_1_1_1.json"}}}}}});
    CHECK(text.starts_with("{\n   \"An agent/1.0\": {\n      \"1.1.1\": {\n"));
    judged.result.close_code.reset();
    CHECK(json::parse(index_json({judged.made()}))["An agent/1.0"]["1.1.1"]["remoteCloseCode"]
              .is_null());
    CHECK(index_json({}) == "{}\n");
}

TEST_CASE("Autobahn's report: the file of a case has its wire and what we say of it") {
    const Catalogue catalogue(data_directory());
    Judged judged;
    judged.peer = Role::client;
    judged.result.findings = {a_finding(Behaviour::fail, "nothing")};
    judged.result.behaviour = Behaviour::fail;
    Entry request;
    request.kind = Entry::Kind::received;
    request.summary = "HTTP: GET / HTTP/1.1";
    request.bytes = {std::byte{'G'}, std::byte{'E'}, std::byte{'T'}};
    request.size = 3;
    Entry close;
    close.kind = Entry::Kind::sent;
    close.bytes = {std::byte{0x88}, std::byte{0}};
    close.size = 2;
    Entry end;
    end.ends = "peer";
    judged.result.transcript = {request, close, end};
    const json file = json::parse(case_json(judged.made(), catalogue));
    CHECK(file["id"] == "1.1.1");
    CHECK(file["case"] == 1);
    CHECK(file["isServer"] == true);
    CHECK(file["behavior"] == "FAILED");
    CHECK(file["httpRequest"] == "GET");
    CHECK(file["httpResponse"] == "?");
    CHECK(file["closedByMe"] == true);
    CHECK(file["droppedByMe"] == false);
    CHECK(file["wirelog"] == json::parse(R"([["RO", [3, "474554"]], ["TO", [2, "8800"], false]])"));
    CHECK(file["wsproof"][0]["case"] == judged.played.id);
    CHECK(file["wsproof"][0]["findings"][0]["clause"] == "RFC 6455 §5.4");
}

TEST_CASE("Autobahn's report: a long wire loses its middle") {
    std::vector<Entry> transcript(1000);
    transcript.front().summary = "first";
    transcript.back().summary = "last";
    shorten(transcript);
    CHECK(transcript.size() == 61);
    CHECK(transcript.front().summary == "first");
    CHECK(transcript[30].summary == "940 more");
    CHECK(transcript.back().summary == "last");
    std::vector<Entry> brief(61);
    shorten(brief);
    CHECK(brief.size() == 61);
}

}  // namespace wsproof::conformance::test
