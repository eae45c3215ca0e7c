// Walks the DEFLATE stream of one message of permessage-deflate, token by token. Independent of
// zlib on purpose: a reader that inflates in one call does not notice a distance beyond the
// window, nor what stands behind a final block, nor how a message ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "frame_writer.hpp"

namespace wsproof::conformance::wire {

enum class InflateFault : std::uint8_t {
    none,
    reserved_block,  // BTYPE 11
    stored_length,   // LEN and NLEN are no complements
    code_lengths,    // of a dynamic block: too many codes, or codes that overlap
    undefined_code,  // bits that stand for nothing
    distance_code,   // 30 or 31
    too_far,         // a distance beyond all that was ever sent
    cut_off,         // the stream ends inside a block
    over_limit,      // the reader's own limit, not a fault of the stream
};

// Ending is how a message stands to the 00 00 FF FF that its sender has removed (RFC 7692 §7.2.1).
enum class Ending : std::uint8_t {
    proper,     // they complete an empty stored block
    tail_kept,  // the payload still ends in them
    no_block,   // nothing in the payload begins the block that they would complete
    swallowed,  // they became data of a block
};

// Inflated is what a message held and how it was written.
struct Inflated {
    ByteString data{};  // up to the fault
    InflateFault fault = InflateFault::none;
    std::uint64_t fault_bit = 0;  // where the faulty token begins, from the payload's first bit
    Ending ending = Ending::proper;
    std::uint32_t distance = 0;       // the largest of a reference; 0: no references
    std::uint64_t distance_bit = 0;   // of the token that has it
    std::uint32_t reach = 0;          // bytes of earlier messages that a reference goes back to
    std::uint64_t reach_bit = 0;      // of the token that reaches farthest
    std::uint32_t stored_blocks = 0;  // the last one included
    std::uint32_t fixed_blocks = 0;
    std::uint32_t dynamic_blocks = 0;
    std::uint32_t final_blocks = 0;  // with BFINAL
    bool padding_is_zero = true;     // behind final blocks (RFC 7692 §7.2.1)

    [[nodiscard]] bool is_whole() const noexcept { return fault == InflateFault::none; }
};

// inflate reads `payload`, the message without its 00 00 FF FF; `history` is what the messages
// before held, of which the last 32,768 bytes count. At most `limit` bytes are made.
[[nodiscard]] Inflated inflate(ByteView payload, ByteView history, std::size_t limit);
// inflate_part reads what there is of a message whose rest is to come: cut_off, unless it ends with
// a block, and no `ending`.
[[nodiscard]] Inflated inflate_part(ByteView payload, ByteView history, std::size_t limit);

// describe says the fault and its place: "a reserved block type at bit 3 of 17 bytes".
[[nodiscard]] std::string describe(const Inflated& message, std::size_t payload_size);

// History is what a sender's earlier messages held, as far as references can go back.
class History {
  public:
    void append(ByteView data);
    void clear() noexcept { bytes_.clear(); }
    [[nodiscard]] ByteView view() const noexcept;

  private:
    ByteString bytes_;  // at most twice the window
};

}  // namespace wsproof::conformance::wire
