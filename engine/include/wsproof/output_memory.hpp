// OutputMemory: memory for what connections have to send, shared by those that one thread serves.
#pragma once

#include <array>
#include <cstddef>
#include <memory>

namespace wsproof {

struct Block;  // the engine's own

// OutputMemory lends blocks to connections (Options::output_memory) for as long as they have bytes
// to send. Who writes next gets the block that was given back last, which is still in the cache,
// and idle connections hold none. Without one, each connection keeps blocks of its own. Connections
// that share one are used by one thread at a time; it outlives them.
class OutputMemory {
  public:
    OutputMemory() noexcept;
    OutputMemory(const OutputMemory&) = delete;
    OutputMemory& operator=(const OutputMemory&) = delete;
    ~OutputMemory();

    // kBlocksKept: how many blocks, of 16 KiB each, are kept for the next; more are freed.
    static constexpr std::size_t kBlocksKept = 16;
    [[nodiscard]] std::size_t block_count() const noexcept { return count_; }  // that are not lent

  private:
    friend class BlockPool;
    [[nodiscard]] std::unique_ptr<Block> take() noexcept;  // nullptr if there is none
    void give(std::unique_ptr<Block> block) noexcept;

    std::array<std::unique_ptr<Block>, kBlocksKept> blocks_;
    std::size_t count_ = 0;
};

}  // namespace wsproof
