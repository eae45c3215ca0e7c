#include "template.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string_view>

namespace wsproof::conformance {

namespace {

constexpr std::array<std::string_view, 8> kPlayersOwn = {
    "cut_accept", "host", "target", "key", "accept", "miscased_accept", "subprotocol", "deflate"};

const Json& value_of(std::string_view name, const Parameters& parameters,
                     const std::string& pointer) {
    // The last one wins: ${index} of an inner repeat hides that of an outer one.
    for (auto found = parameters.rbegin(); found != parameters.rend(); ++found) {
        if (found->first == name) {
            return found->second;
        }
    }
    throw BadScenario(pointer, "${" + std::string(name) + "} is not a parameter of this scenario");
}

bool is_parameter(std::string_view name, const Parameters& parameters) {
    return std::any_of(parameters.begin(), parameters.end(),
                       [&](const auto& entry) { return entry.first == name; });
}

bool is_players_own(std::string_view name) {
    return std::find(kPlayersOwn.begin(), kPlayersOwn.end(), name) != kPlayersOwn.end();
}

// fill_text: a string that is one `${name}` takes the value with its type.
Json fill_text(const std::string& text, const Parameters& parameters, const std::string& pointer) {
    std::string filled;
    std::size_t position = 0;
    while (true) {
        const std::size_t begin = text.find("${", position);
        if (begin == std::string::npos) {
            return filled + text.substr(position);
        }
        const std::size_t end = text.find('}', begin);
        if (end == std::string::npos) {
            throw BadScenario(pointer, "\"${\" without \"}\"");
        }
        const std::string_view name = std::string_view(text).substr(begin + 2, end - begin - 2);
        filled += text.substr(position, begin - position);
        position = end + 1;
        if (is_players_own(name) && !is_parameter(name, parameters)) {
            filled += text.substr(begin, position - begin);
            continue;
        }
        const Json& value = value_of(name, parameters, pointer);
        if (begin == 0 && position == text.size()) {
            return value;
        }
        filled += text_of(value);
    }
}

// holds decides `A == B` and `A != B`, both sides taken as text.
bool holds(const std::string& condition, const Parameters& parameters, const std::string& pointer) {
    for (const std::string_view sign : {" == ", " != "}) {
        const std::size_t at = condition.find(sign);
        if (at == std::string::npos) {
            continue;
        }
        const auto side = [&](const std::string& text) {
            return text_of(fill_text(text, parameters, pointer));
        };
        const bool equal =
            side(condition.substr(0, at)) == side(condition.substr(at + sign.size()));
        return equal == (sign == " == ");
    }
    throw BadScenario(pointer,
                      "a condition is \"A == B\" or \"A != B\", not \"" + condition + "\"");
}

// fill: nullopt if a `when` in the object itself is false.
std::optional<Json> fill(const Json& value, const Parameters& parameters,
                         const std::string& pointer) {
    if (value.is_string()) {
        return fill_text(value.get_ref<const std::string&>(), parameters, pointer);
    }
    if (value.is_array()) {
        Json filled = Json::array();
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (auto element = fill(value[i], parameters, pointer + "/" + std::to_string(i))) {
                filled.push_back(std::move(*element));
            }
        }
        return filled;
    }
    if (!value.is_object()) {
        return value;
    }
    if (const auto when = value.find("when"); when != value.end()) {
        if (!when->is_string()) {
            throw BadScenario(pointer + "/when", "a condition is a string");
        }
        if (!holds(when->get<std::string>(), parameters, pointer + "/when")) {
            return std::nullopt;
        }
    }
    // A repeated step is filled in once for each ${index}, by the parser.
    const bool repeats = value.contains("repeat") && value.contains("steps");
    Json filled = Json::object();
    for (const auto& [key, element] : value.items()) {
        if (key == "when") {
            continue;
        }
        if (repeats && key == "steps") {
            filled[key] = element;
            continue;
        }
        if (auto inner = fill(element, parameters, pointer + "/" + key)) {
            filled[key] = std::move(*inner);
        }
    }
    return filled;
}

void combine(const Json& loop, const std::string& pointer, std::vector<Parameters>& out) {
    if (!loop.is_object()) {
        throw BadScenario(pointer, "\"for\" is an object of lists, or a list of such objects");
    }
    std::vector<Parameters> sets(1);
    for (const auto& [name, values] : loop.items()) {
        if (!values.is_array() || values.empty()) {
            throw BadScenario(pointer + "/" + name,
                              "the values of a parameter are a list with something in it");
        }
        std::vector<Parameters> larger;
        for (const Parameters& set : sets) {
            for (const Json& value : values) {
                larger.push_back(set);
                larger.back().emplace_back(name, value);
            }
        }
        sets = std::move(larger);
    }
    out.insert(out.end(), sets.begin(), sets.end());
}

}  // namespace

std::vector<Parameters> expand(const Json& loop, const std::string& pointer) {
    std::vector<Parameters> sets;
    if (!loop.is_array()) {
        combine(loop, pointer, sets);
        return sets;
    }
    for (std::size_t i = 0; i < loop.size(); ++i) {
        combine(loop[i], pointer + "/" + std::to_string(i), sets);
    }
    return sets;
}

Json fill_in(const Json& value, const Parameters& parameters, const std::string& pointer) {
    return fill(value, parameters, pointer).value_or(Json());
}

std::string text_of(const Json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string id_of(const Parameters& parameters) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string id;
    for (const auto& [name, value] : parameters) {
        id += (id.empty() ? "[" : ",") + name + "=";
        for (const char c : text_of(value)) {
            const auto octet = static_cast<unsigned char>(c);
            if (std::isalnum(octet) != 0 ||
                std::string_view("._+-/:;").find(c) != std::string_view::npos) {
                id += c;
            } else {
                id += '%';
                id += kDigits[octet >> 4];
                id += kDigits[octet & 15];
            }
        }
    }
    return id.empty() ? id : id + "]";
}

}  // namespace wsproof::conformance
