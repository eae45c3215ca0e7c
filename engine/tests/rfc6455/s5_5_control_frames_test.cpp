// RFC 6455 §5.5, §5.5.2 and §5.5.3: control frames, Ping and Pong. Close is in
// s5_5_1_close_test.cpp.
#include <catch2/catch.hpp>

#include "../support/feed.hpp"

namespace wsproof::test {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("§5.5: a control frame is not fragmented") {
    const auto role = GENERATE(Role::client, Role::server);
    for (const Buffer& frame : {"08 00"_hex, "09 00"_hex, "0a 00"_hex, "09 02 61 62"_hex}) {
        const Heard heard = feed(opened(role), to(role, frame));
        CHECK(heard.events == Lines{"failed fragmented_control at 2"});
        CHECK(says_close(heard, role, 1002));
    }
}

TEST_CASE("§5.5: a control frame has at most 125 bytes") {
    const auto role = GENERATE(Role::client, Role::server);
    for (const Buffer& frame : {"88 7e 00 7e"_hex, "89 7e 00 7e"_hex,
                                "8a 7f 00 00 00 00 00 01 00 00"_hex, "89 7e 00 01 61"_hex}) {
        const Heard heard = feed(opened(role), to(role, frame));
        CHECK(heard.events == Lines{"failed long_control at 2"});
        CHECK(says_close(heard, role, 1002));
    }
    const Buffer payload(125, std::byte{'x'});
    const Heard heard = feed(opened(role), to(role, "89 7d"_hex + payload));
    CHECK(heard.events == Lines{"ping '" + std::string(125, 'x') + "'"});
    CHECK(heard.output == sent_by(role, "8a 7d"_hex + payload));
}

TEST_CASE("§5.5.2: a Ping is answered with a Pong of the same payload") {
    const auto role = GENERATE(Role::client, Role::server);
    CHECK(feed(opened(role), to(role, "89 00"_hex)).output == sent_by(role, "8a 00"_hex));
    const Heard heard = feed(opened(role), to(role, "89 03 00 ff 80"_hex));
    CHECK(heard.output == sent_by(role, "8a 03 00 ff 80"_hex));
}

TEST_CASE("§5.5.2: by hand, if automation is off") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard =
        feed(opened(role, {.automation = {.pong = false}}), to(role, "89 01 61"_hex));
    CHECK(heard.events == Lines{"ping 'a'"});
    CHECK(heard.output.empty());
}

TEST_CASE("§5.5.3: a Pong that nobody asked for needs no answer") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard = feed(opened(role), to(role, "8a 02 68 69"_hex) + to(role, "81 01 61"_hex));
    CHECK(heard.events == Lines{"pong 'hi'", "[text 'a']"});
    CHECK(heard.output.empty());
}

TEST_CASE("§5.5.3: 16 unsent Pongs are kept, then newer ones replace the oldest") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    Log log;
    const auto ping = [&](unsigned i) {
        drain_events(server, to(Role::server, "89 01"_hex + Buffer{static_cast<std::byte>(i)}),
                     log);
    };
    Buffer expected;
    for (unsigned i = 0; i < 16; ++i) {
        ping(i);
        expected = expected + "8a 01"_hex + Buffer{static_cast<std::byte>(i)};
    }
    CHECK(server.queued() == 16 * 3);
    ping(16);
    ping(17);
    CHECK(server.queued() == 16 * 3);
    expected.erase(expected.begin(), expected.begin() + 6);
    CHECK(to_hex(take_output(server)) == to_hex(expected + "8a 01 10 8a 01 11"_hex));
    ping(18);
    CHECK(to_hex(take_output(server)) == "8a 01 12");
}

TEST_CASE("§5.5.2: a flood of Pings takes no more memory than 17 Pongs") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    Log log;
    for (unsigned i = 0; i < 1000; ++i) {
        drain_events(server, to(Role::server, "89 02"_hex + Buffer(2, std::byte{'p'})), log);
        static_cast<void>(server.output());  // shown, hence not to be replaced
    }
    CHECK(server.queued() <= 17 * 4);
}

TEST_CASE("§5.5: what cannot be sent as a control frame") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role)(entropy);
    CHECK(connection.ping(Buffer(126)) == Error::control_too_long);
    CHECK(connection.pong(Buffer(126)) == Error::control_too_long);
    CHECK(connection.queued() == 0);
    CHECK(connection.ping(Buffer(125)) == Error::none);
    CHECK(connection.pong(to_bytes("hi")) == Error::none);
    CHECK(connection.stats().frames_sent == 2);
}

TEST_CASE("§5.5: control frames go before data that has not started") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    REQUIRE(server.send(MessageType::text, Payload::copy("a")) == Error::none);
    REQUIRE(server.send(MessageType::text, Payload::copy("b")) == Error::none);
    static_cast<void>(server.output());
    server.consume(2);  // within the first frame
    REQUIRE(server.ping() == Error::none);
    CHECK(to_hex(take_output(server)) == "61 89 00 81 01 62");
}

}  // namespace
}  // namespace wsproof::test
