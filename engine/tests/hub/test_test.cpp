// test: whether a request is an upgrade that a live handler matches; nothing is sent.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

struct Server : HubFixture {
    Server() : id(hub.server().value) { CHECK_FALSE(hub.live(id, "/chat", 5)); }
    TestResult test(const std::vector<Field>& fields, std::string_view path = "/chat") {
        const auto result = hub.test(id, socket, path, fields);
        REQUIRE(result);
        CHECK(output(socket).empty());
        return result.value;
    }
    SocketId id;
    SocketId socket = attach();
};

TEST_CASE("test: 1 for an upgrade request that a live handler matches") {
    Server s;
    const TestResult result = s.test(request_fields());
    CHECK(result.matches);
    CHECK(result.status == 101);
    CHECK(result.reason == Error::none);
    CHECK(s.hear(s.socket).empty());
    CHECK(s.info(s.socket, "state") == "CONNECTING");
}

TEST_CASE("test: 0 without a handler, and 404 is the answer") {
    Server s;
    const TestResult result = s.test(request_fields(), "/other");
    CHECK_FALSE(result.matches);
    CHECK(result.reason == Error::none);
    CHECK(result.status == 404);
}

TEST_CASE("test: 0 for what RFC 6455 §4.2.1 refuses, with the reason and the answer") {
    Server s;
    auto fields = request_fields();
    fields[3].value = "short";
    TestResult result = s.test(fields);
    CHECK_FALSE(result.matches);
    CHECK(result.reason == Error::bad_key);
    CHECK(result.status == 400);
    fields = request_fields();
    fields[4].value = "12";
    result = s.test(fields);
    CHECK(result.reason == Error::bad_version);
    CHECK(result.status == 426);
    bool has_version = false;
    for (const Field& field : result.response) {
        has_version = has_version || (field.name == "Sec-WebSocket-Version" && field.value == "13");
    }
    CHECK(has_version);
    CHECK(s.test({{"Host", "a"}}).status == 400);
    CHECK(s.test({}).reason == Error::bad_host);
}

TEST_CASE("test: no subprotocol offered matches any entry, an unmatched one matches none") {
    HubFixture f;
    const SocketId server = f.hub.server().value;
    CHECK_FALSE(f.hub.live(server, "*", 5, "chat"));
    CHECK(f.hub.test(server, f.attach(), "/", request_fields()).value.matches);
    const auto other =
        f.hub.test(server, f.attach(), "/", request_fields({{"Sec-WebSocket-Protocol", "x"}}));
    CHECK_FALSE(other.value.matches);
    CHECK(other.value.status == 404);
}

TEST_CASE("test: can be repeated, and the last one counts") {
    Server s;
    CHECK(s.test(request_fields()).matches);
    CHECK_FALSE(s.test(request_fields(), "/other").matches);
    CHECK(s.hub.upgrade(s.socket).kind == HubErrorKind::wrong_state);
}

TEST_CASE("test: unknown sockets, and those that are WebSockets already, are errors") {
    Server s;
    CHECK(s.hub.test(kNobody, s.socket, "/chat", {}).error.kind == HubErrorKind::unknown_socket);
    CHECK(s.hub.test(s.id, kNobody, "/chat", {}).error.kind == HubErrorKind::unknown_socket);
    CHECK(s.hub.test(s.id, s.take_over(true), "/chat", {}).error.kind == HubErrorKind::wrong_state);
    CHECK(s.hub.test(s.socket, s.socket, "/chat", {}).error.kind == HubErrorKind::unknown_socket);
}

}  // namespace
}  // namespace wsproof::test
