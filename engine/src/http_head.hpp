// The HTTP/1.1 message head as RFC 6455 §4 needs it: one start line and header fields, ended by an
// empty line. Strict where leniency has been a way to smuggle: CRLF only, no obs-fold, no blank
// before the colon, field names are tokens, no control characters in values. Bytes 0x80-0xFF are
// let through in values (obs-text): fields that are not ours may hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <wsproof/error.hpp>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

#include "step.hpp"

namespace wsproof {

// HttpHead collects one head. Its work is linear in the bytes fed, whatever their segmentation; its
// memory is bounded by Limits::head and Limits::fields. Views point into it, hence no copies.
class HttpHead {
  public:
    explicit HttpHead(const Limits& limits) noexcept;
    HttpHead(const HttpHead&) = delete;
    HttpHead& operator=(const HttpHead&) = delete;

    // feed takes bytes off the front of `in`, up to and including the empty line (done) or the byte
    // that breaks a rule (violation, see error()).
    [[nodiscard]] Step feed(MutableBytes& in);
    // start_over makes it ready for the head that follows; the limits bound all heads together.
    void start_over() noexcept;

    [[nodiscard]] Error error() const noexcept { return error_; }
    // After done, until start_over():
    [[nodiscard]] std::string_view start_line() const noexcept { return start_line_; }
    [[nodiscard]] std::span<const Field> fields() const noexcept { return fields_; }

  private:
    [[nodiscard]] Error take(char c);
    [[nodiscard]] Error end_line();
    [[nodiscard]] Error take_field(std::size_t line_end);
    void make_views();

    struct FieldRange {  // offsets, because the text moves while it grows
        std::size_t name;
        std::size_t name_size;
        std::size_t value;
        std::size_t value_size;
    };

    std::size_t size_left_;           // of Limits::head
    std::uint32_t field_count_left_;  // of Limits::fields
    Error error_ = Error::none;
    bool is_complete_ = false;
    std::size_t line_begin_ = 0;
    std::size_t start_line_size_ = 0;  // 0 while it has not ended: an empty one is refused
    std::string text_;
    std::vector<FieldRange> ranges_;
    std::string_view start_line_;
    std::vector<Field> fields_;
};

// Grammar shared by the handshakes (RFC 9110 §5.6, which RFC 2616 §2.2 said before).
[[nodiscard]] bool is_token(std::string_view text) noexcept;
// is_field_value: no control characters but HTAB; obs-text passes.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;  // SP and HTAB at both ends
// equals_ignoring_case folds A-Z with a-z and nothing else (RFC 6455 §2.1).
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

[[nodiscard]] std::size_t count_fields(std::span<const Field> fields,
                                       std::string_view name) noexcept;
// find_field returns the first field called `name`, or nullptr.
[[nodiscard]] const Field* find_field(std::span<const Field> fields,
                                      std::string_view name) noexcept;
// has_list_token says whether the comma-separated lists of all fields called `name`, taken
// together, hold `token`, ASCII case ignored.
[[nodiscard]] bool has_list_token(std::span<const Field> fields, std::string_view name,
                                  std::string_view token) noexcept;

// next_list_element takes the first element of a comma-separated list off `list`, trimmed and
// possibly empty. Not for lists whose elements may hold quoted strings.
[[nodiscard]] std::string_view next_list_element(std::string_view& list) noexcept;

}  // namespace wsproof
