#include "extensions.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "http_grammar.hpp"

namespace wsproof {
namespace {

// Cursor walks once through one field value. RFC 2616 §2.1 lets blanks stand between any two tokens
// and separators, those around "=" included.
class Cursor {
  public:
    explicit Cursor(std::string_view text) noexcept : text_(text) { skip_blanks(); }

    [[nodiscard]] bool is_at_end() const noexcept { return text_.empty(); }

    // skip steps over `separator` and the blanks after it, if it comes next.
    [[nodiscard]] bool skip(char separator) noexcept {
        if (text_.empty() || text_.front() != separator) {
            return false;
        }
        text_.remove_prefix(1);
        skip_blanks();
        return true;
    }

    // token is empty if no token comes next.
    [[nodiscard]] std::string_view token() noexcept {
        const std::size_t size = token_size(text_);
        const std::string_view token = text_.substr(0, size);
        text_.remove_prefix(size);
        skip_blanks();
        return token;
    }

    [[nodiscard]] bool is_at_quote() const noexcept { return text_.starts_with('"'); }

    // quoted unescapes a quoted string; nullopt if it has no end. is_at_quote() must hold.
    [[nodiscard]] std::optional<std::string> quoted() {
        std::string value;
        for (std::size_t i = 1; i < text_.size(); ++i) {
            if (text_[i] == '"') {
                text_.remove_prefix(i + 1);
                skip_blanks();
                return value;
            }
            if (text_[i] == '\\') {
                ++i;  // the character after it stands for itself
            }
            if (i < text_.size()) {
                value.push_back(text_[i]);
            }
        }
        return std::nullopt;
    }

  private:
    void skip_blanks() noexcept {
        const std::size_t size = text_.find_first_not_of(" \t");
        text_.remove_prefix(std::min(size, text_.size()));
    }

    std::string_view text_;
};

// RFC 6455 §9.1: a parameter's value is a token, or a quoted string that unescapes to one.
std::optional<std::string> read_value(Cursor& cursor) {
    std::optional<std::string> value;
    if (cursor.is_at_quote()) {
        value = cursor.quoted();
    } else {
        value = std::string(cursor.token());
    }
    return value && is_token(*value) ? value : std::nullopt;
}

// Extensions is what is read into: with nullptr, only read.
using Extensions = std::vector<Extension>*;

bool read_extension(Cursor& cursor, Extensions into) {
    Extension extension{cursor.token()};
    if (extension.name.empty()) {
        return false;
    }
    while (cursor.skip(';')) {
        ExtensionParameter parameter{cursor.token()};
        if (parameter.name.empty()) {
            return false;
        }
        if (cursor.skip('=')) {
            parameter.value = read_value(cursor);
            if (!parameter.value) {
                return false;
            }
        }
        if (into != nullptr) {
            extension.parameters.push_back(std::move(parameter));
        }
    }
    if (into != nullptr) {
        into->push_back(std::move(extension));
    }
    return true;
}

// read_list: how many there are, nullopt if they break the grammar. RFC 2616 §2.1: a list may have
// empty elements, which do not count.
std::optional<std::size_t> read_list(std::string_view text, Extensions into) {
    std::size_t count = 0;
    Cursor cursor(text);
    while (!cursor.is_at_end()) {
        if (cursor.skip(',')) {
            continue;
        }
        if (!read_extension(cursor, into) || !(cursor.is_at_end() || cursor.skip(','))) {
            return std::nullopt;
        }
        ++count;
    }
    return count;
}

Error read_fields(std::span<const Field> fields, Extensions into) {
    bool is_present = false;
    std::size_t all = 0;
    for (const Field& field : fields) {
        if (!equals_ignoring_case(field.name, "Sec-WebSocket-Extensions")) {
            continue;
        }
        is_present = true;
        const auto count = read_list(field.value, into);
        if (!count) {
            return Error::bad_extension;
        }
        all += *count;
    }
    return is_present && all == 0 ? Error::bad_extension : Error::none;  // at least one: §9.1
}

}  // namespace

Error check_extensions(std::span<const Field> fields) {
    return read_fields(fields, nullptr);
}

ParsedExtensions parse_extensions(std::span<const Field> fields) {
    ParsedExtensions parsed;
    parsed.error = read_fields(fields, &parsed.extensions);
    if (parsed.error != Error::none) {
        parsed.extensions.clear();
    }
    return parsed;
}

}  // namespace wsproof
