// Who meets whom at the desk: no sockets are open, and nobody waits.
#include "client_desk.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "player.hpp"

namespace wsproof::conformance::test {

namespace {

using Catch::Matchers::Contains;
using Kind = ClientDesk::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

wire::ByteString bytes(std::string_view text) {
    const auto* first = reinterpret_cast<const std::byte*>(text.data());
    return {first, first + text.size()};
}

struct Scene {
    net::Interrupt interrupt;
    ClientDesk desk{seconds(60), milliseconds(0)};

    Json ask(PageRequest request) {
        request.what = PageRequest::What::next;
        if (request.page.empty()) {
            request.page = "p1";
        }
        return desk.next(request);
    }
    Visit::Arrival await(std::uint64_t number) { return desk.await_ordered(number, interrupt); }
};

}  // namespace

TEST_CASE("Desk: who comes first decides of which kind the run is") {
    SECTION("a client that walks in") {
        Scene scene;
        CHECK(scene.desk.kind() == Kind::unknown);
        CHECK(scene.desk.expects());
        scene.desk.arrive({}, bytes("one"));
        scene.desk.arrive({}, bytes("two"));
        CHECK(scene.desk.await_kind(scene.interrupt) == Kind::walk_in);
        CHECK(scene.desk.await_walk_in(scene.interrupt).read == bytes("one"));
        CHECK(scene.desk.await_walk_in(scene.interrupt).read == bytes("two"));
        CHECK_THAT(scene.ask({}).at("refusal").get<std::string>(), Contains("by itself"));
        CHECK(scene.desk.kind() == Kind::walk_in);
    }
    SECTION("a page") {
        Scene scene;
        CHECK_FALSE(scene.ask({.host = "h:1", .browser = "B/1"}).contains("refusal"));
        CHECK(scene.desk.await_kind(scene.interrupt) == Kind::page);
        CHECK(scene.desk.host() == "h:1");
        CHECK(scene.desk.browser() == "B/1");
        CHECK_FALSE(scene.desk.expects());  // nothing has been ordered
        scene.desk.arrive({}, bytes("lost"));
        CHECK(scene.desk.kind() == Kind::page);
    }
}

TEST_CASE("Desk: a page opens one connection at a time, and each goes to who ordered it") {
    Scene scene;
    CHECK_FALSE(scene.ask({}).contains("open"));
    const auto first = scene.desk.order({.resource = "/1"});
    const auto second = scene.desk.order({.resource = "/2"});
    CHECK(scene.ask({}).at("open").at("path") == "/1");
    CHECK_FALSE(scene.ask({}).contains("open"));  // the first is not here yet
    CHECK(scene.desk.expects());
    scene.desk.arrive({}, bytes("1"));
    CHECK_FALSE(scene.desk.expects());
    CHECK(scene.ask({}).at("open").at("path") == "/2");
    scene.desk.arrive({}, bytes("2"));
    CHECK(scene.await(second).read == bytes("2"));
    CHECK(scene.await(first).read == bytes("1"));
}

TEST_CASE("Desk: what the browser refuses is declined, what gets lost can be ordered again") {
    Scene scene;
    const auto first = scene.desk.order({});
    CHECK(scene.ask({}).contains("open"));
    CHECK_FALSE(scene.ask({.refused = first, .why = "SyntaxError"}).contains("open"));
    CHECK_THROWS_WITH(scene.await(first), Contains("SyntaxError"));

    const auto second = scene.desk.order({});
    CHECK(scene.ask({}).contains("open"));
    CHECK_FALSE(scene.ask({.lost = second}).contains("open"));
    const auto arrival = scene.await(second);
    CHECK(arrival.read.empty());
    CHECK_THAT(arrival.why, Contains("before its request"));
}

TEST_CASE("Desk: a connection that has come about is not taken back, and old news is none") {
    Scene scene;
    const auto first = scene.desk.order({});
    const auto second = scene.desk.order({});
    CHECK(scene.ask({}).contains("open"));
    scene.desk.arrive({}, bytes("1"));
    CHECK(scene.ask({.lost = first}).contains("open"));  // the case refused the handshake
    CHECK_FALSE(scene.ask({.refused = 77, .lost = first}).contains("open"));
    scene.desk.arrive({}, bytes("2"));
    CHECK(scene.await(first).read == bytes("1"));
    CHECK(scene.await(second).read == bytes("2"));
}

TEST_CASE("Desk: the page that is opened last plays; it has all verdicts, and the other hears so") {
    Scene scene;
    scene.desk.tell("one");
    CHECK(scene.ask({}).at("verdicts") == Json{"one"});
    CHECK(scene.ask({.since = 1}).at("verdicts").empty());
    const auto number = scene.desk.order({});
    CHECK(scene.ask({.since = 1}).contains("open"));
    const Json other = scene.ask({.page = "p2"});
    CHECK(other.at("verdicts") == Json{"one"});
    CHECK_FALSE(other.contains("open"));
    CHECK_THAT(scene.await(number).why, Contains("anew"));
    CHECK_THAT(scene.ask({.page = "p1", .since = 1}).at("refusal").get<std::string>(),
               Contains("taken over"));
    CHECK(scene.ask({.page = "p2", .since = 9}).at("verdicts").empty());
}

TEST_CASE("Desk: the outcome comes with the last verdict, and then nobody is waited for") {
    Scene scene;
    static_cast<void>(scene.ask({}));
    for (int i = 0; i < 201; ++i) {
        scene.desk.tell(i);
    }
    scene.desk.finish({{"code", 1}}, milliseconds(0));
    const Json first = scene.ask({});
    CHECK_FALSE(first.contains("outcome"));
    const Json last = scene.ask({.since = first.at("verdicts").size()});
    CHECK(first.at("verdicts").size() + last.at("verdicts").size() == 201);
    CHECK(last.at("outcome").at("code") == 1);
    scene.desk.finish({{"code", 1}}, seconds(100));  // it has been heard
}

TEST_CASE("Desk: who stays away for too long ends the run for all cases") {
    const net::Interrupt interrupt;
    ClientDesk desk(seconds(0), milliseconds(0));
    const auto why = [&](auto&& wait) -> std::string {
        try {
            wait();
        } catch (const OutOfTime& what) {
            return what.why;
        }
        return "did not throw";
    };
    CHECK_THAT(why([&] { static_cast<void>(desk.await_kind(interrupt)); }),
               Contains("no client came"));
    static_cast<void>(desk.next({.page = "p"}));
    const auto number = desk.order({});
    CHECK_THAT(why([&] { static_cast<void>(desk.await_ordered(number, interrupt)); }),
               Contains("--wait"));
    desk.finish({}, seconds(100));  // nobody is there to hear it
}

TEST_CASE("Desk: an interrupt ends each wait") {
    Scene scene;
    scene.interrupt.trigger();
    CHECK_THROWS_AS(scene.desk.await_kind(scene.interrupt), Interrupted);
    CHECK_THROWS_AS(scene.desk.await_walk_in(scene.interrupt), Interrupted);
    const auto number = scene.desk.order({});
    CHECK_THROWS_AS(scene.await(number), Interrupted);
}

}  // namespace wsproof::conformance::test
