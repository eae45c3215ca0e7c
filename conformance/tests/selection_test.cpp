// Filters and groups, and what somebody who mistyped one may have meant.
#include "selection.hpp"

#include <catch2/catch.hpp>

#include "nearest.hpp"

using namespace wsproof::conformance;
using Catch::Matchers::Contains;
using Strings = std::vector<std::string>;

namespace {

std::vector<Case> some_cases() {
    std::vector<Case> cases(3);
    cases[0].id = "rfc6455/5.4-fragmentation/two-fragments[cut=whole]";
    cases[0].scenario = "rfc6455/5.4-fragmentation/two-fragments";
    cases[1].id = cases[1].scenario = "rfc6455/5.5.2-ping/ping-is-answered";
    cases[2].id = cases[2].scenario = "rfc6455/5.5.2-ping/slow-ping";
    cases[2].group = "timers";
    return cases;
}

std::size_t selected(const Strings& filters, const Strings& groups) {
    return select(some_cases(), filters, groups).cases.size();
}

std::string refused(const Strings& filters, const Strings& groups) {
    const Selection selection = select(some_cases(), filters, groups);
    return selection.errors.empty() ? "" : selection.errors.front();
}

}  // namespace

TEST_CASE("Selection: a filter without wildcards is a part of the id") {
    CHECK(matches("a/b-ping/c[size=1]", "ping"));
    CHECK(matches("a/b-ping/c[size=1]", "c[size=1]"));
    CHECK_FALSE(matches("a/b-ping/c", "pong"));
}

TEST_CASE("Selection: a glob covers the whole id, or all of it but the parameters") {
    CHECK(matches("rfc6455/5.4-x/y[a=1]", "rfc6455/5.4*"));
    CHECK(matches("rfc6455/5.4-x/y[a=1]", "*/y"));
    CHECK(matches("rfc6455/5.4-x/y[a=1]", "*[a=?]"));
    CHECK_FALSE(matches("rfc6455/5.4-x/y", "5.4*"));
    CHECK_FALSE(matches("rfc6455/5.4-x/y[a=1]", "*[a=2]"));
}

TEST_CASE("Selection: groups and filters both have to hold") {
    CHECK(selected({}, {"core"}) == 2);
    CHECK(selected({}, {"all"}) == 3);
    CHECK(selected({"ping"}, {"core"}) == 1);
    CHECK(selected({"ping", "two"}, {"core", "timers"}) == 3);
}

TEST_CASE("Selection: a filter or group that selects nothing says what to do") {
    CHECK_THAT(refused({"two-fragmens"}, {"core"}), Contains("two-fragments?"));
    CHECK_THAT(refused({"slow-ping"}, {"core"}), Contains("--group timers"));
    CHECK_THAT(refused({}, {"timer"}), Contains("did you mean timers?"));
    CHECK_THAT(refused({"ping", "zzzzzzzz"}, {"core"}), Contains("zzzzzzzz"));
}

TEST_CASE("Selection: a likeness names a label, its family or a member of it") {
    CHECK(is_like("autobahn:6.4.1", "autobahn:6.4.1"));
    CHECK(is_like("autobahn:6.4.1", "autobahn"));
    CHECK(is_like("autobahn:6.4.1", "autobahn:6"));
    CHECK(is_like("autobahn:12.1", "autobahn:12.1.18"));
    CHECK_FALSE(is_like("autobahn:12.1", "autobahn:1"));
    CHECK_FALSE(is_like("autobahn:6.4.1", "autobahn:6.4.11"));
    CHECK_FALSE(is_like("bug:B8", "autobahn"));
}

TEST_CASE("Selection: a glob over likenesses knows sets of characters") {
    CHECK(is_like("autobahn:5.6", "autobahn:[1-7].*"));
    CHECK(is_like("autobahn:12", "autobahn:12.*"));
    CHECK(is_like("bug:B8", "bug:[AB]?"));
    CHECK_FALSE(is_like("autobahn:9.1", "autobahn:[1-7].*"));
    CHECK_FALSE(is_like("autobahn:10.1.1", "autobahn:[1-7].*"));
    CHECK_FALSE(is_like("autobahn:5.6", "autobahn:[1-7"));
}

TEST_CASE("Selection: likeness is one more condition") {
    std::vector<Case> cases = some_cases();
    cases[1].like = {"autobahn:2.1", "bug:B8"};
    cases[2].like = {"autobahn:2.2"};
    CHECK(select(cases, {}, {"all"}, {"autobahn:2"}).cases.size() == 2);
    CHECK(select(cases, {}, {"core"}, {"autobahn:2"}).cases.size() == 1);
    CHECK(select(cases, {"slow"}, {"all"}, {"bug:*", "autobahn:2.2"}).cases.size() == 1);
    CHECK_THAT(select(cases, {}, {"all"}, {"autobahn:3"}).errors.at(0), Contains("autobahn:3"));
}

TEST_CASE("Nearest: at most three, the best first, and nothing that is far off") {
    const Strings words = {"--json", "--junit", "--jobs", "--group", "--seed"};
    CHECK(nearest(words, "--jsn").front() == "--json");
    CHECK(nearest(words, "--group") == Strings{"--group"});
    CHECK(nearest(words, "--entirely-different").empty());
    CHECK(nearest(Strings{"ab", "ac", "ad", "ae"}, "a") == Strings{"ab", "ac", "ad"});
}

TEST_CASE("Nearest: suggestions read as a question") {
    CHECK(did_you_mean({}) == "");
    CHECK(did_you_mean({"a"}) == "; did you mean a?");
    CHECK(did_you_mean({"a", "b", "c"}) == "; did you mean a, b or c?");
}
