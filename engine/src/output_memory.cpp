#include <utility>
#include <wsproof/output_memory.hpp>

#include "block_pool.hpp"

namespace wsproof {

OutputMemory::OutputMemory() noexcept = default;
OutputMemory::~OutputMemory() = default;

std::unique_ptr<Block> OutputMemory::take() noexcept {
    if (count_ == 0) {
        return nullptr;
    }
    --count_;
    return std::move(blocks_[count_]);
}

void OutputMemory::give(std::unique_ptr<Block> block) noexcept {
    if (count_ < blocks_.size()) {
        blocks_[count_] = std::move(block);
        ++count_;
    }
}

}  // namespace wsproof
