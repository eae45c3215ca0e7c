// Each of Autobahn's cases has cases of ours that are played for it.
#include "autobahn_plan.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "scenario_load.hpp"
#include "selection.hpp"

namespace wsproof::conformance::test {

namespace {

using Strings = std::vector<std::string>;

struct Known {
    Catalogue catalogue{data_directory()};
    std::vector<std::filesystem::path> suites{scenario_directory()};
    Library library = load(suites, catalogue);

    [[nodiscard]] std::vector<AutobahnNumber> plan(Role peer) const {
        return plan_autobahn(catalogue, library.cases, numbers_of(catalogue), peer);
    }
};

const Known& known() {
    static const Known kKnown;
    return kKnown;
}

Offer offering(const std::string& extensions) {
    return offer_of("GET / HTTP/1.1\r\nSec-WebSocket-Extensions: " + extensions + "\r\n\r\n");
}

std::string played(const std::string& number, const std::string& extensions) {
    for (const AutobahnNumber& each : known().plan(Role::client)) {
        if (each.row->id == number) {
            return first_admitted(each, offering(extensions)).id;
        }
    }
    return "";
}

}  // namespace

TEST_CASE("Autobahn's plan: all 517 can be played with servers and with clients") {
    for (const Role peer : {Role::server, Role::client}) {
        const auto plan = known().plan(peer);
        REQUIRE(plan.size() == 517);
        for (const AutobahnNumber& number : plan) {
            INFO(number.row->id);
            CHECK_FALSE(number.cases.empty());
        }
    }
}

TEST_CASE("Autobahn's plan: what is played says itself that it is like the number") {
    for (const Role peer : {Role::server, Role::client}) {
        for (const AutobahnNumber& number : known().plan(peer)) {
            for (const Case* each : number.cases) {
                INFO(number.row->id << " " << each->id);
                CHECK(std::any_of(each->like.begin(), each->like.end(), [&](const auto& label) {
                    return is_like("autobahn:" + number.row->id, label);
                }));
            }
        }
    }
}

TEST_CASE("Autobahn's plan: a client brings one connection, and is played a case of one") {
    for (const AutobahnNumber& number : known().plan(Role::client)) {
        INFO(number.row->id);
        for (const Case* each : number.cases) {
            CHECK(takes_one_connection(*each));
            CHECK(each->under_test != UnderTest::server);
        }
    }
}

TEST_CASE("Autobahn's plan: a client that cannot be given a window is given none") {
    const std::string able = "permessage-deflate; client_max_window_bits";
    CHECK_THAT(played("13.7.1", able), Catch::Contains("no_context_takeover;%20server_max"));
    CHECK_THAT(played("13.7.1", "permessage-deflate"),
               Catch::Contains("asked=permessage-deflate;%20server_no_context_takeover,"));
    CHECK_FALSE(admits(offering("x"), *known().plan(Role::client).back().cases.front()));
}

TEST_CASE("Autobahn's plan: only what was asked for, and nothing that is not there") {
    const auto plan =
        plan_autobahn(known().catalogue, known().library.cases, {"2.1", "9.1.1"}, Role::server);
    REQUIRE(plan.size() == 2);
    CHECK(plan[0].row->id == "2.1");
    CHECK(plan[0].index == 17);
    CHECK_THROWS_WITH(plan_autobahn(known().catalogue, {}, {"2.1"}, Role::server),
                      Catch::Contains("2.1: there is no case"));
}

}  // namespace wsproof::conformance::test
