#include "block_pool.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace wsproof {

Block& BlockPool::next(std::size_t size) {
    assert(size <= kBlockSize);
    if (free_.empty() || free_.back()->size < size) {
        add(size);
    }
    current_ = free_.back();
    free_.pop_back();
    ++used_count_;
    used_count_max_ = std::max(used_count_max_, used_count_);
    return *current_;
}

std::unique_ptr<Block> BlockPool::make(std::size_t size) {
    auto block = shared_ != nullptr ? shared_->take() : nullptr;
    if (block == nullptr) {
        const bool is_small = shared_ == nullptr && blocks_.empty();
        block = std::make_unique<Block>(is_small ? std::max(size, kFirstBlockSize) : kBlockSize);
    }
    return block;
}

// give_back gives the block that was filled first last: it is the next to be taken.
void BlockPool::give_back() noexcept {
    current_ = nullptr;
    for (auto block = blocks_.rbegin(); block != blocks_.rend(); ++block) {
        shared_->give(std::move(*block));
    }
    blocks_.clear();
    free_.clear();
    used_count_ = 0;
    used_count_max_ = 0;
}

// add makes a block that is free and comes next. The first one gives way to it if it is too small
// and free, so that what is kept is what can be used.
void BlockPool::add(std::size_t size) {
    free_.reserve(blocks_.size() + 1);  // for release(), which must not fail
    auto block = make(size);
    const auto too_small =
        std::find_if(blocks_.begin(), blocks_.end(), [&](const std::unique_ptr<Block>& each) {
            return each->size < size && each->holders == 0;
        });
    if (too_small == blocks_.end()) {
        blocks_.push_back(std::move(block));
        free_.push_back(blocks_.back().get());
        return;
    }
    if (too_small->get() == current_) {
        current_ = nullptr;
        --used_count_;
    }
    std::erase(free_, too_small->get());
    *too_small = std::move(block);
    free_.push_back(too_small->get());
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
    if (shared_ != nullptr) {
        give_back();
        return;
    }
    if (blocks_.size() > used_count_max_) {
        current_ = nullptr;
        // The first block goes first: the others can hold whatever it could.
        blocks_.erase(blocks_.begin(),
                      blocks_.end() - static_cast<std::ptrdiff_t>(used_count_max_));
        free_.clear();
        for (const auto& block : blocks_) {
            free_.push_back(block.get());
        }
    }
    used_count_ = current_ != nullptr ? 1 : 0;
    used_count_max_ = used_count_;
}

void BlockPool::clear() noexcept {
    if (shared_ != nullptr) {
        give_back();
    }
    current_ = nullptr;
    blocks_ = std::vector<std::unique_ptr<Block>>();
    free_ = std::vector<Block*>();
    used_count_ = 0;
    used_count_max_ = 0;
}

}  // namespace wsproof
