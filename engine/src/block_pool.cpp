#include "block_pool.hpp"

#include <algorithm>
#include <cassert>

namespace wsproof {

Block& BlockPool::next([[maybe_unused]] std::size_t size) {
    assert(size <= kBlockSize);
    if (free_.empty()) {
        free_.reserve(blocks_.size() + 1);  // for release(), which must not fail
        // Not make_unique: it would write zeros to bytes that are about to be written anyway.
        blocks_.push_back(std::unique_ptr<Block>(new Block));
        free_.push_back(blocks_.back().get());
    }
    current_ = free_.back();
    free_.pop_back();
    ++used_count_;
    used_count_max_ = std::max(used_count_max_, used_count_);
    return *current_;
}

void BlockPool::release(Block& block) noexcept {
    assert(block.holders > 0);
    --block.holders;
    if (block.holders > 0) {
        return;
    }
    block.used = 0;
    if (&block != current_) {
        free_.push_back(&block);
        --used_count_;
    }
}

void BlockPool::trim() noexcept {
    if (blocks_.size() > used_count_max_) {
        current_ = nullptr;
        blocks_.resize(used_count_max_);
        free_.clear();
        for (const auto& block : blocks_) {
            free_.push_back(block.get());
        }
    }
    used_count_ = current_ != nullptr ? 1 : 0;
    used_count_max_ = used_count_;
}

}  // namespace wsproof
