#include "recipe.hpp"

#include <algorithm>

#include "content.hpp"

namespace wsproof::netfuzz {

using conformance::wire::ByteString;

namespace {

bool makes(const Json& recipe, const ByteString& wanted) {
    try {
        return conformance::make_payload({.recipe = nlohmann::json(recipe)}, kRecipeSeed) == wanted;
    } catch (const conformance::BadRecipe&) {
        return false;
    }
}

Json whole_of(const Json& parts) {
    return parts.size() == 1 ? parts[0] : Json({{"concat", parts}});
}

}  // namespace

std::string text_of(const ByteString& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_plain(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char each) { return each >= ' ' && each <= '~' && each != '$'; });
}

Json recipe_for(const ByteString& payload, const Json& parts) {
    if (payload.size() <= 64 && is_plain(text_of(payload))) {
        return text_of(payload);
    }
    if (!parts.empty() && makes(whole_of(parts), payload)) {
        return whole_of(parts);
    }
    Json inner = Json::array();
    for (const Json& part : parts) {
        if (part.is_object() && part.contains("deflate") && !part["deflate"].is_array()) {
            inner.push_back(part["deflate"]);
        }
    }
    if (!inner.empty() && makes(whole_of(inner), payload)) {
        return whole_of(inner);
    }
    return {{"hex", hex_of(text_of(payload))}};
}

Json up_to_last(const Json& payloads) {
    Json kept = Json::array();
    for (std::size_t i = 0; i < payloads.size(); ++i) {
        if (i + 1 == payloads.size() || payloads[i] != payloads.back()) {
            kept.push_back(payloads[i]);
        }
    }
    return kept;
}

Json canonical(Json value) {
    if (value.is_number_integer() && !value.is_number_unsigned()) {
        return value.get<std::uint64_t>();
    }
    if (value.is_structured()) {
        for (Json& each : value) {
            each = canonical(std::move(each));
        }
    }
    return value;
}

}  // namespace wsproof::netfuzz
