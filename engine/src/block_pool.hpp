// Memory for bytes on their way out: blocks that are filled from the front, held by those who refer
// to them, and used again when nobody does.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>
#include <wsproof/types.hpp>

namespace wsproof {

inline constexpr std::size_t kBlockSize = 4096;  // bytes

struct Block {
    std::size_t used = 0;     // bytes, from the front
    std::size_t holders = 0;  // references; never moves while there are any
    std::array<std::byte, kBlockSize> bytes;

    [[nodiscard]] MutableBytes room() noexcept { return MutableBytes(bytes).subspan(used); }
};

class BlockPool {
  public:
    // with_room returns a block with room for at least `size` bytes (at most kBlockSize). The same
    // one as before if it has it, so that what is written in a row lies in a row.
    [[nodiscard]] Block& with_room(std::size_t size) {
        return current_ != nullptr && kBlockSize - current_->used >= size ? *current_ : next(size);
    }
    // current: the one that with_room() returned last.
    [[nodiscard]] Block& current() noexcept { return *current_; }
    // release gives one reference back.
    void release(Block& block) noexcept;
    // trim frees what exceeds the most that was in use since the last trim. Only if nothing is
    // held.
    void trim() noexcept;

    [[nodiscard]] std::size_t block_count() const noexcept { return blocks_.size(); }

  private:
    [[nodiscard]] Block& next(std::size_t size);

    std::vector<std::unique_ptr<Block>> blocks_;
    std::vector<Block*> free_;
    Block* current_ = nullptr;
    std::size_t used_count_ = 0;  // blocks
    std::size_t used_count_max_ = 0;
};

}  // namespace wsproof
