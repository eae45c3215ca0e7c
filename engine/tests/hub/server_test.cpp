// server: registers a listening socket and returns its id.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("server: returns an id, a new one each time") {
    HubFixture f;
    const auto first = f.hub.server();
    const auto second = f.hub.server();
    REQUIRE(first);
    REQUIRE(second);
    CHECK(first.value != second.value);
    CHECK(f.hub.find().value.empty());  // it is no WebSocket
}

TEST_CASE("server: is no socket for the other verbs, and can be dropped") {
    HubFixture f;
    const SocketId server = f.hub.server().value;
    CHECK(f.hub.send(server, "text").error.kind == HubErrorKind::wrong_state);
    CHECK(f.hub.close(server).kind == HubErrorKind::wrong_state);
    CHECK(f.hub.takeover(server, 7).kind == HubErrorKind::wrong_state);
    CHECK(f.hub.upgrade(server).kind == HubErrorKind::wrong_state);
    f.hub.drop(server);
    CHECK(f.hub.live(server, "*", 7).kind == HubErrorKind::unknown_socket);
}

TEST_CASE("server: accept reads the request itself, and answers as live says") {
    HubFixture f;
    const SocketId server = f.hub.server().value;
    CHECK_FALSE(f.hub.live(server, "/chat", 5));
    SocketId socket = f.attach();
    CHECK_FALSE(f.hub.accept(server, socket));
    CHECK(f.info(socket, "state") == "CONNECTING");
    const std::string request = good_request().starting("GET /chat?a=b HTTP/1.1").text();
    CHECK(f.feed(socket, to_bytes(request), 1) == Lines{"5 connect /chat a=b"});
    CHECK(to_text(f.output(socket)).starts_with("HTTP/1.1 101 "));
    CHECK(f.feed(socket, to(Role::server, "81 02 68 69"_hex)) == Lines{"5 text 'hi'"});

    socket = f.attach();
    CHECK_FALSE(f.hub.accept(server, socket));
    CHECK(f.feed(socket, to_bytes(good_request().starting("GET /other HTTP/1.1").text())).empty());
    CHECK(to_text(f.output(socket)).starts_with("HTTP/1.1 404 "));
    CHECK(f.hub.transport(socket) != Transport::keep);

    CHECK(f.hub.accept(kNobody, socket).kind == HubErrorKind::unknown_socket);
    CHECK(f.hub.accept(server, kNobody).kind == HubErrorKind::unknown_socket);
    CHECK(f.hub.accept(server, socket).kind == HubErrorKind::wrong_state);
}

}  // namespace
}  // namespace wsproof::test
