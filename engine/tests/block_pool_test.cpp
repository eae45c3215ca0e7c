#include "block_pool.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "support/blocks.hpp"

namespace wsproof::test {
namespace {

TEST_CASE("BlockPool: what is written in a row lies in a row") {
    BlockPool pool;
    Block& first = pool.with_room(100);
    first.used = 100;
    ++first.holders;
    CHECK(&pool.with_room(kFirstBlockSize - 100) == &first);
    CHECK(&pool.with_room(kFirstBlockSize - 99) != &first);
}

TEST_CASE("BlockPool: a released block is used again from its start") {
    BlockPool pool;
    Block& first = fill(pool);
    Block& second = fill(pool);
    CHECK(&first != &second);
    pool.release(first);
    CHECK(first.used == 0);
    CHECK(&pool.with_room(1) == &first);
}

TEST_CASE("BlockPool: the block being filled starts again when nobody holds it") {
    BlockPool pool;
    Block& block = fill(pool);
    pool.release(block);
    CHECK(block.used == 0);
    CHECK(&pool.with_room(kFirstBlockSize) == &block);
}

TEST_CASE("BlockPool: the first block is small, and gives way when it is too small") {
    BlockPool pool;
    CHECK(pool.with_room(1).size == kFirstBlockSize);
    CHECK(pool.with_room(kFirstBlockSize + 1).size == kBlockSize);
    CHECK(pool.block_count() == 1);
    pool.trim();
    CHECK(pool.with_room(kBlockSize).size == kBlockSize);
    CHECK(pool.block_count() == 1);
    BlockPool other;
    CHECK(other.with_room(2000).size == 2000);
    BlockPool third;
    Block& held = fill(third);
    Block& next = third.with_room(2000);
    CHECK(&next != &held);
    CHECK(third.block_count() == 2);
    third.release(held);
    next.used = next.size;
    ++next.holders;
    CHECK(&third.with_room(1) == &held);
}

TEST_CASE("BlockPool: trim keeps what the last burst needed, and not what one before did") {
    BlockPool pool;
    const auto burst = [&pool](std::size_t count) {
        std::vector<Block*> blocks;
        for (std::size_t i = 0; i < count; ++i) {
            blocks.push_back(&fill(pool));
        }
        for (Block* block : blocks) {
            pool.release(*block);
        }
        pool.trim();
    };
    CHECK(pool.block_count() == 0);
    burst(10);
    CHECK(pool.block_count() == 10);
    burst(10);
    CHECK(pool.block_count() == 10);
    burst(3);
    CHECK(pool.block_count() == 3);
    burst(1);
    CHECK(pool.block_count() == 1);
}

}  // namespace
}  // namespace wsproof::test
