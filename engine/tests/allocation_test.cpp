// In steady state no message costs an allocation, whatever its size and whoever owns its bytes.
#include <catch2/catch.hpp>
#include <wsproof/message_reader.hpp>
#include <wsproof/prepared_message.hpp>

#include "support/allocations.hpp"
#include "support/feed.hpp"

namespace wsproof::test {
namespace {

// allocations counts what `round` allocates after three rounds of warming up.
template <typename Round>
std::size_t allocations(Round round) {
    for (int i = 0; i < 3; ++i) {
        round();
    }
    const std::size_t before = allocations_made();
    for (int i = 0; i < 20; ++i) {
        round();
    }
    return allocations_made() - before;
}

void send_off(Connection& connection) {
    while (!connection.output().empty()) {
        std::size_t size = 0;
        for (const Bytes piece : connection.output()) {
            size += piece.size();
        }
        connection.consume(size);
    }
    while (connection.next_released()) {
    }
}

TEST_CASE("allocations: the counter counts") {
    CHECK(allocations([] { Buffer(1).swap(*std::make_unique<Buffer>(2)); }) > 0);
}

TEST_CASE("allocations: none for an echo, at any size, in both roles") {
    const auto role = GENERATE(Role::client, Role::server);
    const auto size =
        GENERATE(std::size_t{0}, std::size_t{16}, std::size_t{125}, std::size_t{70000});
    FakeEntropy entropy;
    Connection connection = opened(role)(entropy);
    const PreparedMessage message(MessageType::text, Buffer(size, std::byte{'x'}));
    const Buffer frame = to(role, {message.bytes().begin(), message.bytes().end()});
    Buffer bytes(frame.size());
    CHECK(allocations([&] {
              bytes = frame;
              MutableBytes in(bytes);
              while (const auto event = connection.next(in)) {
                  const auto* piece = std::get_if<MessageData>(&*event);
                  CHECK(piece != nullptr);
                  CHECK(connection.send(piece->type, Payload::copy(piece->payload)) == Error::none);
              }
              send_off(connection);
          }) == 0);
    CHECK(connection.stats().messages_received == 23);
}

TEST_CASE("allocations: none for lent payloads, fragments, control frames and pieces") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = opened(role)(entropy);
    Buffer lent(300000, std::byte{'x'});
    const Buffer frames =
        to(role, "01 02 61 62"_hex) + to(role, "89 01 70"_hex) + to(role, "80 02 63 64"_hex);
    Buffer bytes(frames.size());
    MessageReader reader(100);
    CHECK(allocations([&] {
              CHECK(connection.send(MessageType::binary, Payload::borrow(lent, 1)) == Error::none);
              CHECK(connection.send(MessageType::binary, Payload::borrow_mutable(lent, 2),
                                    {.fragment_at = 20000}) == Error::none);
              CHECK(connection.ping() == Error::none);
              bytes = frames;
              for (std::byte& byte : bytes) {
                  MutableBytes in(&byte, 1);
                  while (const auto event = connection.next(in)) {
                      if (const auto* piece = std::get_if<MessageData>(&*event)) {
                          CHECK(reader.add(*piece) == Error::none);
                      }
                  }
              }
              CHECK(reader.message());
              send_off(connection);
          }) == 0);
}

TEST_CASE("allocations: none for a message sent on many connections") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    const PreparedMessage message(MessageType::text, Buffer(5000, std::byte{'x'}));
    CHECK(allocations([&] {
              CHECK(server.send(message, 1) == Error::none);
              send_off(server);
          }) == 0);
}

TEST_CASE("allocations: the memory of a burst is given back by what comes after it") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    const Buffer burst(500000);
    CHECK(allocations([&] {
              CHECK(server.send(MessageType::binary, Payload::copy(burst)) == Error::none);
              send_off(server);
              CHECK(server.send(MessageType::binary, Payload::copy("small")) == Error::none);
              send_off(server);
          }) > 20);
}

TEST_CASE("allocations: what output was kept in is given back a second after it") {
    FakeEntropy entropy;
    Connection server = opened(Role::server)(entropy);
    const std::size_t before = memory_held();
    const auto send = [&] {
        CHECK(server.send(MessageType::binary, Payload::copy(Buffer(100000))) == Error::none);
        CHECK(server.ping() == Error::none);
    };
    const auto tick = [&](std::chrono::milliseconds after) { server.tick(Time{} + after); };
    send();
    tick(std::chrono::seconds(5));
    CHECK(server.queued() > 100000);  // unsent, hence kept
    send_off(server);
    tick(std::chrono::milliseconds(5999));
    CHECK(memory_held() > before);
    tick(std::chrono::seconds(6));
    CHECK(memory_held() == before);
    send();
    send_off(server);
    tick(std::chrono::seconds(7));
    CHECK(memory_held() == before);
    CHECK(server.stats().messages_sent == 2);
}

}  // namespace
}  // namespace wsproof::test
