// Reads Sec-WebSocket-Extensions (RFC 6455 §9.1) leniently: what is malformed stays as it was sent.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wsproof::conformance::wire {

struct ExtensionParameter {
    std::string name;
    std::optional<std::string> value{};  // without quotes and escapes
};

struct Extension {
    std::string name;
    std::vector<ExtensionParameter> parameters{};
    std::string text{};  // as sent

    // find: the first parameter of this name, by case; nullptr if there is none.
    [[nodiscard]] const ExtensionParameter* find(std::string_view parameter) const noexcept;
};

// extensions_of splits one field value; empty elements and parameters are left out.
[[nodiscard]] std::vector<Extension> extensions_of(std::string_view field);

}  // namespace wsproof::conformance::wire
