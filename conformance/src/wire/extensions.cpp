#include "extensions.hpp"

#include <algorithm>

#include "http_response.hpp"

namespace wsproof::conformance::wire {

namespace {

// parts_of splits at semicolons outside quoted strings.
std::vector<std::string_view> parts_of(std::string_view element) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < element.size(); ++i) {
        if (element[i] == '"') {
            quoted = !quoted;
        } else if (quoted && element[i] == '\\') {
            ++i;  // RFC 9110 §5.6.4: the next character stands for itself
        } else if (element[i] == ';' && !quoted) {
            parts.push_back(trim(element.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    parts.push_back(trim(element.substr(begin)));
    return parts;
}

std::string unquoted(std::string_view value) {
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') {
        return std::string(value);
    }
    std::string text;
    value = value.substr(1, value.size() - 2);
    for (std::size_t i = 0; i < value.size(); ++i) {
        i += value[i] == '\\' && i + 1 < value.size() ? 1 : 0;
        text += value[i];
    }
    return text;
}

}  // namespace

const ExtensionParameter* Extension::find(std::string_view parameter) const noexcept {
    const auto found =
        std::find_if(parameters.begin(), parameters.end(),
                     [&](const ExtensionParameter& each) { return each.name == parameter; });
    return found == parameters.end() ? nullptr : &*found;
}

std::vector<Extension> extensions_of(std::string_view field) {
    std::vector<Extension> extensions;
    for (const std::string_view element : tokens_of(field)) {
        Extension extension{.name = {}, .text = std::string(element)};
        bool is_name = true;
        for (const std::string_view part : parts_of(element)) {
            if (is_name) {
                extension.name = part;
                is_name = false;
            } else if (!part.empty()) {
                const std::size_t equals = part.find('=');
                ExtensionParameter parameter{std::string(trim(part.substr(0, equals)))};
                if (equals != std::string_view::npos) {
                    parameter.value = unquoted(trim(part.substr(equals + 1)));
                }
                extension.parameters.push_back(std::move(parameter));
            }
        }
        extensions.push_back(std::move(extension));
    }
    return extensions;
}

}  // namespace wsproof::conformance::wire
