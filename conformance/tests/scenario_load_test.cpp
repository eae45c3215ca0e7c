// Suites: parameters, conditions, repetition, ids, and every error of every file.
#include "scenario_load.hpp"

#include <catch2/catch.hpp>

#include "match_head.hpp"
#include "support/suites.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;
using Catch::Matchers::Contains;
using Strings = std::vector<std::string>;

namespace {

const std::string kPing = R"("steps": [{"send": {"frame": "ping"}}])";

Library loaded(const std::string& scenarios) {
    const Suites suites;
    suites.write_scenarios(scenarios);
    return suites.load();
}

}  // namespace

TEST_CASE("Load: the library in the tree has no errors, and many cases") {
    const std::vector<std::filesystem::path> paths = {scenario_directory()};
    const Library library = load(paths, catalogue());
    CHECK(told(library) == "");
    CHECK(library.cases.size() >= 150);
}

TEST_CASE("Load: an object of parameters gives all combinations, in the order written") {
    const Library library = loaded(
        scenario("s", R"("for": {"b": [1, 2], "a": ["x", "y"]}, "steps": [{"send": {"frame": "ping",
            "payload": "${a}${b}"}}])"));
    CHECK(told(library) == "");
    CHECK(ids(library) == Strings{"t/suite/s[b=1,a=x]", "t/suite/s[b=1,a=y]", "t/suite/s[b=2,a=x]",
                                  "t/suite/s[b=2,a=y]"});
}

TEST_CASE("Load: a list of parameters is their union") {
    const Library library =
        loaded(scenario("s", R"("for": [{"a": [1, 2]}, {"a": [5]}], "steps": [{"send": {"frame":
            "ping", "payload": {"fill": "x", "size": "${a}"}}}])"));
    CHECK(told(library) == "");
    CHECK(ids(library) == Strings{"t/suite/s[a=1]", "t/suite/s[a=2]", "t/suite/s[a=5]"});
}

TEST_CASE("Load: odd characters in a value are quoted in the id") {
    const Library library = loaded(
        scenario("s", R"("for": {"a": ["b c", "]"]}, "steps": [{"send": {"raw": "${a}"}}])"));
    CHECK(ids(library) == Strings{"t/suite/s[a=b%20c]", "t/suite/s[a=%5D]"});
}

TEST_CASE("Load: a parameter alone keeps its type, inside text it is text") {
    const Library library = loaded(
        scenario("s", R"("for": {"n": [3]}, "steps": [{"send": {"frame": "text", "rsv": "${n}",
            "payload": "${n} of ${n}"}}])"));
    REQUIRE(told(library) == "");
    const auto& send = std::get<SendStep>(library.cases.at(0).steps.at(0).action);
    const auto& frame = std::get<FrameSpec>(send.items.at(0).what);
    CHECK(frame.rsv == 3);
    CHECK(frame.payload.recipe == "3 of 3");
}

TEST_CASE("Load: when drops steps, items and expectations") {
    const Library library = loaded(scenario("s", R"("for": {"a": ["x", "y"]}, "steps": [
        {"send": [{"frame": "ping", "when": "${a} == x"}, {"frame": "pong"}]},
        {"fence": "ping", "when": "${a} != x"},
        {"expect": {"any": [{"pong": ""}, {"eof": true, "when": "${a} == x"}]}}])"));
    REQUIRE(told(library) == "");
    const Case& x = library.cases.at(0);
    const Case& y = library.cases.at(1);
    CHECK(x.steps.size() == 2);
    CHECK(y.steps.size() == 3);
    CHECK(std::get<SendStep>(x.steps[0].action).items.size() == 2);
    CHECK(std::get<SendStep>(y.steps[0].action).items.size() == 1);
    CHECK(std::get<ExpectStep>(x.steps[1].action).expectations.size() == 2);
    CHECK(std::get<ExpectStep>(y.steps[2].action).expectations.size() == 1);
}

