// Blocks of output, for the tests of where they come from and go.
#pragma once

#include "block_pool.hpp"

namespace wsproof::test {

// fill takes a block of the pool, whole, for one holder.
inline Block& fill(BlockPool& pool) {
    Block& block = pool.with_room(1);
    block.used = block.size;
    ++block.holders;
    return block;
}

}  // namespace wsproof::test
