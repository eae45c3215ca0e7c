// What drivers ask of a fuzzingserver.
#include "autobahn_request.hpp"

#include <catch2/catch.hpp>

namespace wsproof::conformance::test {

namespace {

using Catch::Matchers::Contains;
using What = DriverRequest::What;

DriverRequest asked(std::string_view target) {
    return read_driver_request(target, {"1.1.1", "1.1.2", "12.1.1"});
}

}  // namespace

TEST_CASE("Autobahn's driver: each of its endpoints is known") {
    CHECK(asked("/getCaseCount").what == What::case_count);
    CHECK(asked("/getCaseInfo?case=1").what == What::case_info);
    CHECK(asked("/getCaseStatus?case=1&agent=a").what == What::case_status);
    CHECK(asked("/runCase?case=1&agent=a").what == What::run_case);
    CHECK(asked("/updateReports?agent=a").what == What::update_reports);
    CHECK(asked("/stopServer").what == What::stop_server);
    CHECK(asked("/getCaseCount").status == 0);
}

TEST_CASE("Autobahn's driver: a case is named by its place, from 1, or by its number") {
    CHECK(asked("/runCase?case=1&agent=a").index == 0U);
    CHECK(asked("/runCase?agent=a&case=3").index == 2U);
    CHECK(asked("/runCase?casetuple=12.1.1&agent=a").index == 2U);
    CHECK_FALSE(asked("/updateReports?agent=a").index.has_value());
}

TEST_CASE("Autobahn's driver: an agent may be encoded") {
    CHECK(asked("/updateReports?agent=a%2Fb%20c+d").agent == "a/b c d");
    CHECK(asked("/updateReports?agent=100%").agent == "100%");
    CHECK(asked("/updateReports?agent=a&shutdownOnComplete=true").shuts_down);
    CHECK_FALSE(asked("/updateReports?agent=a&shutdownOnComplete=no").shuts_down);
}

TEST_CASE("Autobahn's driver: what nobody serves is refused, with the reason") {
    CHECK(asked("/").status == 404);
    CHECK_THAT(asked("/getCaseCont").refusal, Contains("did you mean /getCaseCount"));
    CHECK(asked("/runCase?case=1").status == 400);
    CHECK_THAT(asked("/runCase?case=1").refusal, Contains("agent"));
    CHECK_THAT(asked("/runCase?agent=a").refusal, Contains("needs a case"));
    CHECK_THAT(asked("/runCase?case=1&agent=").refusal, Contains("needs an agent"));
    CHECK_THAT(asked("/getCaseStatus?case=1").refusal, Contains("needs an agent"));
    CHECK_THAT(asked("/runCase?case=4&agent=a").refusal, Contains("no case 4 (3 are played)"));
    CHECK(asked("/runCase?case=0&agent=a").status == 400);
    CHECK(asked("/runCase?case=1x&agent=a").status == 400);
    CHECK(asked("/runCase?case=-1&agent=a").status == 400);
    CHECK_THAT(asked("/runCase?casetuple=1.1.3&agent=a").refusal, Contains("is not played"));
    CHECK_THAT(asked("/runCase?case=1&agnet=a").refusal, Contains("did you mean agent?"));
    CHECK_THAT(asked("/runCase?case=1&case=2&agent=a").refusal, Contains("twice"));
}

}  // namespace wsproof::conformance::test
