// How a payload is to be compressed (scenarios/LANGUAGE.md): by rule, or block by block.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "wire/deflate_writer.hpp"

namespace wsproof::conformance {

// DeflateRecipe is how a payload becomes the payload of a compressed message (RFC 7692 §7.2.1).
struct DeflateRecipe {
    wire::BlockKind kind = wire::BlockKind::dynamic;
    std::uint64_t blocks = 1;   // in about equal parts
    bool is_final = false;      // every block that holds data
    std::uint64_t window = 15;  // references go back 2^window bytes at most
    bool refers = true;         // else literals alone
    bool takeover = true;       // references to earlier messages, where they are agreed
    enum class Tail : std::uint8_t {
        dropped,  // an empty stored block, without its last four octets
        kept,     // with them
        missing,  // no such block
    };
    Tail tail = Tail::dropped;
};

// recipe_of reads a recipe: a kind of block, true, or an object. Throws BadRecipe.
[[nodiscard]] DeflateRecipe recipe_of(const nlohmann::json& value);

// compress writes `data`; references may go back into `history`.
[[nodiscard]] wire::ByteString compress(wire::ByteView data, wire::ByteView history,
                                        const DeflateRecipe& recipe);

// Block is one block of a stream that is written out.
struct Block {
    wire::BlockKind kind = wire::BlockKind::fixed;
    bool is_final = false;
    wire::ByteString data{};            // stored
    std::vector<wire::Token> tokens{};  // else
};
// compress_blocks writes the blocks and ends them as `tail` says. A final block fills its octet.
[[nodiscard]] wire::ByteString compress_blocks(const std::vector<Block>& blocks,
                                               DeflateRecipe::Tail tail);

[[nodiscard]] wire::BlockKind block_kind_of(const nlohmann::json& value);
[[nodiscard]] DeflateRecipe::Tail tail_of(const nlohmann::json& recipe);

}  // namespace wsproof::conformance
