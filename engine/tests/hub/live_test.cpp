// live: globs over path and subprotocol, in the order of registration.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

// handler_of: which handler a request reaches, and with which subprotocol; "404" if none.
std::string handler_of(HubFixture& f, SocketId server, std::string_view path,
                       std::string_view offered = {}) {
    std::vector<Field> fields = request_fields();
    if (!offered.empty()) {
        fields.push_back({"Sec-WebSocket-Protocol", offered});
    }
    const SocketId socket = f.attach();
    const auto tested = f.hub.test(server, socket, path, fields);
    REQUIRE(tested);
    if (!tested.value.matches) {
        return std::to_string(tested.value.status);
    }
    CHECK_FALSE(f.hub.upgrade(socket));
    const Lines lines = f.hear(socket);
    REQUIRE(lines.size() == 1);
    const std::string subprotocol = f.info(socket, "subprotocol");
    return lines.front().substr(0, lines.front().find(' ')) +
           (subprotocol.empty() ? "" : " " + subprotocol);
}

TEST_CASE("live: the path is a glob, case-sensitive, without the query") {
    HubFixture f;
    const SocketId server = f.hub.server().value;
    CHECK_FALSE(f.hub.live(server, "/chat/*", 1));
    CHECK_FALSE(f.hub.live(server, "/room[0-9]", 2));
    CHECK(handler_of(f, server, "/chat/a") == "1");
    CHECK(handler_of(f, server, "/Chat/a") == "404");
    CHECK(handler_of(f, server, "/room7") == "2");
    CHECK(handler_of(f, server, "/rooms") == "404");
}

TEST_CASE("live: the first registered that matches is called") {
    HubFixture f;
    const SocketId server = f.hub.server().value;
    CHECK_FALSE(f.hub.live(server, "/a*", 1));
    CHECK_FALSE(f.hub.live(server, "*", 2));
    CHECK_FALSE(f.hub.live(server, "/ab", 3));
    CHECK(handler_of(f, server, "/ab") == "1");
    CHECK(handler_of(f, server, "/b") == "2");
}

TEST_CASE("live: * accepts without a subprotocol, another glob selects the first it matches") {
    HubFixture f;
    const SocketId server = f.hub.server().value;
    CHECK_FALSE(f.hub.live(server, "/any", 1));
    CHECK_FALSE(f.hub.live(server, "/v", 2, "chat.v[12]"));
    CHECK_FALSE(f.hub.live(server, "/v", 3, "other"));
    CHECK(handler_of(f, server, "/any", "chat, other") == "1");
    CHECK(handler_of(f, server, "/v", "chat.v3, chat.v2, chat.v1") == "2 chat.v2");
    CHECK(handler_of(f, server, "/v", "other") == "3 other");
    CHECK(handler_of(f, server, "/v", "Other") == "404");
    CHECK(handler_of(f, server, "/v") == "2");  // none offered: any entry
}

TEST_CASE("live: unknown sockets, and those that are no servers, are errors") {
    HubFixture f;
    CHECK(f.hub.live(kNobody, "*", 1).kind == HubErrorKind::unknown_socket);
    CHECK(f.hub.live(f.take_over(true), "*", 1).kind == HubErrorKind::unknown_socket);
}

}  // namespace
}  // namespace wsproof::test
