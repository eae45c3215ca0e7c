// Memory runs out at every allocation of a Hub in turn: nothing leaks, nothing crashes, and whoever
// called is told.
#include "hub_fixture.hpp"
#include "support/allocations.hpp"

namespace wsproof::test {
namespace {

struct Inputs {
    Buffer response;
    Buffer frames;
    std::vector<Field> fields;
    OpenOptions options;
};

// use works a Hub; whether all went well.
bool use(Hub& hub, const Inputs& inputs, Buffer& response, Buffer& frames) {
    bool is_well = true;
    const auto check = [&is_well](const HubError& error) {
        is_well = is_well && error.kind == HubErrorKind::none;
    };
    const auto drain = [&](SocketId socket, MutableBytes in) {
        while (const auto event = hub.next(socket, in)) {
            is_well = is_well && event->type != HubEventType::error &&
                      event->type != HubEventType::disconnect;
        }
        while (!hub.output(socket).empty()) {
            hub.consume(socket, hub.output(socket).front().size());
        }
    };
    const auto opened =
        hub.open("ws://server.example.com/a/long/path/for/a/string", 7, inputs.options);
    check(opened.error);
    check(
        hub.connected(opened.value, {"a name that is too long to be short", "192.0.2.1", 80}, {}));
    drain(opened.value, response);
    const auto server = hub.server();
    check(server.error);
    check(hub.live(server.value, "/a/path/that/is/too/long/to/be/short", 5));
    const auto socket = hub.attach({"peer", "192.0.2.2", 1}, {});
    check(socket.error);
    const auto tested = hub.test(server.value, socket.value, "/a/path/that/is/too/long/to/be/short",
                                 inputs.fields, "query");
    check(tested.error);
    is_well = is_well && tested.value.matches;
    check(hub.upgrade(socket.value));
    check(hub.send(socket.value, "text", bytes_of("hello")).error);
    drain(socket.value, frames);
    is_well = is_well && !hub.conninfo(socket.value, "state").error && !hub.find().error;
    check(hub.configure(socket.value, KeepAlive{.ping = "a text that is too long to be short"}));
    check(hub.close(socket.value));
    drain(opened.value, {});  // what ran out of memory on its own tells it here
    drain(socket.value, {});
    drain(socket.value, {});
    return is_well;
}

TEST_CASE("allocation failure: in a hub") {
    Inputs inputs{
        to_bytes(good_response().text()),
        to(Role::server, "01 02 68 69"_hex) + to(Role::server, "80 02 68 69"_hex),
        request_fields(),
        {.headers = {{"X", "y"}}, .local_address = "a text that is too long to be short"}};
    Buffer response;
    Buffer frames;
    std::size_t failures = 0;
    for (bool has_failed = true; has_failed; ++failures) {
        response = inputs.response;
        frames = inputs.frames;
        const std::size_t held = memory_held();
        bool is_well = true;
        {
            const FailingAllocation failing(failures);
            try {
                SampleEntropy entropy;
                Hub hub({}, entropy, Time{});
                is_well = use(hub, inputs, response, frames);
            } catch (const std::bad_alloc&) {
                is_well = false;  // from what makes a Hub
            }
            has_failed = failing.has_failed();
        }
        const bool is_level = memory_held() == held;
        INFO("allocation " << failures);
        CHECK(is_level);
        CHECK(is_well == !has_failed);
    }
    CHECK(failures > 50);
}

}  // namespace
}  // namespace wsproof::test
