// The grammar of Sec-WebSocket-Extensions, RFC 6455 §9.1.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <wsproof/error.hpp>
#include <wsproof/options.hpp>

namespace wsproof {

struct ExtensionParameter {
    std::string_view name;
    std::optional<std::string>
        value{};  // unquoted: "10" and 10 are the same; nullopt if there is none
};

struct Extension {
    std::string_view name;
    std::vector<ExtensionParameter> parameters{};
};

struct ParsedExtensions {
    Error error = Error::none;  // bad_extension: a value breaks the grammar
    std::vector<Extension> extensions{};
};

// parse_extensions reads all Sec-WebSocket-Extensions fields as one list, in order. Names are views
// into the fields. Linear in their size, quoted strings included.
[[nodiscard]] ParsedExtensions parse_extensions(std::span<const Field> fields);

// check_extensions is the same for those who want none of them: only the error.
[[nodiscard]] Error check_extensions(std::span<const Field> fields);

}  // namespace wsproof
