// close: the closing handshake, default reasons, what may be sent.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

CloseCode code(int value) {
    return static_cast<CloseCode>(value);
}

std::string closed_with(const std::function<HubError(Hub&, SocketId)>& close) {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    const HubError error = close(f.hub, socket);
    return error ? "error: " + error.text : to_text(f.output(socket));
}

TEST_CASE("close: 1000 without a code, with its default reason") {
    CHECK(closed_with([](Hub& hub, SocketId socket) { return hub.close(socket); }) ==
          std::string("\x88\x10\x03\xe8") + "Normal closure");
}

TEST_CASE("close: default reasons of 1000-1003, 1006-1011 and 1015") {
    for (const int value : {1000, 1001, 1002, 1003, 1006, 1007, 1008, 1009, 1010, 1011, 1015}) {
        CHECK_FALSE(default_reason(code(value)).empty());
    }
    CHECK(default_reason(code(1001)) == "Endpoint going away");
    CHECK(default_reason(code(1004)).empty());
    CHECK(default_reason(code(3000)).empty());
    const auto sent = [](int value) {
        return closed_with(
                   [value](Hub& hub, SocketId socket) { return hub.close(socket, code(value)); })
            .substr(4);
    };
    CHECK(sent(1011) == default_reason(code(1011)));
    CHECK(sent(4000) == "");
}

TEST_CASE("close: a reason of the caller's, cut to 123 bytes at a character's end") {
    const auto sent = [](const std::string& reason) {
        return closed_with([&](Hub& hub, SocketId socket) {
                   return hub.close(socket, CloseCode::normal, reason);
               })
            .substr(4);
    };
    CHECK(sent("bye") == "bye");
    CHECK(sent(std::string(123, 'x')) == std::string(123, 'x'));
    CHECK(sent(std::string(124, 'x')) == std::string(123, 'x'));
    CHECK(sent(std::string(121, 'x') + "€") == std::string(121, 'x'));
    CHECK(sent(std::string(120, 'x') + "€€") == std::string(120, 'x') + "€");
}

TEST_CASE("close: codes that must not be sent are errors, as is a reason that is no text") {
    for (const int value : {0, 999, 1004, 1006, 1015, 1016, 2999, 5000}) {
        const std::string error = closed_with(
            [value](Hub& hub, SocketId socket) { return hub.close(socket, code(value)); });
        CHECK(error.starts_with("error: codes"));
    }
    for (const int value : {1000, 1003, 1007, 1014, 3000, 4999}) {
        CHECK(closed_with([value](Hub& hub, SocketId socket) {
                  return hub.close(socket, code(value));
              }).starts_with("\x88"));
    }
    CHECK(closed_with([](Hub& hub, SocketId socket) {
              return hub.close(socket, CloseCode::normal, "\xff");
          }).starts_with("error: "));
}

TEST_CASE("close: an empty Close only by an explicit no_status") {
    CHECK(closed_with([](Hub& hub, SocketId socket) {
              return hub.close(socket, CloseCode::no_status);
          }) == std::string("\x88\0", 2));
    CHECK(closed_with([](Hub& hub, SocketId socket) {
              return hub.close(socket, CloseCode::no_status, "why");
          }).starts_with("error: "));
}

TEST_CASE("close: twice is once") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    CHECK_FALSE(f.hub.close(socket));
    CHECK_FALSE(f.hub.close(socket, code(1001)));
    CHECK(to_text(f.output(socket)).substr(4) == "Normal closure");
}

TEST_CASE("close: the handshake is awaited, the server ends TCP first, then disconnect") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    CHECK_FALSE(f.hub.close(socket));
    CHECK(f.hub.next_ready() == socket);
    f.output(socket);
    CHECK(f.hub.transport(socket) == Transport::keep);
    CHECK(
        f.feed(socket, to(Role::server, "81 02 68 69"_hex) + to(Role::server, "88 02 03 e8"_hex)) ==
        Lines{"7 text 'hi'", "7 close 1000"});
    CHECK(f.hub.transport(socket) == Transport::shut_down_write);
    f.hub.end_of_input(socket);
    CHECK(f.hear(socket) == Lines{"7 disconnect"});
    CHECK(f.hub.transport(socket) == Transport::close);
    CHECK(f.hub.close(socket).kind == HubErrorKind::unknown_socket);
    f.hub.drop(socket);
    CHECK(f.hub.transport(socket) == Transport::close);
}

TEST_CASE("close: is awaited up to the close time-out") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    CHECK_FALSE(f.hub.close(socket));
    f.output(socket);
    f.pass(std::chrono::seconds(5));
    f.pass(std::chrono::seconds(5));
    CHECK(f.hub.transport(socket) == Transport::close);
    CHECK(f.hear(socket).back() == "7 disconnect");
}

TEST_CASE("close: while CONNECTING there is nobody to be told, and the socket is CLOSED") {
    HubFixture f;
    const SocketId socket = f.hub.open("ws://a/", 7).value;
    CHECK_FALSE(f.hub.close(socket));
    CHECK(f.info(socket, "state") == "CLOSED");
    f.hub.end_of_input(socket);
    CHECK(f.hear(socket) == Lines{"7 disconnect"});
}

TEST_CASE("close: unknown sockets, and those that are no WebSockets, are errors") {
    HubFixture f;
    CHECK(f.hub.close(kNobody).kind == HubErrorKind::unknown_socket);
    CHECK(f.hub.close(f.attach()).kind == HubErrorKind::wrong_state);
}

}  // namespace
}  // namespace wsproof::test
