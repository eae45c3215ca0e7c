// Live handlers: globs over paths and subprotocols.
#include "server/live.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/raw_client.hpp"

namespace wsproof::runtime::test {

namespace {

UpgradeRequest request(std::string_view target, const std::vector<std::string_view>& offered = {}) {
    return {.target = target, .host = "a", .origin = {}, .subprotocols = offered, .fields = {}};
}

// says is a handler that answers everything with its name.
Handler says(const std::string& name) {
    return {.on_message = [name](Connection& connection, const Message&) {
        static_cast<void>(connection.send(MessageType::text, Payload::copy(name)));
    }};
}

std::string head_of(RawClient& client, std::string_view target, std::string_view fields = {}) {
    const auto status = client.write("GET " + std::string(target) +
                                     " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                                     "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                                     std::string(fields) + "\r\n");
    CHECK(status == net::Status::ok);
    return client.read_head();
}

}  // namespace

TEST_CASE("Live: the first that matches the path is taken, whatever the query") {
    const std::vector<Live> lives = {{.path = "/chat"}, {.path = "/ch*"}, {.path = "/news"}};
    CHECK(find_route(lives, request("/chat?room=/news")).live == &lives[0]);
    CHECK(find_route(lives, request("/charts")).live == &lives[1]);
    CHECK(find_route(lives, request("/news")).live == &lives[2]);
    CHECK(find_route(lives, request("/other")).live == nullptr);
    CHECK(find_route(lives, request("/other?x=/chat")).live == nullptr);
}

TEST_CASE("Live: a subprotocol pattern accepts the first name offered that it matches") {
    const std::vector<Live> lives = {{.subprotocol = "chat.v[12]"}, {.subprotocol = "mqtt"}};
    const Route chat = find_route(lives, request("/", {"chat.v3", "chat.v2", "chat.v1"}));
    CHECK(chat.live == &lives[0]);
    CHECK(chat.subprotocol == "chat.v2");
    const Route mqtt = find_route(lives, request("/", {"mqtt"}));
    CHECK(mqtt.live == &lives[1]);
    CHECK(mqtt.subprotocol == "mqtt");
    CHECK(find_route(lives, request("/", {"CHAT.v1", "stomp"})).live == nullptr);
}

TEST_CASE("Live: without an offer any entry matches, and nothing is accepted") {
    const std::vector<Live> lives = {{.subprotocol = "chat"}};
    const Route route = find_route(lives, request("/"));
    CHECK(route.live == &lives[0]);
    CHECK(route.subprotocol.empty());
}

TEST_CASE("Live: a star accepts any offer without a subprotocol") {
    const std::vector<Live> lives = {{}};
    const Route route = find_route(lives, request("/", {"chat"}));
    CHECK(route.live == &lives[0]);
    CHECK(route.subprotocol.empty());
}

TEST_CASE("Live: connections get the handler of their path and subprotocol, or 404") {
    EchoServer server({},
                      std::vector<Live>{{.path = "/a*", .handler = says("star")},
                                        {.path = "/b", .subprotocol = "v?", .handler = says("b")}});
    RawClient star(server);
    CHECK(head_of(star, "/a/b/c").starts_with("HTTP/1.1 101 "));
    REQUIRE(star.write(frame(Opcode::text, "?")) == net::Status::ok);
    CHECK(star.read_frame() == Frame{Opcode::text, "star"});
    RawClient named(server);
    const std::string head = head_of(named, "/b?x", "Sec-WebSocket-Protocol: v10, v2\r\n");
    CHECK(head.find("Sec-WebSocket-Protocol: v2\r\n") != std::string::npos);
    REQUIRE(named.write(frame(Opcode::text, "?")) == net::Status::ok);
    CHECK(named.read_frame() == Frame{Opcode::text, "b"});
    RawClient lost(server);
    CHECK(head_of(lost, "/c").starts_with("HTTP/1.1 404 "));
    CHECK(lost.read_end() == net::Status::end_of_stream);
    RawClient other(server);
    CHECK(head_of(other, "/b", "Sec-WebSocket-Protocol: w1\r\n").starts_with("HTTP/1.1 404 "));
}

}  // namespace wsproof::runtime::test
