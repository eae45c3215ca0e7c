// RFC 6455 §5.4: messages in fragments, as they come and as they go.
#include <catch2/catch.hpp>

#include "../support/feed.hpp"

namespace wsproof::test {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("§5.4: fragments make one message") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard =
        feed(opened(role), to(role, "01 03 48 65 6c"_hex) + to(role, "80 02 6c 6f"_hex));
    CHECK(heard.events == Lines{"[text 'Hello']"});
}

TEST_CASE("§5.4: empty fragments anywhere, and a message of nothing else") {
    const auto role = GENERATE(Role::client, Role::server);
    Heard heard = feed(opened(role), to(role, "01 00"_hex) + to(role, "00 01 61"_hex) +
                                         to(role, "00 00"_hex) + to(role, "80 00"_hex));
    CHECK(heard.events == Lines{"[text 'a']"});
    heard =
        feed(opened(role), to(role, "02 00"_hex) + to(role, "00 00"_hex) + to(role, "80 00"_hex));
    CHECK(heard.events == Lines{"[binary ]"});
}

TEST_CASE("§5.4: control frames between fragments are answered at once") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard =
        feed(opened(role), to(role, "01 03 48 65 6c"_hex) + to(role, "89 01 70"_hex) +
                               to(role, "8a 01 71"_hex) + to(role, "80 02 6c 6f"_hex));
    CHECK(heard.events == Lines{"[text 'Hel'", "ping 'p'", "pong 'q'", "text 'lo']"});
    CHECK(heard.output == sent_by(role, "8a 01 70"_hex));
}

TEST_CASE("§5.4: a Close between fragments ends the conversation") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard = feed(opened(role), to(role, "01 01 61"_hex) + to(role, "88 02 03 e8"_hex) +
                                               to(role, "80 01 62"_hex));
    CHECK(heard.events == Lines{"[text 'a'", "close 1000 ''"});
    CHECK(heard.output == sent_by(role, "88 02 03 e8"_hex));
}

TEST_CASE("§5.4: a continuation of nothing") {
    const auto role = GENERATE(Role::client, Role::server);
    for (const Buffer& frame : {"80 01 61"_hex, "00 01 61"_hex, "80 00"_hex}) {
        const Heard heard = feed(opened(role), to(role, frame));
        CHECK(heard.events == Lines{"failed orphan_continuation at 2"});
        CHECK(says_close(heard, role, 1002));
    }
    const Buffer whole = to(role, "81 01 61"_hex);
    const Heard heard = feed(opened(role), whole + to(role, "80 01 62"_hex));
    CHECK(heard.events ==
          Lines{"[text 'a']", "failed orphan_continuation at " + std::to_string(whole.size() + 2)});
}

TEST_CASE("§5.4: a message inside another") {
    const auto role = GENERATE(Role::client, Role::server);
    const Buffer start = to(role, "01 01 61"_hex);
    for (const Buffer& frame : {"81 01 62"_hex, "02 01 62"_hex}) {
        const Heard heard = feed(opened(role), start + to(role, frame));
        CHECK(heard.events == Lines{"[text 'a'", "failed interrupted_message at " +
                                                     std::to_string(start.size() + 2)});
        CHECK(says_close(heard, role, 1002));
    }
}

TEST_CASE("§5.4: a message is split where it was asked for") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role)(entropy);
    REQUIRE(connection.send(MessageType::text, Payload::copy("Hello"), {.fragment_at = 2}) ==
            Error::none);
    CHECK(connection.stats().frames_sent == 3);
    CHECK(connection.stats().messages_sent == 1);
    const Heard heard = feed(opened(other(role)), take_output(connection));
    CHECK(heard.events == Lines{"[text 'Hello']"});
}

TEST_CASE("§5.4: the frames of a split message") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    REQUIRE(server.send(MessageType::text, Payload::copy("Hello"), {.fragment_at = 2}) ==
            Error::none);
    REQUIRE(server.send(MessageType::binary, Payload::copy("ab"), {.fragment_at = 2}) ==
            Error::none);
    CHECK(to_hex(take_output(server)) == "01 02 48 65 00 02 6c 6c 80 01 6f 82 02 61 62");
}

TEST_CASE("§5.4: a message of unknown length") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    REQUIRE(server.begin(MessageType::text) == Error::none);
    CHECK(server.queued() == 0);
    REQUIRE(server.append(Payload::copy("Hel")) == Error::none);
    REQUIRE(server.append(Payload::copy("lo")) == Error::none);
    REQUIRE(server.finish() == Error::none);
    CHECK(to_hex(take_output(server)) == "01 03 48 65 6c 00 02 6c 6f 80 00");
    REQUIRE(server.begin(MessageType::binary) == Error::none);
    REQUIRE(server.finish() == Error::none);
    CHECK(to_hex(take_output(server)) == "82 00");
}

TEST_CASE("§5.4: nothing but control frames comes between our fragments") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    CHECK(server.append(Payload::copy("x")) == Error::no_message_open);
    CHECK(server.finish() == Error::no_message_open);
    REQUIRE(server.begin(MessageType::text) == Error::none);
    CHECK(server.begin(MessageType::text) == Error::message_open);
    CHECK(server.send(MessageType::text, Payload::copy("x")) == Error::message_open);
    REQUIRE(server.append(Payload::copy("a")) == Error::none);
    CHECK(to_hex(take_output(server)) == "01 01 61");
    REQUIRE(server.ping() == Error::none);
    REQUIRE(server.finish() == Error::none);
    CHECK(to_hex(take_output(server)) == "89 00 80 00");
}

TEST_CASE("§10.4: more fragments than allowed, though they are empty") {
    const auto role = GENERATE(Role::client, Role::server);
    const Buffer start = to(role, "02 00"_hex) + to(role, "00 00"_hex);
    const Heard heard =
        feed(opened(role, {.limits = {.fragments = 2}}), start + to(role, "80 00"_hex));
    CHECK(heard.events ==
          Lines{"failed too_many_fragments at " + std::to_string(start.size() + 2)});
    CHECK(feed(opened(role, {.limits = {.fragments = 3}}), start + to(role, "80 00"_hex)).events ==
          Lines{"[binary ]"});
}

TEST_CASE("§10.4: a frame or message over its limit fails from its header alone") {
    const auto role = GENERATE(Role::client, Role::server);
    const Options options{.limits = {.frame = 4, .message = 6}};
    Heard heard = feed(opened(role, options), to(role, "82 05"_hex));
    CHECK(heard.events == Lines{"failed frame_too_big at 2"});
    CHECK(says_close(heard, role, 1009));
    const Buffer start = to(role, "02 04 61 61 61 61"_hex);
    heard = feed(opened(role, options), start + to(role, "80 03"_hex));
    CHECK(heard.events == Lines{"[binary 61 61 61 61",
                                "failed message_too_big at " + std::to_string(start.size() + 2)});
    CHECK(says_close(heard, role, 1009));
    heard = feed(opened(role, options), start + to(role, "80 02 61 61"_hex) + start);
    CHECK(heard.events == Lines{"[binary 61 61 61 61 61 61]", "[binary 61 61 61 61"});
}

TEST_CASE("§10.4: an announced giant is refused without waiting for its key") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard = feed(opened(role), to(role, "82 7f 7f ff ff ff ff ff ff ff"_hex));
    CHECK(heard.events == Lines{"failed frame_too_big at 10"});
    CHECK(says_close(heard, role, 1009));
}

}  // namespace
}  // namespace wsproof::test
