#include <algorithm>
#include <catch2/catch.hpp>
#include <wsproof/connection.hpp>
#include <wsproof/message_reader.hpp>

#include "support/bytes.hpp"
#include "support/fake_entropy.hpp"

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

// put copies text into room, as a read would.
MutableBytes put(MessageReader& reader, std::string_view text) {
    const MutableBytes room = reader.room(std::max<std::size_t>(text.size(), 8));
    const Bytes bytes = std::as_bytes(std::span(text));
    std::copy(bytes.begin(), bytes.end(), room.begin());
    return room.first(text.size());
}

MessageData part(bool first, bool last, Bytes payload) {
    return {MessageType::text, first, last, payload};
}

TEST_CASE("MessageReader: what goes on in room is not copied") {
    MessageReader reader(100);
    const MutableBytes first = reader.room(64);
    std::fill(first.begin(), first.end(), std::byte{'a'});
    REQUIRE(reader.add(part(true, false, first.subspan(2, 6))) == Error::none);
    const MutableBytes second = reader.room(16);
    CHECK(second.data() == first.data() + 8);
    std::fill(second.begin(), second.end(), std::byte{'b'});
    REQUIRE(reader.add(part(false, true, second.first(3))) == Error::none);
    REQUIRE(reader.message());
    CHECK(reader.message()->payload.data() == first.data() + 2);
    CHECK(to_text(reader.message()->payload) == "aaaaaabbb");
}

TEST_CASE("MessageReader: room begins where it began once nothing is held") {
    MessageReader reader(100);
    const std::byte* const begin = reader.room(64).data();
    for (int round = 0; round < 3; ++round) {
        MutableBytes in = reader.room(8);
        CHECK(in.data() == begin);
        REQUIRE(reader.add(part(true, false, in.subspan(2))) == Error::none);
        in = reader.room(8);
        CHECK(in.data() == begin + 8);
        REQUIRE(reader.add(part(false, true, in)) == Error::none);
    }
}

TEST_CASE("MessageReader: a header between two pieces in room goes") {
    MessageReader reader(100);
    const MutableBytes in = put(reader, "Hel##lo!next");
    REQUIRE(reader.add(part(true, false, in.first(3))) == Error::none);
    REQUIRE(reader.add(part(false, true, in.subspan(5, 3))) == Error::none);
    CHECK(to_text(reader.message()->payload) == "Hello!");
    CHECK(to_text(in.subspan(8)) == "next");
    REQUIRE(reader.add(part(true, true, in.subspan(8))) == Error::none);
    CHECK(to_text(reader.message()->payload) == "next");
}

TEST_CASE("MessageReader: what is inflated leaves room alone") {
    MessageReader reader(100);
    const MutableBytes in = put(reader, "compressed");
    REQUIRE(reader.add(piece(true, false, to_bytes("Hel"))) == Error::none);
    REQUIRE(reader.add(piece(false, true, to_bytes("lo"))) == Error::none);
    CHECK(to_text(reader.message()->payload) == "Hello");
    CHECK(to_text(in) == "compressed");
}

TEST_CASE("MessageReader: a message may begin in room and go on elsewhere") {
    MessageReader reader(100);
    REQUIRE(reader.add(part(true, false, put(reader, "Hel"))) == Error::none);
    REQUIRE(reader.add(piece(false, false, to_bytes("lo, this is longer than room was"))) ==
            Error::none);
    REQUIRE(reader.add(part(false, true, put(reader, "!"))) == Error::none);
    CHECK(to_text(reader.message()->payload) == "Hello, this is longer than room was!");
}

TEST_CASE("MessageReader: room bounds a message like any other memory") {
    MessageReader reader(4);
    REQUIRE(reader.add(part(true, false, put(reader, "Hel"))) == Error::none);
    CHECK(reader.add(part(false, false, put(reader, "lo"))) == Error::message_too_big);
    CHECK(reader.add(part(false, true, put(reader, "!"))) == Error::message_too_big);
    REQUIRE(reader.add(part(true, true, put(reader, "good"))) == Error::none);
    CHECK(reader.message());
}

// Messages of all sizes up to 600, every other one in fragments of up to 7 bytes, read in pieces of
// `read_size`: each comes out as it was sent.
void read_in_room(std::size_t read_size) {
    FakeEntropy entropy;
    Connection client = Connection::adopt(Role::client, Opened{}, {}, entropy, Time{});
    Connection server = Connection::adopt(Role::server, Opened{}, {}, entropy, Time{});
    Buffer wire;
    std::vector<std::string> sent;
    for (std::size_t size = 0; size < 600; size += 7) {
        sent.emplace_back(size, static_cast<char>('a' + size % 26));
        const std::uint64_t fragment_at = size % 2 == 0 ? kUnlimited : 7;
        REQUIRE(client.send(MessageType::text, Payload::copy(sent.back()),
                            {.fragment_at = fragment_at}) == Error::none);
    }
    while (client.queued() > 0) {
        Buffer out(4096);
        out.resize(client.write(out));
        wire.insert(wire.end(), out.begin(), out.end());
    }
    MessageReader reader(1000);
    std::vector<std::string> got;
    for (std::size_t offset = 0; offset < wire.size(); offset += read_size) {
        const auto read = Bytes(wire).subspan(offset, std::min(read_size, wire.size() - offset));
        MutableBytes in = reader.room(read_size).first(read.size());
        std::copy(read.begin(), read.end(), in.begin());
        while (const auto event = server.next(in)) {
            REQUIRE(reader.add(std::get<MessageData>(*event)) == Error::none);
            if (const auto& message = reader.message()) {
                got.push_back(to_text(message->payload));
            }
        }
    }
    CHECK(got == sent);
}

TEST_CASE("MessageReader: messages read in room come whole, however they are cut") {
    for (const std::size_t read_size : {1U, 2U, 3U, 5U, 16U, 61U, 128U, 1000U, 100000U}) {
        CAPTURE(read_size);
        read_in_room(read_size);
    }
}

}  // namespace
}  // namespace wsproof
