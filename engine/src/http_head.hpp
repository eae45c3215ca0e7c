// The HTTP/1.1 message head as RFC 6455 §4 needs it: one start line and header fields, ended by an
// empty line. Strict where leniency has been a way to smuggle: CRLF only, no obs-fold, no blank
// before the colon, field names are tokens, no control characters in values. Bytes 0x80-0xFF are
// let through in values (obs-text): fields that are not ours may hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>
#include <wsproof/error.hpp>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

#include "step.hpp"

namespace wsproof {

// HttpHead collects one head. Its work is linear in the bytes fed, whatever their
// segmentation; its memory is bounded by Limits::head and Limits::fields. Views point into it,
// hence no copies.
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
    [[nodiscard]] std::string_view start_line() const noexcept {
        return {text_.get(), start_line_size_};
    }
    [[nodiscard]] std::span<const Field> fields() const noexcept { return fields_; }

  private:
    [[nodiscard]] Error take_piece(MutableBytes& in);
    [[nodiscard]] Error read_lines(std::size_t end);
    [[nodiscard]] Error end_line();
    [[nodiscard]] Error take_field(std::string_view line);
    void grow(std::size_t size_min);

    std::size_t size_left_;           // of Limits::head
    std::uint32_t field_count_left_;  // of Limits::fields
    Error error_ = Error::none;
    bool is_complete_ = false;
    std::size_t line_begin_ = 0;
    std::size_t start_line_size_ = 0;  // 0 while it has not ended: an empty one is refused
    std::unique_ptr<char[]> text_;
    std::size_t size_ = 0;       // bytes of text_ that have been read
    std::size_t capacity_ = 0;   // bytes
    std::vector<Field> fields_;  // views of text_
};

// Grammar shared by the handshakes (RFC 9110 §5.6, which RFC 2616 §2.2 said before).
// token_size: how many bytes at the front of `text` are a token's.
[[nodiscard]] std::size_t token_size(std::string_view text) noexcept;
[[nodiscard]] bool is_token(std::string_view text) noexcept;
// is_field_value: no control characters but HTAB; obs-text passes.
[[nodiscard]] bool is_field_value(std::string_view text) noexcept;
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;  // SP and HTAB at both ends
// equals_ignoring_case folds A-Z with a-z and nothing else (RFC 6455 §2.1).
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;

// next_list_element takes the first element of a comma-separated list off `list`, trimmed and
// possibly empty. Not for lists whose elements may hold quoted strings.
[[nodiscard]] std::string_view next_list_element(std::string_view& list) noexcept;

}  // namespace wsproof
