#include "payload.hpp"

#include "payload_deflate.hpp"
#include "payload_generate.hpp"

namespace wsproof::conformance {

namespace {

using nlohmann::json;
using wire::ByteString;

constexpr std::uint64_t kSizeMax = std::uint64_t{1} << 30;  // bytes a recipe may ask for
constexpr int kDepthMax = 8;

ByteString bytes_of(std::string_view text) {
    const auto view = std::as_bytes(std::span(text));
    return {view.begin(), view.end()};
}

std::uint64_t number(const json& recipe, const char* key) {
    const auto found = recipe.find(key);
    if (found == recipe.end() || !found->is_number_integer() || found->get<std::int64_t>() < 0) {
        throw BadRecipe(std::string("\"") + key + "\" must be a number from 0 up");
    }
    const auto value = found->get<std::uint64_t>();
    if (value > kSizeMax) {
        throw BadRecipe(std::string("\"") + key + "\" is above " + std::to_string(kSizeMax));
    }
    return value;
}

int hex_digit(char c) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const std::size_t value = kDigits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    if (value == std::string_view::npos) {
        throw BadRecipe(std::string("'") + c + "' is not a hex digit");
    }
    return static_cast<int>(value);
}

ByteString from_hex(std::string_view text) {
    ByteString bytes;
    int high = -1;
    for (const char c : text) {
        if (c == ' ') {
            continue;
        }
        const int digit = hex_digit(c);
        if (high < 0) {
            high = digit;
            continue;
        }
        bytes.push_back(static_cast<std::byte>(high << 4 | digit));
        high = -1;
    }
    if (high >= 0) {
        throw BadRecipe("an odd number of hex digits");
    }
    return bytes;
}

ByteString generate_recipe(const json& recipe, std::uint64_t case_seed) {
    const auto label = recipe.find("seed");
    const std::string seed = label == recipe.end() ? std::string() : label->get<std::string>();
    return generate(recipe.at("generate").get<std::string>(),
                    static_cast<std::size_t>(number(recipe, "size")),
                    Random(seed_of(case_seed, seed)));
}

std::uint64_t checked(std::uint64_t size) {
    if (size > kSizeMax) {
        throw BadRecipe("it makes more than " + std::to_string(kSizeMax) + " bytes");
    }
    return size;
}

std::uint64_t measure(const json& recipe, int depth);

std::uint64_t measure_generated(const json& recipe) {
    const std::string kind = recipe.at("generate").get<std::string>();
    if (!is_generator(kind)) {
        throw BadRecipe("unknown generator \"" + kind + "\": " + generators());
    }
    if (recipe.contains("seed") && !recipe.at("seed").is_string()) {
        throw BadRecipe("\"seed\" must be a label in quotes");
    }
    return number(recipe, "size");
}

std::uint64_t measure_slice(const json& recipe, int depth) {
    if (recipe.at("slice").is_object() && recipe.at("slice").contains("deflate")) {
        throw BadRecipe("the size of a compressed payload is not known: \"drop\" cuts it");
    }
    const std::uint64_t whole = measure(recipe.at("slice"), depth + 1);
    const std::uint64_t size = number(recipe, "size");
    const std::uint64_t end = number(recipe, "offset") + size;
    if (end > whole) {
        throw BadRecipe("\"slice\" ends at " + std::to_string(end) + " of " +
                        std::to_string(whole) + " bytes");
    }
    return size;
}

// measure finds every fault of a recipe; make relies on it.
std::uint64_t measure(const json& recipe, int depth) {
    if (depth > kDepthMax) {
        throw BadRecipe("payloads nested deeper than " + std::to_string(kDepthMax));
    }
    if (recipe.is_string()) {
        return recipe.get_ref<const std::string&>().size();
    }
    if (!recipe.is_object()) {
        throw BadRecipe("a payload is a string or an object, not " +
                        std::string(recipe.type_name()));
    }
    if (recipe.contains("hex")) {
        return from_hex(recipe.at("hex").get<std::string>()).size();
    }
    if (recipe.contains("fill")) {
        if (recipe.at("fill").get<std::string>().size() != 1) {
            throw BadRecipe("\"fill\" must be one ASCII character");
        }
        return number(recipe, "size");
    }
    if (recipe.contains("generate")) {
        return measure_generated(recipe);
    }
    if (recipe.contains("concat")) {
        if (!recipe.at("concat").is_array()) {
            throw BadRecipe("\"concat\" must be a list of payloads");
        }
        std::uint64_t size = 0;
        for (const json& part : recipe.at("concat")) {
            size = checked(size + measure(part, depth + 1));
        }
        return size;
    }
    if (recipe.contains("repeat")) {
        // Both factors are at most 2^30 here: the product does not wrap.
        return checked(number(recipe, "times") * checked(measure(recipe.at("repeat"), depth + 1)));
    }
    if (recipe.contains("slice")) {
        return measure_slice(recipe, depth);
    }
    if (recipe.contains("deflate")) {
        return checked(measure_deflated(
            recipe, [depth](const json& part) { return measure(part, depth + 1); }));
    }
    throw BadRecipe(
        "a payload is a string, or an object with hex, fill, generate, concat, repeat, slice or "
        "deflate");
}

// make takes a recipe that measure has let pass.
ByteString make(const json& recipe, std::uint64_t seed) {
    if (recipe.is_string()) {
        return bytes_of(recipe.get_ref<const std::string&>());
    }
    if (recipe.contains("hex")) {
        return from_hex(recipe.at("hex").get<std::string>());
    }
    if (recipe.contains("fill")) {
        return ByteString(static_cast<std::size_t>(number(recipe, "size")),
                          bytes_of(recipe.at("fill").get<std::string>()).front());
    }
    if (recipe.contains("generate")) {
        return generate_recipe(recipe, seed);
    }
    ByteString bytes;
    if (recipe.contains("concat")) {
        for (const json& part : recipe.at("concat")) {
            const ByteString more = make(part, seed);
            bytes.insert(bytes.end(), more.begin(), more.end());
        }
        return bytes;
    }
    if (recipe.contains("repeat")) {
        const ByteString part = make(recipe.at("repeat"), seed);
        const auto times = static_cast<std::size_t>(number(recipe, "times"));
        bytes.reserve(times * part.size());
        for (std::size_t i = 0; !part.empty() && i < times; ++i) {
            bytes.insert(bytes.end(), part.begin(), part.end());
        }
        return bytes;
    }
    if (recipe.contains("deflate")) {
        return make_deflated(recipe, [seed](const json& part) { return make(part, seed); });
    }
    bytes = make(recipe.at("slice"), seed);
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(number(recipe, "offset"));
    return {begin, begin + static_cast<std::ptrdiff_t>(number(recipe, "size"))};
}

}  // namespace