TEST_CASE("Load: repeat is unrolled with its index") {
    const Library library = loaded(scenario("s", R"("steps": [{"repeat": 3, "steps": [
        {"send": {"frame": "ping", "payload": "n${index}"}}]}])"));
    REQUIRE(told(library) == "");
    const auto& steps = library.cases.at(0).steps;
    REQUIRE(steps.size() == 3);
    const auto& last = std::get<SendStep>(steps[2].action).items.at(0);
    CHECK(std::get<FrameSpec>(last.what).payload.recipe == "n2");
}

TEST_CASE("Load: what is not JSON is told with its line and column") {
    const Suites suites;
    suites.write("t/suite", "{\n  \"suite\": oops\n}");
    const Library library = suites.load();
    REQUIRE(library.errors.size() == 1);
    CHECK(library.errors[0].pointer == "line 2, column 12");
    CHECK_THAT(library.errors[0].reason, Contains("not JSON"));
    CHECK_THAT(library.errors[0].file, Contains("suite.json"));
}

TEST_CASE("Load: a key that nobody knows is an error, wherever it stands") {
    const std::string where =
        GENERATE(R"("steps": [{"send": {"frame": "ping"}, "on_": "x"}])",
                 R"("steps": [{"send": {"frame": "ping", "finn": true}}])",
                 R"("steps": [{"send": {"frame": "ping", "payload": {"hex": "00", "sise": 1}}}])",
                 R"("steps": [{"expect": {"message": "text", "paylod": "x"}}])",
                 R"("steps": [{"request": {"methd": "GET"}}])",
                 R"("stepps": [], "steps": [{"canary": true}])");
    CAPTURE(where);
    const Library library = loaded(scenario("s", where));
    CHECK_THAT(told(library), Contains("nothing here is called"));
}

TEST_CASE("Load: every error of a file is told, each at its place") {
    const Library library = loaded(
        scenario("a", R"("titel": "", "steps": [{"sned": 1}, {"send": {"frame": "pnig"}}])") + "," +
        scenario("b", R"("needs": ["magic"], "group": "huge", "steps": [{"canary": true}])"));
    const std::string text = told(library);
    CHECK_THAT(text, Contains("/scenarios/0/steps/0"));
    CHECK_THAT(text, Contains("/scenarios/0/steps/1/send/frame"));
    CHECK_THAT(text, Contains("/scenarios/0: nothing here is called \"titel\""));
    CHECK_THAT(text, Contains("/scenarios/1/needs"));
    CHECK_THAT(text, Contains("/scenarios/1/group"));
}

TEST_CASE("Load: an error of the suite itself hides none of its scenarios") {
    const Suites suites;
    suites.write("t/suite", R"({"suite": "t/suite", "version": 1, "section": "1", "title": "T",
        "extra": 1, "scenarios": [)" +
                                scenario("s", R"("steps": [{"sned": 1}])") + "]}");
    const std::string text = told(suites.load());
    CHECK_THAT(text, Contains("\"extra\"") && Contains("/scenarios/0/steps/0"));
}

TEST_CASE("Load: of a suite without a folder in its name it is told how one is called") {
    const Suites suites;
    suites.write("mine", R"({"suite": "mine", "version": 1, "section": "1", "title": "T",
        "scenarios": [)" + scenario("s", R"("steps": [{"pause_ms": 1}])") +
                             "]}");
    CHECK_THAT(told(suites.load()), Contains("/suite: \"mine\" is no name") && Contains("FOLDER"));
}

TEST_CASE("Load: a mistyped word is told beside the one that is missing for it") {
    const std::string text = told(
        loaded(R"({"id": "s", "titel": "T", "requires": ["6455-5.4-8"], "steps": [{"sned": 1}]})"));
    CHECK_THAT(text, Contains("has a \"title\"") && Contains("called \"titel\""));
    CHECK_THAT(text, Contains("called \"sned\""));
}

TEST_CASE("Load: errors of several files are told together") {
    const Suites suites;
    suites.write("t/one", "[");
    suites.write("t/two", "{}");
    const Library library = suites.load();
    CHECK_THAT(library.errors.front().file, Contains("one.json"));
    CHECK_THAT(library.errors.back().file, Contains("two.json"));
}

