// find: globs over the remote end.
#include "hub_fixture.hpp"

namespace wsproof::test {
namespace {

using Ids = std::vector<SocketId>;

TEST_CASE("find: by host, as name or address, and by port, in the order of creation") {
    HubFixture f;
    const auto take = [&](const End& remote) {
        const SocketId socket = f.hub.attach(remote, {}).value;
        CHECK_FALSE(f.hub.takeover(socket, 1, true));
        return socket;
    };
    const SocketId a = take({"a.example.com", "192.0.2.1", 80});
    const SocketId b = take({"", "192.0.2.2", 8080});
    const SocketId c = f.connect();  // server.example.com, 192.0.2.1, 80
    CHECK(f.hub.find().value == Ids{a, b, c});
    CHECK(f.hub.find("*.example.com").value == Ids{a, c});
    CHECK(f.hub.find("192.0.2.1").value == Ids{a, c});
    CHECK(f.hub.find("192.0.2.?").value == Ids{a, b, c});
    CHECK(f.hub.find("*", "80*").value == Ids{a, b, c});
    CHECK(f.hub.find("*", "8080").value == Ids{b});
    CHECK(f.hub.find("nobody").value.empty());
}

TEST_CASE("find: not those that are no WebSockets, or none any more") {
    HubFixture f;
    f.attach();
    CHECK(f.hub.server());
    const SocketId socket = f.take_over(true);
    CHECK(f.hub.find().value == Ids{socket});
    f.hub.end_of_input(socket);
    CHECK(f.hear(socket) == Lines{"7 disconnect"});
    CHECK(f.hub.find().value.empty());
}

}  // namespace
}  // namespace wsproof::test
