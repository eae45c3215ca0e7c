// send: types, fragments, what is returned, what is refused.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("send: text, binary, ping and pong, in any case and shortened") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    const auto sent = [&](std::string_view type) {
        const auto result = f.hub.send(socket, type, bytes_of("hi"));
        REQUIRE(result);
        CHECK(result.value == 4);
        return to_hex(f.output(socket)).substr(0, 2);
    };
    for (const char* type : {"text", "TEXT", "Te", "t"}) {
        CHECK(sent(type) == "81");
    }
    for (const char* type : {"binary", "Binary", "b"}) {
        CHECK(sent(type) == "82");
    }
    for (const char* type : {"ping", "PING", "p", "pi"}) {
        CHECK(sent(type) == "89");
    }
    for (const char* type : {"pong", "po"}) {
        CHECK(sent(type) == "8a");
    }
    CHECK(f.hub.send(socket, "text").value == 2);  // msg defaults to empty
    CHECK(to_hex(f.output(socket)) == "81 00");
}

TEST_CASE("send: returns the bytes that were queued, the header included") {
    HubFixture f;
    const SocketId server = f.take_over(true);
    const SocketId client = f.connect();
    for (const auto& [size, header] : {std::pair{0, 2}, {125, 2}, {126, 4}, {65536, 10}}) {
        const Buffer bytes(static_cast<std::size_t>(size));
        CHECK(f.hub.send(server, "binary", bytes).value == size + header);
        CHECK(f.hub.send(client, "binary", bytes).value == size + header + 4);
    }
}

TEST_CASE("send: integer opcodes 1, 2, 9, 10, and 0 for more of the open message") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    for (const int opcode : {1, 2, 9, 10}) {
        CHECK(f.hub.send(socket, opcode, bytes_of("x")).value == 3);
        CHECK(std::to_integer<int>(f.output(socket).front()) == 0x80 + opcode);
    }
    CHECK(f.hub.send(socket, 0, bytes_of("x")).error.kind == HubErrorKind::bad_argument);
    CHECK(f.hub.send(socket, 1, bytes_of("x"), false).value == 3);
    CHECK(f.hub.send(socket, 0, bytes_of("y"), false).value == 3);
    CHECK(f.hub.send(socket, 0, bytes_of("z")).value == 3);
    CHECK(to_hex(f.output(socket)) == "01 01 78 00 01 79 80 01 7a");
    const auto close = f.hub.send(socket, 8, {});
    CHECK(close.error.kind == HubErrorKind::bad_argument);
    CHECK(close.error.text.find("close()") != std::string::npos);
    for (const int opcode : {-1, 3, 7, 11, 15, 16, 256 + 1}) {
        CHECK(f.hub.send(socket, opcode, {}).error.kind == HubErrorKind::unknown_name);
    }
}

TEST_CASE("send: final=false starts and continues a fragmented message") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    CHECK(f.hub.send(socket, "text", bytes_of("Hel"), false).value == 5);
    CHECK(f.hub.send(socket, "text", bytes_of("l"), false).value == 3);
    CHECK(f.hub.send(socket, "text", bytes_of("o")).value == 3);
    CHECK(to_hex(f.output(socket)) == "01 03 48 65 6c 00 01 6c 80 01 6f");
    CHECK(f.hub.send(socket, "binary", bytes_of("x")).value == 3);
    CHECK(to_hex(f.output(socket)) == "82 01 78");
}

TEST_CASE("send: every fragment names the same type; control frames come between") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    CHECK(f.hub.send(socket, "text", bytes_of("a"), false).value == 3);
    CHECK(f.hub.send(socket, "binary", bytes_of("b")).error.kind == HubErrorKind::bad_argument);
    CHECK(f.hub.send(socket, "ping", bytes_of("p")).value == 3);
    CHECK(f.hub.send(socket, "pong", bytes_of("q")).value == 3);
    CHECK(f.hub.send(socket, "ping", bytes_of("p"), false).error.kind ==
          HubErrorKind::bad_argument);
    CHECK(f.hub.send(socket, "text", bytes_of("c")).value == 3);
}

TEST_CASE("send: text is UTF-8, across fragments, and ends whole") {
    HubFixture f;
    const SocketId socket = f.take_over(true);
    CHECK(f.hub.send(socket, "text", bytes_of("\xff")).error.kind == HubErrorKind::bad_argument);
    CHECK(f.hub.send(socket, "text", bytes_of("\xe2\x82"), false).value == 4);
    // Nothing is sent, and the message stays open.
    CHECK(f.hub.send(socket, "text", bytes_of("")).error.kind == HubErrorKind::bad_argument);
    CHECK(f.hub.send(socket, "text", bytes_of("x")).error.kind == HubErrorKind::bad_argument);
    CHECK(to_hex(f.output(socket)) == "01 02 e2 82");
    CHECK(f.hub.send(socket, "text", bytes_of("\xac")).value == 3);
    CHECK(to_hex(f.output(socket)) == "80 01 ac");
    CHECK(f.hub.send(socket, "binary", bytes_of("\xff")).value == 3);
}

TEST_CASE("send: unknown sockets and types, long pings, a full queue are errors") {
    Options options;
    options.limits.output_queue = 10;
    HubFixture f(options);
    const SocketId socket = f.take_over(true);
    CHECK(f.hub.send(kNobody, "text").error.kind == HubErrorKind::unknown_socket);
    CHECK(f.hub.send(kNobody, "nonsense").error.kind == HubErrorKind::unknown_socket);
    const auto unknown = f.hub.send(socket, "close");
    CHECK(unknown.error.kind == HubErrorKind::unknown_name);
    CHECK(unknown.error.text.find("binary") != std::string::npos);
    CHECK(f.hub.send(socket, "").error.kind == HubErrorKind::unknown_name);
    CHECK(f.hub.send(socket, "ping", Buffer(126)).error.kind == HubErrorKind::bad_argument);
    CHECK(f.hub.send(socket, "ping", Buffer(125)).value == 127);
    CHECK(f.hub.send(socket, "text").error.kind == HubErrorKind::output_full);
}

TEST_CASE("send: an error while CONNECTING, -1 once closing or closed") {
    HubFixture f;
    const SocketId connecting = f.hub.open("ws://a/", 7).value;
    CHECK(f.hub.send(connecting, "text").error.kind == HubErrorKind::wrong_state);
    CHECK(f.hub.send(f.attach(), "text").error.kind == HubErrorKind::wrong_state);
    const SocketId closing = f.take_over(true);
    CHECK_FALSE(f.hub.close(closing));
    CHECK(f.hub.send(closing, "text").value == -1);
    const SocketId closed = f.take_over(true);
    CHECK(f.feed(closed, to(Role::server, "88 00"_hex)) == Lines{"7 close 1005"});
    CHECK(f.hub.send(closed, "ping").value == -1);
}

}  // namespace
}  // namespace wsproof::test
