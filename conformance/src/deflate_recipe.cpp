#include "deflate_recipe.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "payload.hpp"

namespace wsproof::conformance {

namespace {

using nlohmann::json;

std::uint64_t number_within(const json& recipe, const char* key, std::uint64_t least,
                            std::uint64_t most, std::uint64_t otherwise) {
    const auto found = recipe.find(key);
    if (found == recipe.end()) {
        return otherwise;
    }
    if (!found->is_number_unsigned() || found->get<std::uint64_t>() < least ||
        found->get<std::uint64_t>() > most) {
        throw BadRecipe(std::string("\"") + key + "\" must be a number from " +
                        std::to_string(least) + " to " + std::to_string(most));
    }
    return found->get<std::uint64_t>();
}

bool flag(const json& recipe, const char* key, bool otherwise) {
    const auto found = recipe.find(key);
    if (found == recipe.end()) {
        return otherwise;
    }
    if (!found->is_boolean()) {
        throw BadRecipe(std::string("\"") + key + "\" must be true or false");
    }
    return found->get<bool>();
}

}  // namespace

wire::BlockKind block_kind_of(const json& value) {
    if (value == "stored") {
        return wire::BlockKind::stored;
    }
    if (value == "fixed") {
        return wire::BlockKind::fixed;
    }
    if (value == "dynamic") {
        return wire::BlockKind::dynamic;
    }
    throw BadRecipe(value.dump() + " is no kind of block: stored, fixed or dynamic");
}

DeflateRecipe::Tail tail_of(const json& recipe) {
    const auto found = recipe.find("tail");
    if (found == recipe.end() || *found == "dropped") {
        return DeflateRecipe::Tail::dropped;
    }
    if (*found != "kept" && *found != "missing") {
        throw BadRecipe(found->dump() + " is no tail: dropped, kept or missing");
    }
    return *found == "kept" ? DeflateRecipe::Tail::kept : DeflateRecipe::Tail::missing;
}

DeflateRecipe recipe_of(const json& value) {
    constexpr std::uint64_t kBlocksMax = 65536;
    DeflateRecipe recipe;
    if (value == true) {
        return recipe;
    }
    if (!value.is_object()) {
        recipe.kind = block_kind_of(value);
        return recipe;
    }
    if (value.contains("block")) {
        recipe.kind = block_kind_of(value.at("block"));
    }
    recipe.blocks = number_within(value, "blocks", 1, kBlocksMax, 1);
    recipe.is_final = flag(value, "final", false);
    recipe.window = number_within(value, "window", 8, 15, 15);
    recipe.refers = flag(value, "refers", true);
    recipe.takeover = flag(value, "takeover", true);
    recipe.tail = tail_of(value);
    return recipe;
}

wire::ByteString compress(wire::ByteView data, wire::ByteView history,
                          const DeflateRecipe& recipe) {
    const std::size_t distance_max = std::size_t{1} << recipe.window;
    std::vector<wire::Token> tokens;
    if (recipe.kind != wire::BlockKind::stored) {
        tokens =
            recipe.refers ? wire::tokens_of(data, history, distance_max) : wire::literals_of(data);
    }
    const bool is_stored = recipe.kind == wire::BlockKind::stored;
    const std::size_t count = is_stored ? data.size() : tokens.size();
    const auto part = [&](std::uint64_t i) {
        return static_cast<std::ptrdiff_t>(count * i / recipe.blocks);
    };
    std::vector<Block> blocks;
    // No data is no block, but for the empty one at the end.
    for (std::uint64_t i = 0; i < recipe.blocks && count > 0; ++i) {
        Block block{.kind = recipe.kind, .is_final = recipe.is_final};
        if (is_stored) {
            block.data.assign(data.begin() + part(i), data.begin() + part(i + 1));
        } else {
            block.tokens.assign(tokens.begin() + part(i), tokens.begin() + part(i + 1));
        }
        blocks.push_back(std::move(block));
    }
    return compress_blocks(blocks, recipe.tail);
}

wire::ByteString compress_blocks(const std::vector<Block>& blocks, DeflateRecipe::Tail tail) {
    wire::DeflateWriter writer;
    for (const Block& block : blocks) {
        switch (block.kind) {
            case wire::BlockKind::stored:
                writer.stored(block.data, block.is_final);
                break;
            case wire::BlockKind::fixed:
                writer.fixed(block.tokens, block.is_final);
                break;
            case wire::BlockKind::dynamic:
                writer.dynamic(block.tokens, block.is_final);
                break;
        }
        if (block.is_final) {
            writer.align();  // RFC 7692 §7.2.1
        }
    }
    if (tail != DeflateRecipe::Tail::missing) {
        writer.stored({}, false);
    }
    writer.align();
    wire::ByteString bytes = writer.take();
    if (tail == DeflateRecipe::Tail::dropped) {
        bytes.resize(bytes.size() - 4);
    }
    return bytes;
}

}  // namespace wsproof::conformance
