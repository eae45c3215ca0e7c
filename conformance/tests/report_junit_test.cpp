// The report for CI systems.
#include "report_junit.hpp"

#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "support/runs.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;
using Catch::Matchers::Contains;

namespace {

// is_xml_text: only characters of XML 1.0 §2.2 (what is left of UTF-8 once bytes are fine).
bool is_xml_text(const std::string& text) {
    return text.find("\xef\xbf\xbe") == std::string::npos &&
           text.find('\xff') == std::string::npos &&
           std::none_of(text.begin(), text.end(), [](char c) {
               return c >= 0 && c < 0x20 && c != '\n' && c != '\t' && c != '\r';
           });
}

}  // namespace

TEST_CASE("JUnit: a suite for each of ours, a test case for each case, by name") {
    Played played({a_case("5.4", "a"), a_case("5.4", "b"), a_case("5.5", "c")});
    pugi::xml_document xml;
    REQUIRE(xml.load_string(junit_report(played.run, catalogue()).c_str()));
    const pugi::xml_node suites = xml.child("testsuites");
    CHECK(std::string(suites.attribute("tests").value()) == "3");
    CHECK(suites.select_nodes("testsuite").size() == 2);
    const pugi::xml_node first = suites.child("testsuite").child("testcase");
    CHECK(std::string(first.attribute("classname").value()) == "rfc6455/5.4-s");
    CHECK(std::string(first.attribute("name").value()) == "a");
    CHECK_FALSE(first.first_child());
}

TEST_CASE("JUnit: each verdict has its element") {
    const auto [behaviour, element] =
        GENERATE(table<Behaviour, std::string>({{Behaviour::fail, "failure"},
                                                {Behaviour::flaky, "failure"},
                                                {Behaviour::crash, "failure"},
                                                {Behaviour::hang, "failure"},
                                                {Behaviour::blocked, "error"},
                                                {Behaviour::harness_error, "error"},
                                                {Behaviour::unsupported, "skipped"},
                                                {Behaviour::non_strict, "system-out"}}));
    Played played({a_case("5.4", "a")});
    played.run.results[0].behaviour = behaviour;
    played.run.results[0].findings = {a_finding(behaviour, "this came")};
    pugi::xml_document xml;
    REQUIRE(xml.load_string(junit_report(played.run, catalogue()).c_str()));
    const pugi::xml_node child =
        xml.child("testsuites").child("testsuite").child("testcase").first_child();
    CHECK(std::string(child.name()) == element);
    CHECK_THAT(child.text().get(), Contains("this came"));
}

TEST_CASE("JUnit: a known failure is skipped, with the reason") {
    Played played({a_case("5.4", "a")});
    played.fail(0, "this came").known = "not before 2.0";
    const std::string text = junit_report(played.run, catalogue());
    CHECK_THAT(text, Contains("<skipped message=\"known failure: not before 2.0\"") &&
                         Contains("this came") && Contains("skipped=\"1\"") &&
                         Contains("failures=\"0\""));
}

TEST_CASE("JUnit: what --allow puts up with is skipped") {
    Played played({a_case("5.4", "a"), a_case("5.4", "b")});
    played.run.results[0].behaviour = Behaviour::flaky;
    played.run.results[1].behaviour = Behaviour::blocked;
    CHECK_THAT(junit_report(played.run, catalogue()),
               Contains("failures=\"1\"") && Contains("errors=\"1\""));
    played.run.allowed = {.flaky = true, .blocked = true};
    CHECK_THAT(junit_report(played.run, catalogue()),
               Contains("<skipped message=\"allowed: flaky\"") && Contains("failures=\"0\"") &&
                   Contains("errors=\"0\"") && Contains("skipped=\"2\""));
}

TEST_CASE("JUnit: a connection that stays open is a failure") {
    Played played({a_case("5.4", "a")});
    played.run.results[0].closing = Closing::not_closed;
    CHECK_THAT(junit_report(played.run, catalogue()), Contains("<failure"));
}

TEST_CASE("JUnit: what a peer sent is escaped, and nothing that XML forbids is left") {
    Played played({a_case("5.4", "a")});
    played.fail(0, kHostile).reason = kHostile;
    const std::string text = junit_report(played.run, catalogue());
    CHECK(is_xml_text(text));
    CHECK_THAT(text, Contains("\\x1B[2J\\xFF") && !Contains("<&>"));
    pugi::xml_document xml;
    CHECK(xml.load_string(text.c_str()));
}
