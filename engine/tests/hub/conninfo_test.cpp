// conninfo: the documented keys, and the additions.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("conninfo: peername, sockname and name prefer the name to the address") {
    HubFixture f;
    const SocketId socket = f.connect();
    CHECK(f.info(socket, "peername") == "server.example.com");
    CHECK(f.info(socket, "sockname") == "192.0.2.9");
    CHECK(f.info(socket, "name") == "192.0.2.9");
    CHECK(f.info(f.take_over(true), "sockname") == "here");
}

TEST_CASE("conninfo: closed, client, server, type, handler") {
    HubFixture f;
    const SocketId client = f.connect(42);
    const SocketId server = f.take_over(true, 43);
    CHECK(f.info(client, "client") == "1");
    CHECK(f.info(client, "server") == "0");
    CHECK(f.info(client, "type") == "client");
    CHECK(f.info(client, "handler") == "42");
    CHECK(f.info(server, "client") == "0");
    CHECK(f.info(server, "server") == "1");
    CHECK(f.info(server, "type") == "server");
    CHECK(f.info(server, "closed") == "0");
    CHECK_FALSE(f.hub.close(server));
    CHECK(f.info(server, "closed") == "1");
}

TEST_CASE("conninfo: state is CONNECTING, CONNECTED, CLOSED") {
    HubFixture f;
    const SocketId socket = f.hub.open("ws://server.example.com/", 7).value;
    CHECK(f.info(socket, "state") == "CONNECTING");
    CHECK(f.feed(socket, to_bytes(good_response().text())).size() == 1);
    CHECK(f.info(socket, "state") == "CONNECTED");
    CHECK_FALSE(f.hub.close(socket));
    CHECK(f.info(socket, "state") == "CLOSED");
    const SocketId failed = f.take_over(true);
    CHECK(f.feed(failed, "81 00"_hex).size() == 1);  // not masked
    CHECK(f.info(failed, "state") == "CLOSED");
}

TEST_CASE("conninfo: the additions") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    CHECK(f.info(socket, "subprotocol") == "");
    CHECK(f.info(socket, "extensions") == "");
    CHECK(f.info(socket, "latency") == "");
    CHECK(f.feed(socket, to(Role::server, "81 02 68 69"_hex)).size() == 1);
    CHECK(f.hub.send(socket, "text", bytes_of("abc")).value == 5);
    f.output(socket);
    CHECK(f.info(socket, "bytes_in") == "8");
    CHECK(f.info(socket, "frames_in") == "1");
    CHECK(f.info(socket, "bytes_out") == "5");
    CHECK(f.info(socket, "frames_out") == "1");
    CHECK(f.feed(socket, to(Role::server, "88 05 03 e9 62 79 65"_hex)).size() == 1);
    CHECK(f.info(socket, "close_code") == "1001");
    CHECK(f.info(socket, "close_reason") == "bye");
}

TEST_CASE("conninfo: latency is that of the last keep-alive ping, in microseconds") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    f.pass(std::chrono::seconds(30));
    CHECK(to_hex(f.output(socket)) == "89 00");
    f.pass(std::chrono::milliseconds(15));
    CHECK(f.feed(socket, to(Role::server, "8a 01 78"_hex)).size() == 1);  // not its answer
    CHECK(f.info(socket, "latency") == "");
    CHECK(f.feed(socket, to(Role::server, "8a 00"_hex)).size() == 1);
    CHECK(f.info(socket, "latency") == "15000");
}

TEST_CASE("conninfo: unknown sockets and keys are errors") {
    HubFixture f;
    CHECK(f.hub.conninfo(kNobody, "state").error.kind == HubErrorKind::unknown_socket);
    const auto unknown = f.hub.conninfo(f.take_over(true), "colour");
    CHECK(unknown.error.kind == HubErrorKind::unknown_name);
    CHECK(unknown.error.text.find("peername") != std::string::npos);
}

}  // namespace
}  // namespace wsproof::test
