// configure: keep-alive and the text of pings.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

using Args = std::vector<std::string_view>;
using std::chrono::seconds;

TEST_CASE("configure: default 30 s in servers, off in clients, an empty ping") {
    HubFixture f;
    CHECK(f.hub.keep_alive(f.take_over(true)).value.interval == seconds(30));
    CHECK_FALSE(f.hub.keep_alive(f.take_over(false)).value.interval);
    CHECK_FALSE(f.hub.keep_alive(f.connect()).value.interval);
    CHECK(f.hub.keep_alive(f.take_over(true)).value.ping.empty());
}

TEST_CASE("configure: -keepalive and -ping take effect at once, 0 and less turn it off") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    f.pass(seconds(20));
    CHECK_FALSE(f.hub.configure(socket, Args{"-keepalive", "5", "-ping", "are you there"}));
    CHECK(f.hub.deadline() == Time{} + seconds(25));
    f.pass(seconds(5));
    CHECK(to_text(f.output(socket)) ==
          "\x89\x0d"
          "are you there");
    f.pass(seconds(5));  // and again
    CHECK(f.output(socket).size() == 15);
    for (const char* off : {"0", "-1"}) {
        CHECK_FALSE(f.hub.configure(socket, Args{"-keepalive", off}));
        CHECK_FALSE(f.hub.deadline());
        f.pass(seconds(1000));
        CHECK(f.output(socket).empty());
    }
}

TEST_CASE("configure: received bytes start the interval anew, sent ones do not") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    f.pass(seconds(20));
    CHECK(f.hub.send(socket, "text", bytes_of("hi")).value == 4);
    f.output(socket);
    CHECK(f.hub.deadline() == Time{} + seconds(30));
    CHECK(f.feed(socket, "81"_hex).empty());  // half a header is a sign of life
    CHECK(f.hub.deadline() == Time{} + seconds(50));
}

TEST_CASE("configure: a time of zero is none, however it is given") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    CHECK_FALSE(f.hub.configure(
        socket, KeepAlive{.interval = Duration::zero(), .pong_timeout = seconds(-1)}));
    const KeepAlive keep_alive = f.hub.keep_alive(socket).value;
    CHECK_FALSE(keep_alive.interval);
    CHECK_FALSE(keep_alive.pong_timeout);
    f.pass(seconds(1));
    CHECK_FALSE(f.hub.deadline());
}

TEST_CASE("configure: names as short as they are unambiguous") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    CHECK_FALSE(f.hub.configure(socket, Args{"-k", "7", "-p", "hi", "-t", "3"}));
    const KeepAlive keep_alive = f.hub.keep_alive(socket).value;
    CHECK(keep_alive.interval == seconds(7));
    CHECK(keep_alive.ping == "hi");
    CHECK(keep_alive.pong_timeout == seconds(3));
    for (const char* name : {"-", "", "-x", "-pings", "keepalive"}) {
        const HubError error = f.hub.configure(socket, Args{name, "1"});
        CHECK(error.kind == HubErrorKind::unknown_name);
        CHECK(error.text.find("-keepalive, -ping") != std::string::npos);
    }
}

TEST_CASE("configure: bad values are errors, and change nothing") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    const std::string long_text(126, 'x');
    for (const Args& args :
         {Args{"-keepalive", "soon"}, Args{"-keepalive", "5s"}, Args{"-keepalive", ""},
          Args{"-keepalive"}, Args{"-ping", "new", "-ping", long_text},
          Args{"-keepalive", "99999999999999999999"}, Args{"-keepalive", "9223372036854775807"}}) {
        const HubError error = f.hub.configure(socket, args);
        CHECK(error.kind == HubErrorKind::bad_argument);
        CHECK_FALSE(error.text.empty());
    }
    CHECK(f.hub.keep_alive(socket).value.interval == seconds(30));
    CHECK(f.hub.keep_alive(socket).value.ping.empty());
    CHECK(f.hub.configure(socket, KeepAlive{.ping = long_text}).kind == HubErrorKind::bad_argument);
    CHECK_FALSE(f.hub.configure(socket, KeepAlive{.ping = long_text.substr(1)}));
}

TEST_CASE("configure: a pong that does not come in time ends the connection") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    CHECK_FALSE(f.hub.configure(socket, Args{"-k", "10", "-t", "4"}));
    f.pass(seconds(10));
    CHECK(to_hex(f.output(socket)) == "89 00");
    CHECK(f.hub.deadline() == Time{} + seconds(14));
    CHECK(f.feed(socket, to(Role::server, "8a 00"_hex)) == Lines{"7 pong"});
    f.pass(seconds(4));
    CHECK(f.info(socket, "state") == "CONNECTED");
    f.pass(seconds(6));
    f.output(socket);
    f.pass(seconds(4));
    CHECK(f.output(socket).empty());  // 1006 is not for the wire
    CHECK(f.info(socket, "state") == "CLOSED");
    CHECK(f.hub.next_ready() == socket);
    f.hub.end_of_input(socket);
    CHECK(f.hear(socket) == Lines{"7 disconnect"});
}

TEST_CASE("configure: unknown sockets are errors") {
    HubFixture f;
    CHECK(f.hub.configure(kNobody, Args{}).kind == HubErrorKind::unknown_socket);
    CHECK(f.hub.configure(kNobody, KeepAlive{}).kind == HubErrorKind::unknown_socket);
    CHECK(f.hub.keep_alive(kNobody).error.kind == HubErrorKind::unknown_socket);
    CHECK_FALSE(f.hub.configure(f.take_over(true), Args{}));
}

}  // namespace
}  // namespace wsproof::test
