#include <catch2/catch.hpp>
#include <wsproof/message_reader.hpp>

#include "support/bytes.hpp"

namespace wsproof {
namespace {

using namespace test;

MessageData piece(bool first, bool last, const Buffer& payload) {
    return {MessageType::text, first, last, payload};
}

TEST_CASE("MessageReader: a message in one piece is not copied") {
    MessageReader reader(10);
    const Buffer hello = to_bytes("Hello");
    REQUIRE(reader.add(piece(true, true, hello)) == Error::none);
    REQUIRE(reader.message());
    CHECK(reader.message()->payload.data() == hello.data());
    CHECK(reader.message()->type == MessageType::text);
}

TEST_CASE("MessageReader: pieces become a message with the last of them") {
    MessageReader reader(5);
    for (int round = 0; round < 2; ++round) {
        REQUIRE(reader.add(piece(true, false, to_bytes("Hel"))) == Error::none);
        CHECK_FALSE(reader.message());
        REQUIRE(reader.add(piece(false, false, {})) == Error::none);
        REQUIRE(reader.add(piece(false, true, to_bytes("lo"))) == Error::none);
        REQUIRE(reader.message());
        CHECK(to_text(reader.message()->payload) == "Hello");
    }
}

TEST_CASE("MessageReader: too long a message is dropped, the next is not") {
    MessageReader reader(4);
    CHECK(reader.add(piece(true, true, to_bytes("Hello"))) == Error::message_too_big);
    CHECK_FALSE(reader.message());
    REQUIRE(reader.add(piece(true, false, to_bytes("Hel"))) == Error::none);
    CHECK(reader.add(piece(false, false, to_bytes("lo"))) == Error::message_too_big);
    CHECK(reader.add(piece(false, true, {})) == Error::message_too_big);
    CHECK_FALSE(reader.message());
    REQUIRE(reader.add(piece(true, true, to_bytes("good"))) == Error::none);
    CHECK(reader.message());
}

TEST_CASE("MessageReader: zero means zero") {
    MessageReader reader(0);
    REQUIRE(reader.add(piece(true, true, {})) == Error::none);
    CHECK(reader.message());
    CHECK(reader.add(piece(true, true, to_bytes("x"))) == Error::message_too_big);
}

}  // namespace
}  // namespace wsproof
