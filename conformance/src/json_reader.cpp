#include "json_reader.hpp"

#include "payload.hpp"

namespace wsproof::conformance {

JsonReader::JsonReader(const Json& value, std::string pointer)
    : value_(value), pointer_(std::move(pointer)) {
    if (!value_.is_object()) {
        refuse("an object is wanted here, not " + std::string(value_.type_name()));
    }
}

const Json* JsonReader::take(const char* key) {
    const auto found = value_.find(key);
    if (found == value_.end()) {
        return nullptr;
    }
    taken_.insert(key);
    return &*found;
}

std::optional<std::string> JsonReader::text(const char* key) {
    const Json* value = take(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_string()) {
        throw BadScenario(at(key), "a string is wanted here");
    }
    return value->get<std::string>();
}

std::optional<bool> JsonReader::flag(const char* key) {
    const Json* value = take(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_boolean()) {
        throw BadScenario(at(key), "true or false is wanted here");
    }
    return value->get<bool>();
}

std::uint64_t number_of(const Json& value, const std::string& pointer, std::uint64_t most) {
    std::uint64_t number = 0;
    if (value.is_number_unsigned()) {
        number = value.get<std::uint64_t>();
    } else if (value.is_string() && value.get_ref<const std::string&>().starts_with("0x")) {
        std::size_t used = 0;
        const auto& text = value.get_ref<const std::string&>();
        try {
            number = std::stoull(text, &used, 16);
        } catch (const std::exception&) {
            used = 0;
        }
        if (used != text.size()) {
            throw BadScenario(pointer, "\"" + text + "\" is not a number of at most 64 bits");
        }
    } else {
        throw BadScenario(pointer, "a number from 0 up is wanted here, not " + value.dump());
    }
    if (number > most) {
        throw BadScenario(pointer, std::to_string(number) + " is above " + std::to_string(most));
    }
    return number;
}

std::optional<std::uint64_t> JsonReader::number(const char* key, std::uint64_t most) {
    const Json* value = take(key);
    return value == nullptr ? std::nullopt : std::optional(number_of(*value, at(key), most));
}

PayloadSpec payload_of(const Json& recipe, const std::string& pointer) {
    PayloadSpec spec{nlohmann::json::parse(recipe.dump())};
    try {
        check_payload(spec);
    } catch (const BadRecipe& error) {
        throw BadScenario(pointer, error.what());
    } catch (const nlohmann::json::exception&) {
        throw BadScenario(pointer, "a part of this payload is missing or of the wrong type");
    }
    return spec;
}

std::optional<PayloadSpec> JsonReader::payload(const char* key) {
    const Json* value = take(key);
    return value == nullptr ? std::nullopt : std::optional(payload_of(*value, at(key)));
}

std::vector<std::string> JsonReader::texts(const char* key) {
    std::vector<std::string> texts;
    const Json* value = take(key);
    if (value == nullptr) {
        return texts;
    }
    if (!value->is_array()) {
        throw BadScenario(at(key), "a list of strings is wanted here");
    }
    for (const Json& element : *value) {
        if (!element.is_string()) {
            throw BadScenario(at(key), "a list of strings is wanted here");
        }
        texts.push_back(element.get<std::string>());
    }
    return texts;
}

std::optional<Behaviour> JsonReader::behaviour(const char* key) {
    const auto word = text(key);
    if (!word) {
        return std::nullopt;
    }
    if (*word == "ok") {
        return Behaviour::pass;
    }
    for (const Behaviour behaviour :
         {Behaviour::info, Behaviour::non_strict, Behaviour::unsupported, Behaviour::fail}) {
        if (*word == name(behaviour)) {
            return behaviour;
        }
    }
    throw BadScenario(at(key),
                      "\"" + *word + "\" is no verdict: ok, info, non-strict, unsupported or fail");
}

void JsonReader::done() const {
    for (const auto& [key, element] : value_.items()) {
        if (!taken_.contains(key)) {
            throw BadScenario(
                pointer_, "nothing here is called \"" + key + "\" (or not together with the rest)");
        }
    }
}

}  // namespace wsproof::conformance
