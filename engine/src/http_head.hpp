// The HTTP/1.1 message head as RFC 6455 §4 needs it: one start line and header fields, ended by an
// empty line. Strict where leniency has been a way to smuggle: CRLF only, no obs-fold, no blank
// before the colon, field names are tokens, no control characters in values. Bytes 0x80-0xFF are
// let through in values (obs-text): fields that are not ours may hold them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>
#include <wsproof/error.hpp>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

#include "http_grammar.hpp"
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
    [[nodiscard]] std::span<const Field> fields() const noexcept {
        return many_fields_.empty() ? std::span(few_fields_).first(few_count_)
                                    : std::span<const Field>(many_fields_);
    }

    // Room is memory with `size` bytes free from `begin` on.
    struct Room {
        std::unique_ptr<char[]> memory;
        std::size_t begin = 0;
    };
    // give_room gives the head's own memory away if there is room behind it, which saves an
    // allocation, or else makes some. The views live as long as the memory.
    [[nodiscard]] Room give_room(std::size_t size);

  private:
    [[nodiscard]] Error take_piece(MutableBytes& in);
    [[nodiscard]] Error read_lines(std::size_t end);
    [[nodiscard]] Error end_line(std::size_t line_end);
    [[nodiscard]] Error take_field(std::string_view line);
    void add_to_many(const Field& field);
    void grow(std::size_t size_min);

    std::size_t size_left_;           // of Limits::head
    std::uint32_t field_count_left_;  // of Limits::fields
    Error error_ = Error::none;
    bool is_complete_ = false;
    std::size_t line_begin_ = 0;
    std::size_t start_line_size_ = 0;  // 0 while it has not ended: an empty one is refused
    std::unique_ptr<char[]> text_;
    std::size_t size_ = 0;      // bytes of text_ that have been read
    std::size_t capacity_ = 0;  // bytes
    // Views of text_. As many as most heads have are kept without an allocation; with one more, a
    // ServerHandshake would exceed the 1032 bytes up to which malloc of glibc is at its quickest.
    std::array<Field, 13> few_fields_;
    std::size_t few_count_ = 0;
    std::vector<Field> many_fields_;  // once there are more: all of them
};

}  // namespace wsproof
