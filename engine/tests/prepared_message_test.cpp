#include <catch2/catch.hpp>
#include <wsproof/prepared_message.hpp>

#include "support/feed.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("PreparedMessage: made once, sent on many connections, without a copy") {
    FakeEntropy entropy;
    const PreparedMessage message(MessageType::text, to_bytes("Hello"));
    CHECK(message.error() == Error::none);
    CHECK(message.header_size() == 2);
    for (Token token = 0; token < 3; ++token) {
        Connection server = opened(Role::server)(entropy);
        REQUIRE(server.send(message, token) == Error::none);
        REQUIRE(server.output().size() == 1);
        CHECK(server.output()[0].data() == message.bytes().data());
        CHECK(to_hex(take_output(server)) == "81 05 48 65 6c 6c 6f");
        CHECK(server.next_released() == token);
        CHECK(server.stats().messages_sent == 1);
        CHECK(server.stats().frames_sent == 1);
    }
}

TEST_CASE("PreparedMessage: is the same as sending, at every form of the length") {
    FakeEntropy entropy;
    for (const std::size_t size : {0U, 125U, 126U, 65535U, 65536U}) {
        const Buffer payload(size, std::byte{'x'});
        const PreparedMessage message(MessageType::binary, payload);
        Connection server = opened(Role::server)(entropy);
        REQUIRE(server.send(MessageType::binary, Payload::copy(payload)) == Error::none);
        CHECK((take_output(server) == Buffer(message.bytes().begin(), message.bytes().end())));
        CHECK(message.bytes().size() == message.header_size() + size);
    }
}

TEST_CASE("PreparedMessage: what cannot be sent") {
    FakeEntropy entropy;
    const PreparedMessage bad(MessageType::text, to_bytes("\xC3"));
    CHECK(bad.error() == Error::invalid_utf8_argument);
    Connection server = opened(Role::server)(entropy);
    CHECK(server.send(bad, 1) == Error::invalid_utf8_argument);
    const PreparedMessage good(MessageType::binary, to_bytes("\xC3"));
    Connection client = opened(Role::client)(entropy);
    CHECK(client.send(good, 1) == Error::invalid_argument);
    REQUIRE(server.begin(MessageType::text) == Error::none);
    CHECK(server.send(good, 1) == Error::message_open);
    REQUIRE(server.close() == Error::none);
    CHECK(server.send(good, 1) == Error::wrong_state);
    CHECK_FALSE(server.next_released());
}

}  // namespace
}  // namespace wsproof::test
