#include "http_head.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace wsproof {
namespace {

constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_token_char(char c) noexcept {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    const char lower = to_lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
}

constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

constexpr bool is_control(char c) noexcept {
    const auto value = static_cast<unsigned char>(c);
    return value < 0x20 || value == 0x7F;
}

}  // namespace

HttpHead::HttpHead(const Limits& limits) noexcept
    : size_left_(limits.head), field_count_left_(limits.fields) {}

Step HttpHead::feed(MutableBytes& in) {
    assert(!is_complete_);
    while (error_ == Error::none && !is_complete_ && !in.empty()) {
        error_ = take(static_cast<char>(in.front()));
        in = in.subspan(1);
    }
    if (error_ != Error::none) {
        return Step::violation;
    }
    if (!is_complete_) {
        return Step::need_more;
    }
    make_views();
    return Step::done;
}

void HttpHead::start_over() noexcept {
    is_complete_ = false;
    line_begin_ = 0;
    start_line_size_ = 0;
    text_.clear();
    ranges_.clear();
    start_line_ = {};
    fields_.clear();
}

// What can be judged from one byte is judged at once, so that a peer which speaks no HTTP at all
// (TLS, say) is refused without waiting for a line end that may never come.
Error HttpHead::take(char c) {
    if (size_left_ == 0) {
        return Error::head_too_big;
    }
    --size_left_;
    const bool after_cr = !text_.empty() && text_.back() == '\r';
    if (after_cr != (c == '\n')) {
        return Error::malformed_head;  // RFC 9112 §2.2: CR and LF only together
    }
    text_.push_back(c);
    if (c == '\n') {
        return end_line();
    }
    return is_control(c) && c != '\t' && c != '\r' ? Error::malformed_head : Error::none;
}

Error HttpHead::end_line() {
    const std::size_t line_end = text_.size() - 2;
    const bool is_empty = line_end == line_begin_;
    Error error = Error::none;
    if (start_line_size_ == 0) {
        error = is_empty ? Error::malformed_head : Error::none;
        start_line_size_ = line_end;
    } else if (is_empty) {
        is_complete_ = true;
    } else {
        error = take_field(line_end);
    }
    line_begin_ = text_.size();
    return error;
}

// RFC 9112 §5: a name, a colon right after it, a value. A folded line (§5.2) begins with a blank,
// which no name does.
Error HttpHead::take_field(std::size_t line_end) {
    if (field_count_left_ == 0) {
        return Error::too_many_fields;
    }
    --field_count_left_;
    const auto line = std::string_view(text_).substr(line_begin_, line_end - line_begin_);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return Error::malformed_head;
    }
    const std::string_view value = trim(line.substr(colon + 1));
    const auto value_begin = static_cast<std::size_t>(value.data() - text_.data());
    ranges_.push_back({line_begin_, colon, value_begin, value.size()});
    return Error::none;
}

void HttpHead::make_views() {
    const std::string_view text = text_;
    start_line_ = text.substr(0, start_line_size_);
    fields_.reserve(ranges_.size());
    for (const FieldRange& range : ranges_) {
        fields_.push_back(
            {text.substr(range.name, range.name_size), text.substr(range.value, range.value_size)});
    }
}

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_field_value(std::string_view text) noexcept {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return is_control(c) && c != '\t'; });
}

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::size_t count_fields(std::span<const Field> fields, std::string_view name) noexcept {
    return static_cast<std::size_t>(std::count_if(
        fields.begin(), fields.end(),
        [name](const Field& field) { return equals_ignoring_case(field.name, name); }));
}

const Field* find_field(std::span<const Field> fields, std::string_view name) noexcept {
    for (const Field& field : fields) {
        if (equals_ignoring_case(field.name, name)) {
            return &field;
        }
    }
    return nullptr;
}

bool has_list_token(std::span<const Field> fields, std::string_view name,
                    std::string_view token) noexcept {
    for (const Field& field : fields) {
        if (!equals_ignoring_case(field.name, name)) {
            continue;
        }
        std::string_view list = field.value;
        while (!list.empty()) {
            if (equals_ignoring_case(next_list_element(list), token)) {
                return true;
            }
        }
    }
    return false;
}

std::string_view next_list_element(std::string_view& list) noexcept {
    const std::size_t comma = list.find(',');
    const std::string_view element = trim(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    return element;
}

}  // namespace wsproof
