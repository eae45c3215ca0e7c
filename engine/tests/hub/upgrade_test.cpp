// upgrade: the 101, then a WebSocket.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("upgrade: sends the 101 with the chosen subprotocol, before all frames") {
    HubFixture f;
    const SocketId server = f.hub.server().value;
    CHECK_FALSE(f.hub.live(server, "/chat", 5, "chat"));
    const SocketId socket = f.attach();
    {
        // What test() was given need not last.
        std::string protocols = "other, chat";
        const auto fields = request_fields({{"Sec-WebSocket-Protocol", protocols}});
        CHECK(f.hub.test(server, socket, "/chat", fields, "a=b").value.matches);
    }
    CHECK_FALSE(f.hub.upgrade(socket));
    CHECK(f.hub.send(socket, "text", bytes_of("hi")).value == 4);
    const std::string output = to_text(f.output(socket));
    CHECK(output.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
    CHECK(output.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") !=
          std::string::npos);
    CHECK(output.find("Sec-WebSocket-Protocol: chat\r\n") != std::string::npos);
    CHECK(output.ends_with("\r\n\r\n\x81\x02hi"));
}

TEST_CASE("upgrade: the handler hears connect with path, query and subprotocol, then messages") {
    HubFixture f;
    const SocketId server = f.hub.server().value;
    CHECK_FALSE(f.hub.live(server, "/chat", 5, "chat"));
    const SocketId socket = f.attach();
    CHECK(f.hub
              .test(server, socket, "/chat", request_fields({{"Sec-WebSocket-Protocol", "chat"}}),
                    "a=b")
              .value.matches);
    CHECK_FALSE(f.hub.upgrade(socket));
    CHECK(f.hub.next_ready() == socket);
    CHECK(f.feed(socket, to(Role::server, "81 02 68 69"_hex)) ==
          Lines{"5 connect /chat a=b chat", "5 text 'hi'"});
    CHECK(f.info(socket, "type") == "server");
    CHECK(f.hub.keep_alive(socket).value.interval == std::chrono::seconds(30));
}

TEST_CASE("upgrade: not tested before, twice, or unknown is an error") {
    HubFixture f;
    const SocketId server = f.hub.server().value;
    CHECK_FALSE(f.hub.live(server, "*", 5));
    const SocketId socket = f.attach();
    CHECK(f.hub.upgrade(socket).kind == HubErrorKind::wrong_state);
    CHECK(f.hub.test(server, socket, "/", request_fields()).value.matches);
    CHECK_FALSE(f.hub.upgrade(socket));
    CHECK(f.hub.upgrade(socket).kind == HubErrorKind::wrong_state);
    CHECK(f.hub.upgrade(kNobody).kind == HubErrorKind::unknown_socket);
}

}  // namespace
}  // namespace wsproof::test
