// Writes DEFLATE streams as they are asked for, legal or not: blocks of any kind in any order,
// references at any distance. Independent of zlib on purpose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "frame_writer.hpp"

namespace wsproof::conformance::wire {

enum class BlockKind : std::uint8_t {
    stored,
    fixed,
    dynamic,
};

// Token is a literal octet, or a reference: `size` bytes from `distance` bytes back.
struct Token {
    std::uint16_t size = 0;      // the octet itself if distance is 0
    std::uint16_t distance = 0;  // 1 to 32768
};

// DeflateWriter appends blocks; each begins at the bit where the last one ended.
class DeflateWriter {
  public:
    // stored splits what is longer than a block can be; only the last piece is final.
    void stored(ByteView data, bool is_final);
    // references are within 1 to 32768 and 3 to 258.
    void fixed(std::span<const Token> tokens, bool is_final);
    void dynamic(std::span<const Token> tokens, bool is_final);
    // align fills up the octet in hand with zero bits.
    void align();

    [[nodiscard]] const ByteString& bytes() const noexcept { return out_; }
    [[nodiscard]] ByteString take() { return std::move(out_); }  // whole octets: align first

  private:
    struct Codes;

    void put(std::uint32_t bits, int count);
    void put_code(std::uint32_t code, int length);
    void put_tokens(std::span<const Token> tokens, const Codes& codes);
    void put_code_lengths(const Codes& codes);

    ByteString out_;
    std::uint32_t held_ = 0;
    int held_bits_ = 0;
};

// tokens_of finds references in `data`, greedily, to what comes before in it and in `history`, at
// most `distance_max` back.
[[nodiscard]] std::vector<Token> tokens_of(ByteView data, ByteView history,
                                           std::size_t distance_max);
// literals_of makes a token of each octet.
[[nodiscard]] std::vector<Token> literals_of(ByteView data);

}  // namespace wsproof::conformance::wire
