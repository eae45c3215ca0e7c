// What handlers are called with: the documented types, and those the package adds.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("events: text and binary are whole messages, ping and pong their payload") {
    HubFixture f;
    const SocketId socket = f.take_over(true, 9);
    const Buffer input = to(Role::server, "01 01 61"_hex) + to(Role::server, "80 01 62"_hex) +
                         to(Role::server, "82 02 01 02"_hex) + to(Role::server, "89 01 70"_hex) +
                         to(Role::server, "8a 01 71"_hex) + to(Role::server, "81 00"_hex);
    const Lines expected{"9 text 'ab'", "9 binary '\x01\x02'", "9 ping 'p'", "9 pong 'q'",
                         "9 text"};
    CHECK(f.feed(socket, input) == expected);
    HubFixture g;
    CHECK(g.feed(g.take_over(true, 9), input, 1) == expected);
}

TEST_CASE("events: close carries code and reason; disconnect is the last") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    CHECK(f.feed(socket, to(Role::server, "88 05 03 e9 62 79 65"_hex)) ==
          Lines{"7 close 1001 bye"});
    CHECK(to_hex(f.output(socket)) == "88 02 03 e9");
    f.hub.end_of_input(socket);
    CHECK(f.hear(socket) == Lines{"7 disconnect"});
    CHECK(f.hear(socket).empty());
    CHECK(f.feed(socket, "81 00"_hex).empty());
}

TEST_CASE("events: a connection that breaks the protocol is an error, then a disconnect") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    const Lines lines = f.feed(socket, "81 00"_hex);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].starts_with("7 error "));
    CHECK(lines[0].size() > 10);
    CHECK(to_hex(f.output(socket)).starts_with("88 "));
    f.hub.end_of_input(socket);
    CHECK(f.hear(socket) == Lines{"7 disconnect"});
}

TEST_CASE("events: an end without a Close is a disconnect") {
    HubFixture f;
    const SocketId socket = f.connect();
    f.hub.end_of_input(socket);
    CHECK(f.hear(socket) == Lines{"7 disconnect"});
}

TEST_CASE("events: sockets do not hear of each other, and dropped ones of nothing") {
    HubFixture f;
    const SocketId one = f.take_over(true, 1);
    const SocketId two = f.take_over(true, 2);
    CHECK(f.feed(one, to(Role::server, "81 01 61"_hex)) == Lines{"1 text 'a'"});
    CHECK(f.hear(two).empty());
    f.hub.drop(one);
    CHECK(f.hear(one).empty());
    CHECK(f.output(one).empty());
    f.hub.consume(one, 1);
    f.hub.end_of_input(one);
    f.pass(std::chrono::hours(1));
    CHECK(f.feed(two, to(Role::server, "81 01 62"_hex)) == Lines{"2 text 'b'"});
}

}  // namespace
}  // namespace wsproof::test
