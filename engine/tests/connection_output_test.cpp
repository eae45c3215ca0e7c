// The wiring of output: what a send is checked against, and in which order.
#include <algorithm>
#include <catch2/catch.hpp>
#include <wsproof/frame.hpp>

#include "support/feed.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("send: the state is asked first, then the queue, then the message, then the payload") {
    FakeEntropy entropy;
    Connection server = opened(Role::server, {.limits = {.output_queue = 3}})(entropy);
    const Payload bad_text = Payload::copy("\xFF");
    CHECK(server.send(MessageType::text, bad_text) == Error::invalid_utf8_argument);
    REQUIRE(server.begin(MessageType::text) == Error::none);
    CHECK(server.send(MessageType::text, bad_text) == Error::message_open);
    REQUIRE(server.append(Payload::copy("a")) == Error::none);
    CHECK(server.send(MessageType::text, bad_text) == Error::output_full);
    REQUIRE(server.close() == Error::none);
    CHECK(server.send(MessageType::text, bad_text) == Error::wrong_state);
}

TEST_CASE("send: a refusal changes nothing") {
    FakeEntropy entropy;
    Connection client = opened(Role::client)(entropy);
    Buffer bytes = to_bytes("\xFFtext");
    CHECK(client.send(MessageType::text, Payload::borrow_mutable(bytes, 1)) ==
          Error::invalid_utf8_argument);
    CHECK(to_text(bytes) == "\xFFtext");  // not masked
    CHECK(client.queued() == 0);
    CHECK(client.stats().frames_sent == 0);
    CHECK_FALSE(client.next_released());
    CHECK(client.send(MessageType::text, Payload::copy("Hello")) == Error::none);
    CHECK(to_hex(take_output(client)) == "81 85 37 fa 21 3d 7f 9f 4d 51 58");  // the first key
}

TEST_CASE("append: empty pieces are frames of a message") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    REQUIRE(server.begin(MessageType::binary) == Error::none);
    REQUIRE(server.append(Payload::borrow({}, 5)) == Error::none);
    CHECK(server.next_released() == Token{5});
    REQUIRE(server.append(Payload::copy("ab")) == Error::none);
    REQUIRE(server.finish() == Error::none);
    CHECK(to_hex(take_output(server)) == "02 00 00 02 61 62 80 00");
    CHECK(server.stats().messages_sent == 1);
}

TEST_CASE("begin: the way to split holds for each piece") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    REQUIRE(server.begin(MessageType::text, {.fragment_at = 2}) == Error::none);
    REQUIRE(server.append(Payload::copy("abc")) == Error::none);
    REQUIRE(server.append(Payload::copy("de")) == Error::none);
    REQUIRE(server.finish() == Error::none);
    CHECK(to_hex(take_output(server)) == "01 02 61 62 00 01 63 00 02 64 65 80 00");
}

TEST_CASE("queued: counts what is lent too, and falls as it is consumed") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    const Buffer lent(1000);
    REQUIRE(server.send(MessageType::binary, Payload::borrow(lent, 1)) == Error::none);
    CHECK(server.queued() == 1004);
    static_cast<void>(server.output());
    server.consume(4);
    CHECK(server.queued() == 1000);
    server.consume(10000);  // more than there is
    CHECK(server.queued() == 0);
    CHECK(server.stats().bytes_sent == 1004);
}

TEST_CASE("output: a Ping goes between small messages in a row, after the one that has begun") {
    const std::vector<std::size_t> sizes = {1, 0, 125, 126, 700, 3, 900, 900, 900, 900, 2};
    for (std::size_t taken = 0; taken < 5000; taken += taken < 300 ? 1 : 37) {
        FakeEntropy entropy;
        Connection server = opened(Role::server)(entropy);
        std::vector<std::size_t> ends;  // of the frames
        std::size_t total = 0;
        for (const std::size_t size : sizes) {
            REQUIRE(server.send(MessageType::binary, Payload::copy(Buffer(size))) == Error::none);
            total += size + (size <= 125 ? 2 : 4);
            ends.push_back(total);
        }
        if (taken >= total) {
            break;
        }
        Buffer wire(taken);
        for (std::size_t done = 0; done < taken;) {
            const std::size_t some = server.write(MutableBytes(wire).subspan(done));
            REQUIRE(some > 0);
            done += some;
        }
        REQUIRE(server.ping() == Error::none);
        const Buffer rest = take_output(server);
        wire.insert(wire.end(), rest.begin(), rest.end());
        REQUIRE(wire.size() == total + 2);
        const std::size_t expected =
            taken == 0 ? 0 : *std::lower_bound(ends.begin(), ends.end(), taken);
        std::size_t at = 0;
        std::size_t ping_at = SIZE_MAX;
        while (at < wire.size()) {
            const auto header = decode(Bytes(wire).subspan(at));
            REQUIRE(header);
            if (header->opcode == Opcode::ping) {
                ping_at = at;
            }
            at += header_size(*header) + static_cast<std::size_t>(header->payload_size);
        }
        CHECK(at == wire.size());
        if (ping_at != expected) {
            FAIL("after " << taken << " bytes the Ping came at " << ping_at << ", not "
                          << expected);
        }
    }
}

}  // namespace
}  // namespace wsproof::test