// splitmix64: constants from its public-domain reference.
std::uint64_t Random::next() noexcept {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

std::uint64_t seed_of(std::uint64_t seed, std::string_view name) noexcept {
    std::uint64_t hash = 0xCBF29CE484222325 ^ seed;
    for (const char c : name) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    }
    return Random(hash).next();
}

wire::ByteString make_payload(const PayloadSpec& spec, std::uint64_t case_seed) {
    check_payload(spec);
    return make(spec.recipe, case_seed);
}

std::uint64_t size_of(const PayloadSpec& spec) {
    try {
        return measure(spec.recipe, 0);
    } catch (const json::exception& error) {
        throw BadRecipe(error.what());
    }
}

void check_payload(const PayloadSpec& spec) {
    static_cast<void>(size_of(spec));
}

std::string describe(const PayloadSpec& spec) {
    const json& recipe = spec.recipe;
    if (recipe.is_string()) {
        return recipe.dump();
    }
    if (recipe.contains("hex")) {
        return "hex " + recipe.at("hex").get<std::string>();
    }
    const auto size = [&] { return recipe.value("size", json(0)).dump() + " bytes"; };
    if (recipe.contains("fill")) {
        return size() + " of '" + recipe.at("fill").get<std::string>() + "'";
    }
    if (recipe.contains("generate")) {
        return size() + " of " + recipe.at("generate").get<std::string>() +
               (recipe.contains("seed") ? ", seed " + recipe.at("seed").dump() : "");
    }
    if (recipe.contains("deflate") && !recipe.at("deflate").is_array()) {
        return describe(PayloadSpec{recipe.at("deflate")}) + ", deflated";
    }
    return recipe.dump();
}

}  // namespace wsproof::conformance
