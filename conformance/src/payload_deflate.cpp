#include "payload_deflate.hpp"

#include <algorithm>

#include "deflate_recipe.hpp"
#include "payload.hpp"
#include "wire/deflate_tables.hpp"

namespace wsproof::conformance {

namespace {

using nlohmann::json;
using wire::ByteString;
using Make = std::function<ByteString(const json&)>;

constexpr std::uint64_t kTimesMax = 8'000'000;  // references of one item: 2 GiB inflated
constexpr std::uint64_t kBlockMax = 1'000;      // octets around the data of a block, at most

std::uint64_t number(const json& item, const char* key, std::uint64_t least, std::uint64_t most) {
    const auto found = item.find(key);
    if (found == item.end() || !found->is_number_unsigned() ||
        found->get<std::uint64_t>() < least || found->get<std::uint64_t>() > most) {
        throw BadRecipe(std::string("\"") + key + "\" must be a number from " +
                        std::to_string(least) + " to " + std::to_string(most));
    }
    return found->get<std::uint64_t>();
}

bool is_reference(const json& item) {
    return item.is_object() && item.contains("distance");
}

std::uint64_t times_of(const json& item) {
    return item.contains("times") ? number(item, "times", 1, kTimesMax) : 1;
}

// items_of gives a block's tokens as a list, also where they are one payload.
std::vector<json> items_of(const json& block) {
    const auto found = block.find("tokens");
    if (found == block.end()) {
        return {};
    }
    return found->is_array() ? found->get<std::vector<json>>() : std::vector<json>{*found};
}

Block make_block(const json& described, const Make& make) {
    Block block{.kind = block_kind_of(described.at("block")),
                .is_final = described.value("final", false)};
    for (const json& item : items_of(described)) {
        if (is_reference(item)) {
            const wire::Token token{
                static_cast<std::uint16_t>(number(item, "length", 3, wire::kLengthMax)),
                static_cast<std::uint16_t>(number(item, "distance", 1, wire::kDeflateWindow))};
            block.tokens.insert(block.tokens.end(), static_cast<std::size_t>(times_of(item)),
                                token);
            continue;
        }
        const ByteString data = make(item);
        if (block.kind == wire::BlockKind::stored) {
            block.data.insert(block.data.end(), data.begin(), data.end());
        } else {
            const std::vector<wire::Token> literals = wire::literals_of(data);
            block.tokens.insert(block.tokens.end(), literals.begin(), literals.end());
        }
    }
    return block;
}

std::uint64_t measure_block(const json& block,
                            const std::function<std::uint64_t(const json&)>& measure) {
    if (!block.is_object() || !block.contains("block")) {
        throw BadRecipe(R"(a block is {"block": "stored|fixed|dynamic", "tokens": …})");
    }
    const wire::BlockKind kind = block_kind_of(block.at("block"));
    if (block.contains("final") && !block.at("final").is_boolean()) {
        throw BadRecipe("\"final\" must be true or false");
    }
    std::uint64_t size = kBlockMax;
    for (const json& item : items_of(block)) {
        if (!is_reference(item)) {
            size += 2 * measure(item);
            continue;
        }
        if (kind == wire::BlockKind::stored) {
            throw BadRecipe("a stored block has no references");
        }
        static_cast<void>(number(item, "distance", 1, wire::kDeflateWindow));
        static_cast<void>(number(item, "length", 3, wire::kLengthMax));
        size += 6 * times_of(item);
    }
    return size;
}

}  // namespace

std::uint64_t measure_deflated(const json& recipe,
                               const std::function<std::uint64_t(const json&)>& measure) {
    static_cast<void>(recipe_of(recipe));
    if (recipe.contains("drop")) {
        static_cast<void>(number(recipe, "drop", 0, UINT32_MAX));
    }
    const json& what = recipe.at("deflate");
    if (what.is_array()) {
        std::uint64_t size = kBlockMax;
        for (const json& block : what) {
            size += measure_block(block, measure);
        }
        return size;
    }
    if (recipe.contains("history")) {
        static_cast<void>(measure(recipe.at("history")));
    }
    return 2 * measure(what) + kBlockMax * (recipe_of(recipe).blocks + 1);
}

ByteString make_deflated(const json& recipe, const Make& make) {
    const json& what = recipe.at("deflate");
    ByteString bytes;
    if (what.is_array()) {
        std::vector<Block> blocks;
        for (const json& block : what) {
            blocks.push_back(make_block(block, make));
        }
        bytes = compress_blocks(blocks, tail_of(recipe));
    } else {
        const ByteString history =
            recipe.contains("history") ? make(recipe.at("history")) : ByteString{};
        bytes = compress(make(what), history, recipe_of(recipe));
    }
    if (recipe.contains("drop")) {
        const auto drop = static_cast<std::size_t>(number(recipe, "drop", 0, UINT32_MAX));
        bytes.resize(bytes.size() - std::min(drop, bytes.size()));
    }
    return bytes;
}

}  // namespace wsproof::conformance
