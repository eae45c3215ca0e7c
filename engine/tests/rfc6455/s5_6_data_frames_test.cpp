// RFC 6455 §5.6, §5.7 and §8.1: text, binary, the examples, and text that is not UTF-8.
#include <catch2/catch.hpp>

#include "../support/feed.hpp"

namespace wsproof::test {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("§5.7: the examples") {
    CHECK(feed(opened(Role::client), "81 05 48 65 6c 6c 6f"_hex).events == Lines{"[text 'Hello']"});
    CHECK(feed(opened(Role::server), "81 85 37 fa 21 3d 7f 9f 4d 51 58"_hex).events ==
          Lines{"[text 'Hello']"});
    CHECK(feed(opened(Role::client), "01 03 48 65 6c 80 02 6c 6f"_hex).events ==
          Lines{"[text 'Hello']"});
    const Heard ping = feed(opened(Role::client), "89 05 48 65 6c 6c 6f"_hex);
    CHECK(ping.events == Lines{"ping 'Hello'"});
    CHECK(ping.output == "8a 85 37 fa 21 3d 7f 9f 4d 51 58");
    CHECK(feed(opened(Role::server), "8a 85 37 fa 21 3d 7f 9f 4d 51 58"_hex).events ==
          Lines{"pong 'Hello'"});
    const Buffer bytes(256, std::byte{'x'});
    CHECK(feed(opened(Role::client), "82 7e 01 00"_hex + bytes).events ==
          Lines{"[binary " + to_hex(bytes) + "]"});
}

TEST_CASE("§5.6: binary is any bytes") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard = feed(opened(role), to(role, "82 04 ff c3 28 00"_hex));
    CHECK(heard.events == Lines{"[binary ff c3 28 00]"});
}

TEST_CASE("§5.6: empty messages") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard = feed(opened(role), to(role, "81 00"_hex) + to(role, "82 00"_hex));
    CHECK(heard.events == Lines{"[text '']", "[binary ]"});
}

TEST_CASE("§8.1: code points cut by fragments are whole text") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard =
        feed(opened(role), to(role, "01 02 61 e2"_hex) + to(role, "00 00"_hex) +
                               to(role, "00 01 82"_hex) + to(role, "80 02 ac 62"_hex));
    CHECK(heard.events == Lines{"[text 'a\xE2\x82\xAC"
                                "b']"});
}

TEST_CASE(
    "§8.1: text fails at its first bad byte, inside a frame, and what was good is delivered") {
    const auto role = GENERATE(Role::client, Role::server);
    const std::size_t start = role == Role::server ? 6 : 2;
    struct Row {
        Buffer payload;
        std::size_t valid;
        std::string delivered;
    };
    const std::vector<Row> rows = {
        {"61 62 ff 63"_hex, 2, "ab"},
        {"c0 80"_hex, 0, ""},
        {"61 ed a0 80"_hex, 2, "a\xED"},
        {"f4 90 80 80"_hex, 1, "\xF4"},
        {"61 e2 28 a1"_hex, 2, "a\xE2"},
        {"80"_hex, 0, ""},
        {"f0 9f 92 c3 a9"_hex, 3, "\xF0\x9F\x92"},
    };
    for (const Row& row : rows) {
        CAPTURE(to_hex(row.payload));
        const Buffer frame =
            "81"_hex + Buffer{static_cast<std::byte>(row.payload.size())} + row.payload;
        const Heard heard = feed(opened(role), to(role, frame));
        Lines expected;
        if (!row.delivered.empty()) {
            expected.push_back("[text '" + row.delivered + "'");
        }
        expected.push_back("failed invalid_utf8 at " + std::to_string(start + row.valid + 1));
        CHECK(heard.events == expected);
        CHECK(says_close(heard, role, 1007));
    }
}

TEST_CASE("§8.1: a text that ends within a code point") {
    const auto role = GENERATE(Role::client, Role::server);
    const std::size_t start = role == Role::server ? 6 : 2;
    Heard heard = feed(opened(role), to(role, "81 04 61 62 e2 82"_hex));
    CHECK(heard.events ==
          Lines{"[text 'ab\xE2'", "failed invalid_utf8 at " + std::to_string(start + 4)});
    heard = feed(opened(role), to(role, "81 01 c3"_hex));
    CHECK(heard.events == Lines{"failed invalid_utf8 at " + std::to_string(start + 1)});
    heard = feed(opened(role), to(role, "01 01 c3"_hex) + to(role, "80 00"_hex));
    CHECK(heard.events ==
          Lines{"[text '\xC3'", "failed invalid_utf8 at " + std::to_string(2 * start + 1)});
    CHECK(says_close(heard, role, 1007));
}

TEST_CASE("§8.1: each text is judged by itself") {
    const auto role = GENERATE(Role::client, Role::server);
    const Heard heard = feed(opened(role), to(role, "82 01 c3"_hex) + to(role, "81 01 61"_hex));
    CHECK(heard.events == Lines{"[binary c3]", "[text 'a']"});
}

TEST_CASE("§5.6: text to be sent must be UTF-8, refused with nothing changed") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role)(entropy);
    CHECK(connection.send(MessageType::text, Payload::copy("\xC3")) ==
          Error::invalid_utf8_argument);
    CHECK(connection.send(MessageType::text, Payload::copy("a\xFF")) ==
          Error::invalid_utf8_argument);
    CHECK(connection.queued() == 0);
    REQUIRE(connection.begin(MessageType::text) == Error::none);
    REQUIRE(connection.append(Payload::copy("\xE2\x82")) == Error::none);
    CHECK(connection.append(Payload::copy("a")) == Error::invalid_utf8_argument);
    CHECK(connection.finish() == Error::invalid_utf8_argument);
    REQUIRE(connection.append(Payload::copy("\xAC")) == Error::none);
    REQUIRE(connection.finish() == Error::none);
    CHECK(feed(opened(other(role)), take_output(connection)).events ==
          Lines{"[text '\xE2\x82\xAC']"});
    CHECK(connection.send(MessageType::binary, Payload::copy("\xC3")) == Error::none);
}

}  // namespace
}  // namespace wsproof::test
