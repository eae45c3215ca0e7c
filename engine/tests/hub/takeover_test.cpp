// takeover: an opened socket becomes a WebSocket.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("takeover: frames, packetises and reassembles, as client or as server") {
    HubFixture f;
    const bool is_server = GENERATE(false, true);
    const Role role = is_server ? Role::server : Role::client;
    const SocketId socket = f.take_over(is_server, 3);
    // Bytes that were read past the handshake are the first input.
    const Buffer input = to(role, "01 03 48 65 6c"_hex) + to(role, "89 01 70"_hex) +
                         to(role, "80 02 6c 6f"_hex) + to(role, "82 01 00"_hex);
    CHECK(f.feed(socket, input, 1) ==
          Lines{"3 ping 'p'", "3 text 'Hello'", "3 binary '" + std::string(1, '\0') + "'"});
    CHECK(f.info(socket, "state") == "CONNECTED");
    CHECK(f.info(socket, "type") == (is_server ? "server" : "client"));
    CHECK(f.output(socket).size() == (is_server ? 3U : 7U));  // the pong
}

TEST_CASE("takeover: servers ping by themselves, clients do not") {
    HubFixture f;
    const SocketId server = f.take_over(true);
    const SocketId client = f.take_over(false);
    f.pass(std::chrono::seconds(30));
    CHECK(to_hex(f.output(server)) == "89 00");
    CHECK(f.output(client).empty());
}

TEST_CASE("takeover: unknown and taken sockets are errors") {
    HubFixture f;
    CHECK(f.hub.takeover(kNobody, 1).kind == HubErrorKind::unknown_socket);
    CHECK(f.hub.takeover(f.take_over(true), 1).kind == HubErrorKind::wrong_state);
    CHECK(f.hub.takeover(f.connect(), 1).kind == HubErrorKind::wrong_state);
}

}  // namespace
}  // namespace wsproof::test
