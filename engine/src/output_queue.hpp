// Bytes on their way out: what order they go in, who owns them, and what may still overtake what.
//
// There are two lanes. Control frames go before data frames that have not started (RFC 6455 §5.5
// lets them come between the fragments of a message), never into the middle of a frame. Within a
// lane nothing overtakes. What gather() has shown keeps its place until consume(), because its
// owner may be writing it at this moment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>
#include <wsproof/frame.hpp>
#include <wsproof/payload.hpp>
#include <wsproof/types.hpp>

#include "block_pool.hpp"
#include "ring.hpp"

namespace wsproof {

enum class FrameEnd : std::uint8_t {
    no,   // more bytes of this frame follow
    yes,  // the frame is complete with these bytes
};

class OutputQueue {
  public:
    explicit OutputQueue(OutputMemory* shared = nullptr) noexcept : pool_(shared) {}

    // Data lane. copy_* copy before they return; lend_* refer to bytes that stay as they are until
    // next_released() returns `token`, if there is one. lend_masked masks a copy, chunk by chunk,
    // as the bytes go out. No call takes empty bytes.
    void copy(Bytes bytes, FrameEnd end);
    void copy_masked(Bytes bytes, const MaskKey& key, FrameEnd end);
    void lend(Bytes bytes, std::optional<Token> token, FrameEnd end);
    void lend_masked(Bytes bytes, const MaskKey& key, std::optional<Token> token, FrameEnd end);
    // room_for_frame is where a whole frame of `size` bytes, at most kBlockSize, can be written in
    // one piece; put_frame queues what was written there. Nothing may come between the two.
    [[nodiscard]] std::byte* room_for_frame(std::size_t size) {
        const bool goes_on = run_ != nullptr && run_->block->room().size() >= size;
        return goes_on ? run_->block->room().data() : room_for_run(size);
    }
    void put_frame(std::byte* frame, std::size_t size) noexcept {
        if (run_ == nullptr) {
            start_run(frame);
        }
        run_->size += size;
        run_->block->used += size;
        size_ += size;
    }
    // put_head: the opening handshake and its body. No control frame overtakes it (RFC 6455 §4.2.2:
    // frames come once it is complete). The queue must be empty.
    void put_head(std::string_view head);
    // The same of what lies in memory from `begin` to `end`, which the queue takes over.
    void put_head(std::unique_ptr<char[]> memory, std::size_t begin, std::size_t end) noexcept;
    // release: `token` stood for no bytes.
    void release(Token token) { released_.push_back(token); }

    // Control lane: whole frames, at most kControlFrameMax bytes. Beyond kPongsUnsentMax Pongs that
    // are not sent, the oldest gives way (RFC 6455 §5.5.3) unless gather() has shown it.
    void put_control(Bytes frame);
    void put_pong(Bytes frame);
    static constexpr std::size_t kControlFrameMax = 2 + 4 + kControlPayloadMax;
    static constexpr std::size_t kPongsUnsentMax = 16;

    // gather shows what goes out next, at most kGatherMax pieces: empty only if the queue is. The
    // list dies at the next call of gather(), the bytes it shows at the next consume().
    [[nodiscard]] std::span<const Bytes> gather();
    static constexpr std::size_t kGatherMax = 64;

    // consume takes `size` bytes off the front of what gather() showed; returns how many there
    // were.
    std::size_t consume(std::size_t size) noexcept;
    // release_memory frees what is kept for the next bytes. The queue must be empty.
    void release_memory() noexcept;
    // clear drops everything and releases every token.
    void clear() noexcept;
    [[nodiscard]] std::optional<Token> next_released() noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }  // unsent bytes

  private:
    struct Segment {
        const std::byte* data = nullptr;
        std::size_t size = 0;
        Block* block = nullptr;  // holds the bytes; nullptr if they are lent
        // The first of one or more whole frames that lie in a row, and are one segment as long as
        // no control frame wants to go between them; nullptr if it is (part of) one frame.
        const std::byte* frames = nullptr;
        Token token = 0;
        std::uint64_t mask_offset = 0;
        MaskKey key{};
        bool needs_mask = false;
        bool has_token = false;
        bool ends_frame = false;
        bool is_control = false;
        bool is_pong = false;
    };
    using Lane = Ring<Segment>;

    [[nodiscard]] std::byte* room_for_run(std::size_t size);
    void start_run(std::byte* frame) noexcept;
    void store(Bytes bytes, const MaskKey* key, FrameEnd end);
    void lend(const Segment& segment);
    void drop_oldest_pong() noexcept;
    void split_started();
    void take_back_unstarted();
    void expose();
    [[nodiscard]] Segment next_masked_chunk();
    void let_go(const Segment& segment) noexcept;
    void trim() noexcept;

    BlockPool pool_;
    // The head, until all of it is sent; it goes out before all that is exposed.
    std::unique_ptr<char[]> head_;
    std::size_t head_begin_ = 0;  // of what is not sent
    std::size_t head_end_ = 0;
    Lane control_;
    Lane data_;
    // The last of data_ if the next frame can lie in a row with it: then its block ends with it.
    // Whatever else is put or taken resets this.
    Segment* run_ = nullptr;
    Lane exposed_;  // in the order in which it goes out
    Ring<Token> released_;
    std::vector<Bytes> list_;
    Bytes single_;
    std::size_t size_ = 0;
    std::size_t exposed_size_ = 0;
    std::uint32_t tokens_held_ = 0;  // by segments
    std::uint8_t pongs_unsent_ = 0;  // one more than kPongsUnsentMax at most
    bool is_shown_ = false;          // exposed_ may be in the owner's hands
    bool front_is_started_ = false;  // bytes of the frame at the front have been consumed
    bool frame_is_open_ = false;     // the last exposed segment does not end its frame
};

}  // namespace wsproof
