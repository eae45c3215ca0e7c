// Memory: none allocated per message in steady state, and none lost where it runs out.
#include <wsproof/message_reader.hpp>

#include "support/allocations.hpp"
#include "support/deflated_connection.hpp"

namespace wsproof::test {
namespace {

// echo answers what comes, and has its answers taken. Whether it was told that memory ran out.
bool echo(Connection& connection, Buffer& bytes) {
    bool is_told = false;
    MutableBytes in(bytes);
    while (const auto event = connection.next(in)) {
        if (const auto* piece = std::get_if<MessageData>(&*event)) {
            const Error error = connection.send(piece->type, Payload::copy(piece->payload));
            is_told = is_told || error == Error::out_of_memory;
        } else if (const auto* failed = std::get_if<Failed>(&*event)) {
            is_told = is_told || failed->error == Error::out_of_memory;
        }
    }
    while (connection.queued() > 0) {
        std::size_t size = 0;
        for (const Bytes piece : connection.output()) {
            size += piece.size();
        }
        connection.consume(size);
    }
    return is_told || connection.error() == Error::out_of_memory;
}

TEST_CASE("allocations: none for a compressed echo, with context takeover and without") {
    const auto role = GENERATE(Role::client, Role::server);
    const bool is_alone = GENERATE(false, true);
    const std::size_t size = GENERATE(std::size_t{100}, std::size_t{5000});
    FakeEntropy entropy;
    Connection connection = agreed(role, {15, 15, is_alone, is_alone})(entropy);
    const Buffer original = to(role, frame(0xC2, compressed(random_bytes(size, 11, 20))));
    Buffer bytes = original;
    std::size_t before = 0;
    for (int round = 0; round < 23; ++round) {
        if (round == 3) {
            before = allocations_made();
        }
        std::copy(original.begin(), original.end(), bytes.begin());
        CHECK_FALSE(echo(connection, bytes));
    }
    CHECK(allocations_made() == before);
    CHECK(connection.stats().messages_received == 23);
}

TEST_CASE("allocation failure: in a connection that compresses") {
    const auto role = GENERATE(Role::client, Role::server);
    const Buffer original =
        to(role, frame(0xC2, compressed(random_bytes(40'000, 12, 20)))) +
        to(role, frame(0xC2, deflated(to_bytes("final"), {.end = End::final}))) +
        to(role, frame(0xC2, compressed(to_bytes("more"))));
    Buffer bytes = original;
    std::size_t failures = 0;
    for (bool has_failed = true; has_failed; ++failures) {
        std::copy(original.begin(), original.end(), bytes.begin());
        const std::size_t held = memory_held();
        bool is_told = false;
        {
            const FailingAllocation failing(failures);
            try {
                FakeEntropy entropy;
                ZlibCodecs own;
                Options options;
                options.deflate.codecs = &own;
                Opened opened{};
                opened.deflate = DeflateParameters{};
                Connection connection = Connection::adopt(role, opened, options, entropy, Time{});
                is_told = echo(connection, bytes);
            } catch (const std::bad_alloc&) {
                is_told = true;  // from what makes objects
            }
            has_failed = failing.has_failed();
        }
        const bool is_level = memory_held() == held;
        INFO("allocation " << failures);
        CHECK(is_level);
        CHECK(is_told == has_failed);
    }
    CHECK(failures > 10);
}

// held_after counts what a connection holds once it has sent and received a message.
std::size_t held_after(const DeflateParameters& parameters) {
    ZlibCodecs own({.spare_count = 0});
    Options options;
    options.deflate.codecs = &own;
    options.deflate.min_message = 0;
    Opened opened{};
    opened.deflate = parameters;
    FakeEntropy entropy;
    Connection connection = Connection::adopt(Role::server, opened, options, entropy, Time{});
    Buffer bytes = to(Role::server, frame(0xC1, "f2 48 cd c9 c9 07 00"_hex));
    const std::size_t before = memory_held();
    CHECK_FALSE(echo(connection, bytes));
    return memory_held() - before;
}

TEST_CASE("memory: without context takeover a connection holds no codec between messages") {
    const std::size_t codec_allocations = 8;  // an inflater with its chunk, a deflater
    CHECK(held_after({15, 15, true, true}) + codec_allocations <= held_after({}));
}

TEST_CASE("memory: there is no codec before the first message that is compressed") {
    FakeEntropy entropy;
    const std::size_t before = allocations_made();
    Connection connection = agreed(Role::server)(entropy);
    Buffer bytes = to(Role::server, "81 02 6e 6f"_hex);
    CHECK_FALSE(echo(connection, bytes));
    CHECK(allocations_made() - before < 20);
    const std::size_t made = allocations_made();
    bytes = to(Role::server, frame(0xC1, "f2 48 cd c9 c9 07 00"_hex));
    CHECK_FALSE(echo(connection, bytes));
    CHECK(allocations_made() > made);
}

}  // namespace
}  // namespace wsproof::test