TEST_CASE("Load: what a scenario says of itself has to be true") {
    const auto refused = [](const std::string& rest) { return told(loaded(scenario("s", rest))); };
    CHECK_THAT(refused(R"("like": ["bug:Z999"], )" + kPing), Contains("bug:Z999"));
    CHECK_THAT(refused(R"("steps": [{"expect": {"eof": true}, "requires": "6455-1-999"}])"),
               Contains("6455-1-999"));
    CHECK_THAT(refused(R"("steps": [{"send": {"raw": "${nobody}"}}])"), Contains("${nobody}"));
    CHECK_THAT(refused(R"("steps": [{"send": {"raw": {"hex": "0"}}}])"), Contains("hex digits"));
    CHECK_THAT(refused(R"("steps": [{"send": {"raw": {"fill": 7, "size": 1}}}])"),
               Contains("/steps/0/send/raw"));
    CHECK_THAT(
        told(loaded(R"({"id": "s", "title": "T", "requires": ["6455-1-999"], )" + kPing + "}")),
        Contains("no row of the requirement catalogue"));
}

TEST_CASE("Load: neither long words nor deep nesting are the loader's end") {
    const std::string word(1'000'000, 'a');
    CHECK_THAT(told(loaded(scenario(word, kPing))), Contains("/scenarios/0/id"));
    CHECK_THAT(told(loaded(scenario(
                   "s", R"("steps": [{"send": {"frame": "ping", "key": ")" + word + R"("}}])"))),
               Contains("/key"));
    const Suites suites;
    std::string deep;
    for (int i = 0; i < 100'000; ++i) {
        deep += "[";
    }
    suites.write("t/deep", deep + std::string(100'000, ']'));
    CHECK_THAT(told(suites.load()), Contains("nested deeper"));
}

TEST_CASE("Load: an offence comes once on a connection") {
    const std::string twice = R"("steps": [{"send": {"frame": 3, "offence": true}},
        {"send": {"frame": 4, "offence": true}}])";
    CHECK_THAT(told(loaded(scenario("s", twice))), Contains("second offence"));
    const std::string apart = R"("steps": [{"send": {"frame": 3, "offence": true}},
        {"on": "other", "send": {"frame": 4, "offence": true}}])";
    CHECK(told(loaded(scenario("s", apart))) == "");
}

TEST_CASE("Load: ids are unique, and a suite is called as its path") {
    CHECK_THAT(told(loaded(scenario("s", kPing) + "," + scenario("s", kPing))),
               Contains("/scenarios/1/id: \"s\" is there twice"));
    const Suites suites;
    suites.write("t/elsewhere", R"({"suite": "t/suite", "version": 1, "section": "1",
        "title": "T", "scenarios": []})");
    CHECK_THAT(told(suites.load()), Contains("\"t/elsewhere\", not \"t/suite\""));
}

TEST_CASE("Load: what is not there is an error, not an empty library") {
    const std::vector<std::filesystem::path> paths = {"/no/such/place"};
    CHECK_THAT(told(load(paths, catalogue())), Contains("cannot be read"));
    const Suites empty;
    CHECK_THAT(told(empty.load()), Contains("no suites"));
}

TEST_CASE("Load: sections are in order of their numbers") {
    const Suites suites;
    for (const std::string section : {"10.4", "5.10", "5.4"}) {
        suites.write("t/s" + section, R"({"suite": "t/s)" + section +
                                          R"(", "version": 1, "title": "T", "section": ")" +
                                          section + R"(", "scenarios": [)" + scenario("s", kPing) +
                                          "]}");
    }
    CHECK(ids(suites.load()) == Strings{"t/s5.4/s", "t/s5.10/s", "t/s10.4/s"});
}

