#include "frame_writer.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "support/bytes.hpp"
#include "support/fake_entropy.hpp"

namespace wsproof {
namespace {

using namespace test;

struct Sent final : Observer {
    std::vector<FrameHeader> headers;
    void received(const FrameHeader& /*header*/) noexcept override {}
    void sent(const FrameHeader& header) noexcept override { headers.push_back(header); }
};

struct Fixture {
    explicit Fixture(Role role) : writer(role, entropy, &observer, queue, count) {}

    std::string output() {
        Buffer bytes;
        for (auto list = queue.gather(); !list.empty(); list = queue.gather()) {
            std::size_t size = 0;
            for (const Bytes piece : list) {
                bytes.insert(bytes.end(), piece.begin(), piece.end());
                size += piece.size();
            }
            queue.consume(size);
        }
        return to_hex(bytes);
    }
    FakeEntropy entropy;
    Sent observer;
    OutputQueue queue;
    std::uint64_t count = 0;
    FrameWriter writer;
};

Outgoing copied(const Buffer& bytes) {
    return {bytes, {}, 0, false};
}
Outgoing borrowed(const Buffer& bytes, Token token) {
    return {bytes, {}, token, true};
}
Outgoing writable(Buffer& bytes, Token token) {
    return {bytes, bytes, token, true};
}

TEST_CASE("FrameWriter: a server's frames are not masked") {
    Fixture server(Role::server);
    const Buffer hello = to_bytes("Hello");
    server.writer.write_data({Opcode::text}, true, copied(hello), kUnlimited);
    server.writer.write_data({Opcode::text}, true, borrowed(hello, 3), kUnlimited);
    CHECK(server.output() == "81 05 48 65 6c 6c 6f 81 05 48 65 6c 6c 6f");
    CHECK(server.queue.next_released() == Token{3});
}

TEST_CASE("FrameWriter: a client's frames are masked, whoever owns the bytes") {
    const std::string expected = "81 85 37 fa 21 3d 7f 9f 4d 51 58";
    Buffer hello = to_bytes("Hello");
    Fixture copying(Role::client);
    copying.writer.write_data({Opcode::text}, true, copied(hello), kUnlimited);
    CHECK(copying.output() == expected);
    Fixture lending(Role::client);
    lending.writer.write_data({Opcode::text}, true, borrowed(hello, 4), kUnlimited);
    CHECK(lending.output() == expected);
    CHECK(lending.queue.next_released() == Token{4});
    CHECK(to_text(hello) == "Hello");
    Fixture in_place(Role::client);
    in_place.writer.write_data({Opcode::text}, true, writable(hello, 5), kUnlimited);
    CHECK(to_hex(hello) == "7f 9f 4d 51 58");
    CHECK(in_place.output() == expected);
    CHECK(in_place.queue.next_released() == Token{5});
}

TEST_CASE("FrameWriter: a server does not touch bytes that it may") {
    Buffer hello = to_bytes("Hello");
    Fixture server(Role::server);
    server.writer.write_data({Opcode::text}, true, writable(hello, 1), kUnlimited);
    CHECK(server.output() == "81 05 48 65 6c 6c 6f");
    CHECK(to_text(hello) == "Hello");
}

TEST_CASE("FrameWriter: fragments, the token with the last of them") {
    Buffer hello = to_bytes("Hello");
    Fixture server(Role::server);
    server.writer.write_data({Opcode::text}, true, borrowed(hello, 6), 2);
    CHECK(server.count == 3);
    CHECK(server.queue.size() == 11);
    CHECK(server.output() == "01 02 48 65 00 02 6c 6c 80 01 6f");
    CHECK(server.queue.next_released() == Token{6});
    CHECK_FALSE(server.queue.next_released());
    Fixture client(Role::client);
    client.writer.write_data({Opcode::text}, false, writable(hello, 7), 3);
    CHECK(client.output() == "01 83 37 fa 21 3d 7f 9f 4d 00 82 38 fb 22 3e 54 94");
}

TEST_CASE("FrameWriter: an empty payload is a frame, and its token comes at once") {
    Fixture client(Role::client);
    const Buffer empty;
    client.writer.write_data({Opcode::binary}, true, borrowed(empty, 8), 1);
    CHECK(client.queue.next_released() == Token{8});
    CHECK(client.output() == "82 80 37 fa 21 3d");
}

TEST_CASE("FrameWriter: control frames, each in its lane") {
    Fixture server(Role::server);
    const Buffer data = to_bytes("d");
    server.writer.write_data({Opcode::text}, true, copied(data), kUnlimited);
    server.writer.write_control(Opcode::close, {});
    server.writer.write_control(Opcode::pong, to_bytes("p"));
    server.writer.write_control(Opcode::ping, {});
    CHECK(server.output() == "8a 01 70 89 00 81 01 64 88 00");
    Fixture client(Role::client);
    client.writer.write_control(Opcode::ping, to_bytes("Hello"));
    CHECK(client.output() == "89 85 37 fa 21 3d 7f 9f 4d 51 58");
}

TEST_CASE("FrameWriter: the longest control frame") {
    Fixture client(Role::client);
    client.writer.write_control(Opcode::ping, Buffer(125));
    CHECK(client.queue.size() == OutputQueue::kControlFrameMax);
}

TEST_CASE("FrameWriter: the observer and the count see every frame") {
    Fixture client(Role::client);
    const Buffer bytes(70000);
    client.writer.write_data({Opcode::binary}, true, copied(bytes), 69000);
    client.writer.write_control(Opcode::ping, {});
    REQUIRE(client.observer.headers.size() == 3);
    CHECK(client.count == 3);
    CHECK(client.observer.headers[0].length_form == LengthForm::bits_64);
    CHECK_FALSE(client.observer.headers[0].fin);
    CHECK(client.observer.headers[1].payload_size == 1000);
    CHECK(client.observer.headers[1].opcode == Opcode::continuation);
    CHECK(client.observer.headers[2].opcode == Opcode::ping);
    CHECK(client.observer.headers[2].masked);
}

}  // namespace
}  // namespace wsproof
