// RFC 7692 §6.1 and §7.2.1: messages that go compressed.
#include <wsproof/message_reader.hpp>
#include <wsproof/prepared_message.hpp>

#include "support/deflated_connection.hpp"

namespace wsproof::test {
namespace {

std::string output(Connection& connection) {
    return to_hex(take_output(connection));
}

constexpr SendOptions kAsIs{.compress = false};

Options everything() {
    Options options;
    options.deflate.min_message = 0;
    return options;
}

TEST_CASE("RFC 7692 §6.1: a message goes with RSV1 on its first frame, and without the tail") {
    FakeEntropy entropy;
    Connection server = agreed(Role::server, {}, everything())(entropy);
    CHECK(server.send(MessageType::text, Payload::copy("Hello")) == Error::none);
    CHECK(output(server) == "c1 07 f2 48 cd c9 c9 07 00");
    CHECK(server.send(MessageType::text, Payload::copy("Hello")) == Error::none);
    CHECK(output(server) == "c1 05 f2 00 11 00 00");  // §7.2.3.2
    CHECK(server.send(MessageType::binary, Payload::copy("Hello"), {.fragment_at = 3}) ==
          Error::none);
    CHECK(output(server) == "42 03 02 13 00 80 01 00");
    CHECK(server.send(MessageType::text, Payload::copy("")) == Error::none);
    CHECK(output(server) == "c1 01 00");  // §7.2.3.6
}

TEST_CASE("RFC 7692 §7.1.1: without context takeover each message stands by itself") {
    FakeEntropy entropy;
    const bool is_agreed = GENERATE(true, false);  // or only our own choice
    Options options = everything();
    options.deflate.server_no_context_takeover = !is_agreed;
    Connection server =
        agreed(Role::server, {.server_no_context_takeover = is_agreed}, options)(entropy);
    for (int i = 0; i < 3; ++i) {
        CHECK(server.send(MessageType::text, Payload::copy("Hello")) == Error::none);
        CHECK(output(server) == "c1 07 f2 48 cd c9 c9 07 00");
    }
}

TEST_CASE("send: what is short, or not to be compressed, goes as it is") {
    FakeEntropy entropy;
    Connection server = agreed(Role::server)(entropy);
    const std::string short_text(63, 'x');
    CHECK(server.send(MessageType::text, Payload::copy(short_text)) == Error::none);
    CHECK(output(server).starts_with("81 3f"));
    const std::string text(64, 'x');
    CHECK(server.send(MessageType::text, Payload::copy(text), kAsIs) == Error::none);
    CHECK(output(server).starts_with("81 40"));
    CHECK(server.send(MessageType::text, Payload::copy(text)) == Error::none);
    CHECK(output(server).starts_with("c1 "));
    CHECK(server.send(MessageType::text, Payload::copy(std::string_view("\xff"))) ==
          Error::invalid_utf8_argument);
}

TEST_CASE("send: a message of unknown length is compressed part by part") {
    FakeEntropy entropy;
    Connection server = agreed(Role::server)(entropy);
    CHECK(server.begin(MessageType::text) == Error::none);
    CHECK(server.append(Payload::copy("Hel")) == Error::none);
    // §7.2.1: a fragment that is not the last keeps its 00 00 FF FF.
    const std::string first = output(server);
    CHECK(first.starts_with("41 "));
    CHECK(first.ends_with("00 00 ff ff"));
    CHECK(server.append(Payload::copy("")) == Error::none);
    CHECK(output(server) == "00 00");
    CHECK(server.append(Payload::copy("lo")) == Error::none);
    CHECK(output(server).starts_with("00 "));
    CHECK(server.finish() == Error::none);
    CHECK(output(server) == "80 01 00");
    // One without parts, and one that is not to be compressed.
    CHECK(server.begin(MessageType::text) == Error::none);
    CHECK(server.finish() == Error::none);
    CHECK(output(server) == "c1 01 00");
    CHECK(server.begin(MessageType::text, kAsIs) == Error::none);
    CHECK(server.append(Payload::copy("a")) == Error::none);
    CHECK(server.finish() == Error::none);
    CHECK(output(server) == "01 01 61 80 00");
}

TEST_CASE("send: a borrowed payload is released at once, masked or not") {
    const auto role = GENERATE(Role::client, Role::server);
    FakeEntropy entropy;
    Connection connection = agreed(role)(entropy);
    Buffer bytes(1000, std::byte{'x'});
    CHECK(connection.send(MessageType::binary, Payload::borrow(bytes, 7)) == Error::none);
    CHECK(connection.next_released() == 7U);
    CHECK(connection.begin(MessageType::binary) == Error::none);
    CHECK(connection.append(Payload::borrow_mutable(bytes, 8)) == Error::none);
    CHECK(connection.next_released() == 8U);
    CHECK(bytes == Buffer(1000, std::byte{'x'}));
}

// Talk is two connections that have agreed, and the messages that went from one to the other.
void talk(Role role, const DeflateParameters& parameters) {
    FakeEntropy entropy;
    Connection from = agreed(role, parameters, everything())(entropy);
    Connection to_it = agreed(other(role), parameters)(entropy);
    MessageReader reader(1 << 20);
    const Buffer repeated = random_bytes(3000, 9, 30);
    for (int round = 0; round < 4; ++round) {
        for (const Buffer& message :
             {repeated, Buffer{}, random_bytes(100'000, 10), repeated, Buffer(70'000)}) {
            const SendOptions how{.compress = round != 2, .fragment_at = 40'000};
            CHECK(from.send(MessageType::binary, Payload::copy(Bytes(message)), how) ==
                  Error::none);
            Buffer bytes = take_output(from);
            MutableBytes in(bytes);
            bool has_come = false;
            while (const auto event = to_it.next(in)) {
                REQUIRE(std::holds_alternative<MessageData>(*event));
                CHECK(reader.add(std::get<MessageData>(*event)) == Error::none);
                if (reader.message()) {
                    const Bytes payload = reader.message()->payload;
                    CHECK(
                        std::equal(payload.begin(), payload.end(), message.begin(), message.end()));
                    has_come = true;
                }
            }
            CHECK(has_come);
        }
    }
}

TEST_CASE("RFC 7692 §7.1: what one engine compresses the other inflates, at all parameters") {
    const auto role = GENERATE(Role::client, Role::server);
    const int server_bits = GENERATE(8, 9, 12, 15);
    const int client_bits = GENERATE(8, 9, 15);
    const bool server_alone = GENERATE(false, true);
    const bool client_alone = GENERATE(false, true);
    talk(role, {server_bits, client_bits, server_alone, client_alone});
}

TEST_CASE("send: a prepared message goes as it is") {
    FakeEntropy entropy;
    Connection server = agreed(Role::server)(entropy);
    const PreparedMessage message(MessageType::text, Buffer(100, std::byte{'x'}));
    CHECK(server.send(message, 1) == Error::none);
    CHECK(output(server).starts_with("81 64"));
}

}  // namespace
}  // namespace wsproof::test
