#include <catch2/catch.hpp>
#include <memory>
#include <vector>
#include <wsproof/connection.hpp>
#include <wsproof/output_memory.hpp>

#include "block_pool.hpp"
#include "output_queue.hpp"
#include "support/blocks.hpp"
#include "support/bytes.hpp"
#include "support/fake_entropy.hpp"

namespace wsproof::test {
namespace {

Connection server(OutputMemory& memory) {
    static FakeEntropy entropy;
    Options options;
    options.output_memory = &memory;
    return Connection::adopt(Role::server, Opened{}, options, entropy, Time{});
}

const std::byte* send_all(Connection& connection, std::size_t size) {
    const Buffer message(size, std::byte{'x'});
    REQUIRE(connection.send(MessageType::binary, Payload::copy(message)) == Error::none);
    const std::byte* const first = connection.output().front().data();
    while (connection.queued() > 0) {
        std::size_t shown = 0;
        for (const Bytes piece : connection.output()) {
            shown += piece.size();
        }
        connection.consume(shown);
    }
    return first;
}

TEST_CASE("OutputMemory: what one pool gives back another takes, in the same order") {
    OutputMemory memory;
    BlockPool a(&memory);
    Block& first = fill(a);
    Block& second = fill(a);
    CHECK(first.size == kBlockSize);
    CHECK(memory.block_count() == 0);
    a.release(second);
    a.release(first);
    a.trim();
    CHECK(a.block_count() == 0);
    CHECK(memory.block_count() == 2);
    BlockPool b(&memory);
    CHECK(&fill(b) == &first);
    CHECK(&fill(b) == &second);
    CHECK(memory.block_count() == 0);
}

TEST_CASE("OutputMemory: so many blocks are kept and no more") {
    OutputMemory memory;
    BlockPool pool(&memory);
    std::vector<Block*> held;
    for (std::size_t i = 0; i < OutputMemory::kBlocksKept + 3; ++i) {
        held.push_back(&fill(pool));
    }
    for (Block* block : held) {
        pool.release(*block);
    }
    pool.clear();
    CHECK(memory.block_count() == OutputMemory::kBlocksKept);
}

TEST_CASE("OutputMemory: connections write one after the other to the same place") {
    OutputMemory memory;
    Connection a = server(memory);
    Connection b = server(memory);
    const std::byte* const place = send_all(a, 100);
    CHECK(memory.block_count() == 1);
    CHECK(send_all(b, 100) == place);
    CHECK(send_all(a, 100'000) == place);
    CHECK(memory.block_count() == 7);
}

TEST_CASE("OutputMemory: what one has not sent yet another does not get") {
    OutputMemory memory;
    Connection a = server(memory);
    Connection b = server(memory);
    REQUIRE(a.send(MessageType::text, Payload::copy("mine")) == Error::none);
    REQUIRE(b.send(MessageType::text, Payload::copy("yours")) == Error::none);
    CHECK(to_hex(a.output().front()) == "81 04 6d 69 6e 65");
    CHECK(to_hex(b.output().front()) == "81 05 79 6f 75 72 73");
    a.consume(6);
    CHECK(memory.block_count() == 1);
    CHECK(to_hex(b.output().front()) == "81 05 79 6f 75 72 73");
}

TEST_CASE("OutputMemory: what was shown and then dropped is nobody's until it is consumed") {
    OutputMemory memory;
    OutputQueue queue(&memory);
    queue.copy(to_bytes("shown"), FrameEnd::yes);
    const std::size_t size = queue.gather().front().size();
    queue.clear();
    CHECK(queue.size() == 0);
    CHECK(queue.gather().empty());
    CHECK(memory.block_count() == 0);
    CHECK(queue.consume(size) == 0);
    CHECK(memory.block_count() == 1);
    queue.copy(to_bytes("not shown"), FrameEnd::yes);
    queue.clear();
    CHECK(memory.block_count() == 1);
}

TEST_CASE("OutputMemory: a connection that ends with bytes unsent keeps its block from nobody") {
    OutputMemory memory;
    {
        Connection a = server(memory);
        REQUIRE(a.send(MessageType::text, Payload::copy("lost")) == Error::none);
    }
    CHECK(memory.block_count() == 0);
    Connection b = server(memory);
    send_all(b, 10);
    CHECK(memory.block_count() == 1);
}

}  // namespace
}  // namespace wsproof::test
