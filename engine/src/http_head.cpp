#include "http_head.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <utility>

#include "http_scan.hpp"

namespace wsproof {
HttpHead::HttpHead(const Limits& limits) noexcept
    : size_left_(limits.head), field_count_left_(limits.fields) {}

Step HttpHead::feed(MutableBytes& in) {
    assert(!is_complete_);
    while (error_ == Error::none && !is_complete_ && !in.empty()) {
        error_ = take_piece(in);
    }
    if (error_ != Error::none) {
        return Step::violation;
    }
    return is_complete_ ? Step::done : Step::need_more;
}

void HttpHead::start_over() noexcept {
    is_complete_ = false;
    line_begin_ = 0;
    start_line_size_ = 0;
    size_ = 0;
    few_count_ = 0;
    many_fields_.clear();
}

// take_field: RFC 9112 §5: a name, a colon right after it, a value. A folded line (§5.2) begins
// with a blank, which no name does. `line` is followed by a CR, which no name has either.
inline Error HttpHead::take_field(std::string_view line) {
    if (field_count_left_ == 0) {
        return Error::too_many_fields;
    }
    --field_count_left_;
    const std::size_t name_size = scan_token(line.data());
    if (name_size == 0 || line.data()[name_size] != ':') {
        return Error::malformed_head;
    }
    const std::string_view name = line.substr(0, name_size);
    const std::string_view value = trim(line.substr(name_size + 1));
    if (few_count_ < few_fields_.size()) {
        Field& field = few_fields_[few_count_];
        field.name = name;
        field.value = value;
        ++few_count_;
    } else {
        add_to_many({name, value});
    }
    return Error::none;
}

// end_line: a line ended before `line_end`, where its CRLF is.
inline Error HttpHead::end_line(std::size_t line_end) {
    const std::string_view line(text_.get() + line_begin_, line_end - line_begin_);
    line_begin_ = line_end + 2;
    if (start_line_size_ == 0) {
        start_line_size_ = line.size();
        return line.empty() ? Error::malformed_head : Error::none;
    }
    if (line.empty()) {
        is_complete_ = true;
        return Error::none;
    }
    return take_field(line);
}

// read_lines goes on from size_ to `end`, to behind the empty line or to behind the byte that
// offends. What can be judged from one byte is judged before the line ends, so that a peer which
// speaks no HTTP at all (TLS, say) is refused without waiting for a line end that may never come.
Error HttpHead::read_lines(std::size_t end) {
    const char* const text = text_.get();
    const std::size_t begin = size_;
    Controls controls({text + begin, end - begin});
    bool ends_in_cr = begin > line_begin_ && text[begin - 1] == '\r';
    for (;;) {
        std::size_t at = begin;  // what has to be LF
        if (!ends_in_cr) {
            at = begin + controls.next() + 1;
            if (at <= end && text[at - 1] != '\r') {
                size_ = at;
                return Error::malformed_head;
            }
        }
        if (at >= end) {
            size_ = end;
            return Error::none;
        }
        // RFC 9112 §2.2: CR and LF only together.
        const Error error = text[at] == '\n' ? end_line(at - 1) : Error::malformed_head;
        if (error != Error::none || is_complete_) {
            size_ = at + 1;
            return error;
        }
        ends_in_cr = false;
        static_cast<void>(controls.next());  // which is the LF
    }
}

// take_piece copies a piece of `in` and reads it: little at a time, because what follows the head
// is copied in vain.
Error HttpHead::take_piece(MutableBytes& in) {
    constexpr std::size_t kPiece = 1024;  // bytes, at most
    const std::size_t size = std::min({in.size(), size_left_, kPiece});
    if (size == 0) {
        in = in.subspan(1);
        return Error::head_too_big;
    }
    constexpr std::size_t kPadding = kChunk - 1;
    if (capacity_ < size_ + size + kPadding) {
        grow(size_ + size + kPadding);
    }
    std::memcpy(text_.get() + size_, in.data(), size);
    const std::size_t begin = size_;
    const Error error = read_lines(begin + size);
    size_left_ -= size_ - begin;
    in = in.subspan(size_ - begin);
    return error;
}

void HttpHead::grow(std::size_t size_min) {
    constexpr std::size_t kCapacityFirst = 1024;  // bytes: most heads
    const std::size_t capacity = std::max({size_min, 2 * capacity_, kCapacityFirst});
    std::unique_ptr<char[]> text(new char[capacity]);  // not make_unique: it would write zeros
    if (size_ > 0) {
        std::memcpy(text.get(), text_.get(), size_);
    }
    const auto moved = [&](std::string_view view) {
        return std::string_view(text.get() + (view.data() - text_.get()), view.size());
    };
    for (Field& field : std::span(few_fields_).first(few_count_)) {  // the views move along
        field = {moved(field.name), moved(field.value)};
    }
    for (Field& field : many_fields_) {
        field = {moved(field.name), moved(field.value)};
    }
    text_ = std::move(text);
    capacity_ = capacity;
}

HttpHead::Room HttpHead::give_room(std::size_t size) {
    if (capacity_ - size_ < size) {
        return {std::unique_ptr<char[]>(new char[size]), 0};
    }
    capacity_ = 0;
    return {std::move(text_), size_};
}

void HttpHead::add_to_many(const Field& field) {
    if (many_fields_.empty()) {
        constexpr std::size_t kManyFirst = 32;
        many_fields_.reserve(kManyFirst);
        many_fields_.assign(few_fields_.begin(), few_fields_.end());
    }
    many_fields_.push_back(field);
}

}  // namespace wsproof
