// Memory for bytes on their way out: blocks that are filled from the front, held by those who refer
// to them, and used again when nobody does.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>
#include <wsproof/output_memory.hpp>
#include <wsproof/types.hpp>

namespace wsproof {

inline constexpr std::size_t kBlockSize = std::size_t{16} << 10;  // bytes
// The first block is small: most connections have little to send at a time.
inline constexpr std::size_t kFirstBlockSize = 512;  // bytes, or as many as are asked for

struct Block {
    explicit Block(std::size_t capacity)
        : size(capacity), bytes(new std::byte[capacity]) {}  // not make_unique: it writes zeros

    std::size_t used = 0;     // bytes, from the front
    std::size_t holders = 0;  // references; never moves while there are any
    std::size_t size;         // bytes
    std::unique_ptr<std::byte[]> bytes;

    [[nodiscard]] MutableBytes room() noexcept { return {bytes.get() + used, size - used}; }
};

class BlockPool {
  public:
    // With `shared`, blocks come from there, and go back when they are trimmed.
    explicit BlockPool(OutputMemory* shared = nullptr) noexcept : shared_(shared) {}

    // with_room returns a block with room for at least `size` bytes (at most kBlockSize). The same
    // one as before if it has it, so that what is written in a row lies in a row.
    [[nodiscard]] Block& with_room(std::size_t size) {
        return current_ != nullptr && current_->size - current_->used >= size ? *current_
                                                                              : next(size);
    }
    // current: the one that with_room() returned last.
    [[nodiscard]] Block& current() noexcept { return *current_; }
    // release gives one reference back.
    void release(Block& block) noexcept;
    // trim frees what exceeds the most that was in use since the last trim, or gives all back. Only
    // if nothing is held.
    void trim() noexcept;

    // clear frees all. Only if nothing is held.
    void clear() noexcept;

    [[nodiscard]] std::size_t block_count() const noexcept { return blocks_.size(); }

  private:
    [[nodiscard]] Block& next(std::size_t size);
    void add(std::size_t size);
    [[nodiscard]] std::unique_ptr<Block> make(std::size_t size);
    void give_back() noexcept;

    OutputMemory* shared_;
    std::vector<std::unique_ptr<Block>> blocks_;
    std::vector<Block*> free_;
    Block* current_ = nullptr;
    std::size_t used_count_ = 0;  // blocks
    std::size_t used_count_max_ = 0;
};

}  // namespace wsproof
