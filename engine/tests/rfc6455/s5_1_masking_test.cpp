// RFC 6455 §5.1 and §5.3: who masks, and what is done to those who get it wrong.
#include <catch2/catch.hpp>

#include "../support/feed.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("§5.1: a server fails a connection whose frame is not masked") {
    for (const Buffer& frame :
         {"81 05 48 65 6c 6c 6f"_hex, "89 00"_hex, "88 00"_hex, "81 00"_hex}) {
        const Heard heard = feed(opened(Role::server), frame);
        CHECK(heard.events == std::vector<std::string>{"failed missing_mask at 2"});
        CHECK(says_close(heard, Role::server, 1002));
        CHECK(heard.transport == Transport::shut_down_write);
    }
}

TEST_CASE("§5.1: a client fails a connection whose frame is masked") {
    for (const Buffer& frame : {"81 85 37 fa 21 3d 7f 9f 4d 51 58"_hex, "89 80 00 00 00 00"_hex,
                                "81 80 01 02 03 04"_hex}) {
        const Heard heard = feed(opened(Role::client), frame);
        CHECK(heard.events == std::vector<std::string>{"failed unexpected_mask at 2"});
        CHECK(says_close(heard, Role::client, 1002));
        CHECK(heard.transport == Transport::keep);  // RFC 6455 §7.1.1: the server goes first
    }
}

TEST_CASE("§5.3: every client frame has a key of its own, no server frame has any") {
    FakeEntropy entropy;
    Connection client = opened(Role::client)(entropy);
    REQUIRE(client.send(MessageType::text, Payload::copy("Hello")) == Error::none);
    REQUIRE(client.send(MessageType::text, Payload::copy("Hello")) == Error::none);
    CHECK(to_hex(take_output(client)) ==
          "81 85 37 fa 21 3d 7f 9f 4d 51 58 81 85 38 fb 22 3e 70 9e 4e 52 57");
    Connection server = opened(Role::server)(entropy);
    REQUIRE(server.send(MessageType::text, Payload::copy("Hello")) == Error::none);
    CHECK(to_hex(take_output(server)) == "81 05 48 65 6c 6c 6f");
}

TEST_CASE("§5.3: a key of zeros is a key") {
    const Heard heard = feed(opened(Role::server), "81 85 00 00 00 00 48 65 6c 6c 6f"_hex);
    CHECK(heard.events == std::vector<std::string>{"[text 'Hello']"});
}

}  // namespace
}  // namespace wsproof::test