TEST_CASE("Load: what a client is asked for, and how it is answered") {
    const Library library = loaded(scenario("s", R"("under_test": "client",
        "client": {"resource": "/a?b", "action": "close:1000:bye", "subprotocols": ["x", "y"],
                   "deflate": false, "headers": ["A: b"]},
        "steps": [{"expect": {"request": {"target": "/a?b", "headers": {"A": {"is": "b"}}}}},
                  {"respond": {"status": 404, "reason": "No", "version": "HTTP/1.0", "offence": true,
                               "before": "x", "set": {"Upgrade": "no"}, "remove": ["Connection"],
                               "then": [{"frame": "ping"}]}, "cut": "bytes"}])"));
    REQUIRE(told(library) == "");
    const Case& each = library.cases.at(0);
    CHECK(each.client.resource == "/a?b");
    CHECK(each.client.action == "close:1000:bye");
    CHECK(each.client.subprotocols == Strings{"x", "y"});
    CHECK(each.client.deflate == false);
    CHECK(each.client.headers == Strings{"A: b"});
    const auto& expect = std::get<ExpectStep>(each.steps.at(0).action);
    const auto& request = std::get<ExpectRequest>(expect.expectations.at(0).what);
    CHECK(request.target == "/a?b");
    CHECK(request.headers.at(0).name == "A");
    const auto& respond = std::get<RespondStep>(each.steps.at(1).action);
    CHECK(respond.status == 404);
    CHECK(respond.reason == "No");
    CHECK(respond.version == "HTTP/1.0");
    CHECK(respond.offence);
    CHECK(respond.before.has_value());
    CHECK(respond.set.at(0).first == "Upgrade");
    CHECK(respond.remove == Strings{"Connection"});
    CHECK(respond.then.size() == 1);
    CHECK(respond.cut.kind == Cut::Kind::bytes);
}

TEST_CASE("Load: a deflate step holds what a server is offered and a client is answered") {
    const Library library = loaded(scenario("s", R"("under_test": "either", "needs": ["deflate"],
        "steps": [{"deflate": {"offer": "permessage-deflate; client_max_window_bits=9",
                               "agreed": {"client_max_window_bits": {"is": "9"}}}}])"));
    REQUIRE(told(library) == "");
    const auto& deflate = std::get<DeflateStep>(library.cases.at(0).steps.at(0).action);
    CHECK(deflate.negotiation.size() == 2);
    REQUIRE(deflate.parameters.size() == 1);
    CHECK(deflate.parameters[0].first == "client_max_window_bits");
    CHECK(deflate.parameters[0].second == "9");
    CHECK(deflate.agreed.at(0).value == "9");
}

TEST_CASE("Load: mistakes in what clients are asked for and answered have their place") {
    const auto error = [](const std::string& rest) {
        return told(loaded(scenario("s", R"("under_test": "client", )" + rest)));
    };
    CHECK_THAT(error(R"("client": {"colour": 1}, "steps": [{"respond": true}])"),
               Contains("/scenarios/0/client: nothing here is called \"colour\""));
    CHECK_THAT(error(R"("steps": [{"respond": {"status": 1000}}])"),
               Contains("/scenarios/0/steps/0/respond/status"));
    CHECK_THAT(error(R"("client": {"action": "dance"}, "steps": [{"respond": true}])"),
               Contains("/scenarios/0/client/action"));
    CHECK_THAT(error(R"("steps": [{"respond": {"offence": true}},
                        {"send": {"frame": 3, "offence": true}}])"),
               Contains("second offence"));
}

TEST_CASE("Load: a header may be held to what stands in it, or does not") {
    const Library library = loaded(scenario("s", R"("under_test": "client",
        "steps": [{"expect": {"request": {"headers": {"A": {"contains": "x"},
                                                       "B": {"lacks": "x"}}}}},
                  {"respond": {"set": {"C": "${accept} ${miscased_accept} ${subprotocol}"}}}])"));
    REQUIRE(told(library) == "");
    const auto& expect = std::get<ExpectStep>(library.cases.at(0).steps.at(0).action);
    const auto& rules = std::get<ExpectRequest>(expect.expectations.at(0).what).headers;
    REQUIRE(rules.size() == 2);
    CHECK(holds(rules[0], {"a", "wxyz"}));
    CHECK_FALSE(holds(rules[0], {"a"}));
    CHECK_FALSE(holds(rules[0], {}));
    CHECK(holds(rules[1], {"a"}));
    CHECK(holds(rules[1], {}));
    CHECK_FALSE(holds(rules[1], {"a", "wxyz"}));
}
