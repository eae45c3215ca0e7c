// The wiring of input: what next() takes, gives and keeps. The rules are tested in rfc6455/.
#include <catch2/catch.hpp>

#include "support/feed.hpp"

namespace wsproof::test {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("next: one event a call, and it takes no more than that event") {
    FakeEntropy entropy;
    Connection client = opened(Role::client)(entropy);
    Buffer bytes = "89 01 61 81 02 68 69 8a 00 82"_hex;
    MutableBytes in(bytes);
    REQUIRE(describe(client.next(in).value()) == "ping 'a'");
    CHECK(in.size() == 7);
    REQUIRE(describe(client.next(in).value()) == "[text 'hi']");
    CHECK(in.size() == 3);
    REQUIRE(describe(client.next(in).value()) == "pong ''");
    CHECK(in.size() == 1);
    CHECK_FALSE(client.next(in));
    CHECK(in.empty());
}

TEST_CASE("next: the state has changed before the event says so") {
    FakeEntropy entropy;
    Connection client = opened(Role::client)(entropy);
    Buffer bytes = "88 00"_hex;
    MutableBytes in(bytes);
    REQUIRE(describe(client.next(in).value()) == "close 1005 ''");
    CHECK(client.state() == State::draining);
    CHECK(client.queued() > 0);
}

TEST_CASE("next: a control frame that comes in pieces does not need the caller's memory") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    const Buffer frame = to(Role::server, "89 03 61 62 63"_hex);
    for (std::size_t i = 0; i < frame.size(); ++i) {
        Buffer one{frame[i]};
        MutableBytes in(one);
        const auto event = server.next(in);
        CHECK(in.empty());
        one[0] = std::byte{0xEE};
        REQUIRE(event.has_value() == (i + 1 == frame.size()));
        if (event) {
            CHECK(describe(*event) == "ping 'abc'");
        }
    }
}

TEST_CASE("next: good text before a bad byte is delivered although the connection has failed") {
    FakeEntropy entropy;
    Connection client = opened(Role::client)(entropy);
    Buffer bytes = "81 04 61 62 ff 63 89 00"_hex;
    MutableBytes in(bytes);
    REQUIRE(describe(client.next(in).value()) == "[text 'ab'");
    CHECK(client.state() == State::draining);
    CHECK(client.error() == Error::invalid_utf8);
    REQUIRE(describe(client.next(in).value()) == "failed invalid_utf8 at 5");
    CHECK_FALSE(client.next(in));
    CHECK(in.empty());
    client.end_of_input();
    REQUIRE(describe(client.next(in).value()) == "closed unclean 1006 invalid_utf8");
    CHECK_FALSE(client.next(in));
}

TEST_CASE("next: nothing is pinged back while the peer's Close awaits our answer") {
    FakeEntropy entropy;
    Connection server = opened(Role::server, {.automation = {.close = false}})(entropy);
    Log log;
    drain_events(server, to(Role::server, "88 00"_hex) + to(Role::server, "89 00"_hex), log);
    CHECK(log.lines() == Lines{"close 1005 ''"});
    CHECK(server.queued() == 0);
}

// Every call in every order, as a hostile peer and a careless owner would have it.
TEST_CASE("Connection: any call may follow any other") {
    for (unsigned seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        unsigned state = seed;
        const auto random = [&state](unsigned below) {
            state = state * 1664525U + 1013904223U;
            return (state >> 8) % below;
        };
        const Role role = random(2) == 0 ? Role::client : Role::server;
        const Options options{
            .limits = {.frame = random(300), .message = random(600), .output_queue = 400},
            .timers = {.close = std::chrono::seconds(random(4)),
                       .ping_after_idle = std::chrono::seconds(random(9)),
                       .pong = std::chrono::seconds(3)},
            .automation = {.pong = random(2) == 0, .close = random(2) == 0}};
        FakeEntropy entropy;
        Connection connection = opened(role, options)(entropy);
        const Buffer lent(100, std::byte{'x'});
        std::size_t lent_count = 0;
        std::size_t released_count = 0;
        std::size_t closed_count = 0;
        State last = State::open;
        int now = 0;
        for (int step = 0; step < 120; ++step) {
            switch (random(13)) {
                case 0:
                    static_cast<void>(connection.send(MessageType::text, Payload::copy("text")));
                    break;
                case 1: {
                    const Payload payload = Payload::borrow(lent, lent_count);
                    const SendOptions how{.fragment_at = 1 + random(70)};
                    const Error why = connection.send(MessageType::binary, payload, how);
                    lent_count += why == Error::none ? 1 : 0;
                    break;
                }
                case 2:
                    static_cast<void>(connection.begin(MessageType::text));
                    static_cast<void>(connection.append(Payload::copy("\xC3")));
                    break;
                case 3:
                    static_cast<void>(connection.finish());
                    break;
                case 4:
                    static_cast<void>(connection.ping(Buffer(random(130))));
                    break;
                case 5:
                    now += static_cast<int>(random(3));
                    connection.tick(Time{std::chrono::seconds(now)});
                    break;
                case 6:
                    connection.consume(random(50));
                    break;
                case 7:
                    static_cast<void>(connection.output());
                    break;
                case 8:
                    if (random(12) == 0) {
                        static_cast<void>(connection.close());
                    } else if (random(20) == 0) {
                        connection.abort(static_cast<CloseCode>(random(5000)));
                    } else if (random(20) == 0) {
                        connection.end_of_input();
                    }
                    break;
                default: {
                    static const std::vector<Buffer> kFrames = {
                        "81 02 c3 a9"_hex, "01 01 c3"_hex, "80 01 a9"_hex, "89 01 70"_hex,
                        "88 00"_hex,       "02 00"_hex,    "8a 00"_hex,    "83 00"_hex};
                    Buffer bytes = to(role, kFrames[random(random(9) == 0 ? 8 : 4)]);
                    bytes.resize(bytes.size() - (random(9) == 0 ? 1 : 0));
                    MutableBytes in(bytes);
                    while (const auto event = connection.next(in)) {
                        REQUIRE(closed_count == 0);  // Closed is the last
                        closed_count += std::get_if<Closed>(&*event) != nullptr ? 1 : 0;
                    }
                    REQUIRE(in.empty());
                    break;
                }
            }
            REQUIRE(connection.state() >= last);
            last = connection.state();
        }
        connection.end_of_input();
        MutableBytes none;
        while (const auto event = connection.next(none)) {
            closed_count += std::get_if<Closed>(&*event) != nullptr ? 1 : 0;
        }
        CHECK(closed_count == 1);
        static_cast<void>(take_output(connection, 1 + random(99)));
        CHECK(connection.queued() == 0);
        while (connection.next_released()) {
            ++released_count;
        }
        CHECK(released_count == lent_count);
    }
}

}  // namespace
}  // namespace wsproof::test
