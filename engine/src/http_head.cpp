#include "http_head.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <utility>

namespace wsproof {
namespace {

constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr std::array<bool, 256> token_chars() noexcept {
    std::array<bool, 256> is_token{};
    for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789")) {
        is_token[static_cast<unsigned char>(c)] = true;
    }
    for (char c = 'a'; c <= 'z'; ++c) {
        is_token[static_cast<unsigned char>(c)] = true;
        is_token[static_cast<unsigned char>(c - 'a' + 'A')] = true;
    }
    return is_token;
}

constexpr std::array<bool, 256> kIsTokenChar = token_chars();

constexpr bool is_token_char(char c) noexcept {
    return kIsTokenChar[static_cast<unsigned char>(c)];
}

constexpr bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t';
}

constexpr bool is_control(char c) noexcept {
    const auto value = static_cast<unsigned char>(c);
    return value < 0x20 || value == 0x7F;
}

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighs = kOnes * 0x80;

// eight: eight bytes as a number, the first of them lowest.
std::uint64_t eight(const char* from) noexcept {
    std::uint64_t word = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&word, from, sizeof word);
    } else {
        for (int i = 7; i >= 0; --i) {
            word = word << 8 | static_cast<unsigned char>(from[i]);
        }
    }
    return word;
}

// control_flags: the lowest bit that is set is the high bit of the first control character; there
// is none if no bit is set. A byte is below 0x20 if taking 0x20 from it borrows, and below 0x80.
// A borrow goes on to the bytes behind, hence only the first counts.
constexpr std::uint64_t control_flags(std::uint64_t word) noexcept {
    const std::uint64_t without_delete = word ^ kOnes * 0x7F;
    const std::uint64_t low = (word - kOnes * 0x20) & ~word;
    const std::uint64_t deleted = (without_delete - kOnes) & ~without_delete;
    return (low | deleted) & kHighs;
}

// are_letters: all eight bytes are letters or hyphens, as in most names.
constexpr bool are_letters(std::uint64_t word) noexcept {
    const std::uint64_t lower = word | kOnes * 0x20;
    const std::uint64_t from_a = (lower & ~kHighs) + kOnes * (0x80 - 'a');
    const std::uint64_t beyond_z = (lower & ~kHighs) + kOnes * (0x7F - 'z');
    const std::uint64_t no_hyphen = (word ^ kOnes * '-') + kOnes * 0x7F;  // no carry: see ~word
    return (((from_a & ~beyond_z) | ~no_hyphen) & ~word & kHighs) == kHighs;
}

// find_control: the index of the first control character but HTAB, or the size of `text`.
std::size_t find_control(std::string_view text) noexcept {
    std::size_t at = 0;
    while (text.size() - at >= 8) {
        const std::uint64_t flags = control_flags(eight(text.data() + at));
        if (flags == 0) {
            at += 8;
            continue;
        }
        at += static_cast<std::size_t>(std::countr_zero(flags)) / 8;
        if (text[at] != '\t') {
            return at;
        }
        ++at;
    }
    while (at < text.size() && (!is_control(text[at]) || text[at] == '\t')) {
        ++at;
    }
    return at;
}

}  // namespace

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
    fields_.clear();
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
    if (capacity_ - size_ < size) {
        grow(size_ + size);
    }
    std::memcpy(text_.get() + size_, in.data(), size);
    const std::size_t begin = size_;
    const Error error = read_lines(begin + size);
    size_left_ -= size_ - begin;
    in = in.subspan(size_ - begin);
    return error;
}

// read_lines goes on from size_ to `end`, to behind the empty line or to behind the byte that
// offends. What can be judged from one byte is judged before the line ends, so that a peer which
// speaks no HTTP at all (TLS, say) is refused without waiting for a line end that may never come.
Error HttpHead::read_lines(std::size_t end) {
    Error error = Error::none;
    while (error == Error::none && !is_complete_ && size_ < end) {
        if (size_ == line_begin_ || text_[size_ - 1] != '\r') {
            size_ += find_control({text_.get() + size_, end - size_});
            if (size_ == end) {
                return Error::none;
            }
            ++size_;
            error = text_[size_ - 1] == '\r' ? Error::none : Error::malformed_head;
        } else {  // RFC 9112 §2.2: CR and LF only together
            ++size_;
            error = text_[size_ - 1] == '\n' ? end_line() : Error::malformed_head;
        }
    }
    return error;
}

void HttpHead::grow(std::size_t size_min) {
    constexpr std::size_t kCapacityFirst = 1024;  // bytes: most heads
    const std::size_t capacity = std::max({size_min, 2 * capacity_, kCapacityFirst});
    std::unique_ptr<char[]> text(new char[capacity]);  // not make_unique: it would write zeros
    if (size_ > 0) {
        std::memcpy(text.get(), text_.get(), size_);
    }
    for (Field& field : fields_) {  // the views move along
        const auto moved = [&](std::string_view view) {
            return std::string_view(text.get() + (view.data() - text_.get()), view.size());
        };
        field = {moved(field.name), moved(field.value)};
    }
    text_ = std::move(text);
    capacity_ = capacity;
}

Error HttpHead::end_line() {
    const std::string_view line(text_.get() + line_begin_, size_ - 2 - line_begin_);
    line_begin_ = size_;
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

// RFC 9112 §5: a name, a colon right after it, a value. A folded line (§5.2) begins with a blank,
// which no name does.
Error HttpHead::take_field(std::string_view line) {
    if (field_count_left_ == 0) {
        return Error::too_many_fields;
    }
    --field_count_left_;
    const std::size_t name_size = token_size(line);
    if (name_size == 0 || name_size == line.size() || line[name_size] != ':') {
        return Error::malformed_head;
    }
    if (fields_.empty()) {
        constexpr std::size_t kFieldsFirst = 16;  // most heads
        fields_.reserve(kFieldsFirst);
    }
    fields_.push_back({line.substr(0, name_size), trim(line.substr(name_size + 1))});
    return Error::none;
}

std::size_t token_size(std::string_view text) noexcept {
    std::size_t size = 0;
    while (text.size() - size >= 8 && are_letters(eight(text.data() + size))) {
        size += 8;
    }
    while (size < text.size() && is_token_char(text[size])) {
        ++size;
    }
    return size;
}

bool is_token(std::string_view text) noexcept {
    return !text.empty() && token_size(text) == text.size();
}

bool is_field_value(std::string_view text) noexcept {
    return find_control(text) == text.size();
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
    if (a.size() != b.size()) {
        return false;
    }
    if (a.size() >= 8) {  // most are written alike
        std::uint64_t differences = eight(a.data() + a.size() - 8) ^ eight(b.data() + b.size() - 8);
        for (std::size_t at = 0; at + 8 < a.size(); at += 8) {
            differences |= eight(a.data() + at) ^ eight(b.data() + at);
        }
        if (differences == 0) {
            return true;
        }
    }
    return std::equal(a.begin(), a.end(), b.begin(),
                      [](char x, char y) { return x == y || to_lower(x) == to_lower(y); });
}

std::string_view next_list_element(std::string_view& list) noexcept {
    const std::size_t comma = list.find(',');
    const std::string_view element = trim(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    return element;
}

}  // namespace wsproof
