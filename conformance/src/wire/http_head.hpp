// What the heads of HTTP requests and responses have in common, read leniently; departures from the
// grammar are noted.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frame_writer.hpp"

namespace wsproof::conformance::wire {

struct HttpField {
    std::string name;   // as sent
    std::string value;  // without surrounding blanks
};

struct HttpHead {
    std::string start_line;
    std::vector<HttpField> fields;
    std::vector<std::string> deviations;  // from RFC 9112, the first few: "line 3: folded"
    ByteString head;                      // all of it, the empty line included

    // values of all fields of this name, ASCII case ignored.
    [[nodiscard]] std::vector<std::string_view> values(std::string_view name) const;
    // note keeps a deviation; a hostile head must not fill the report.
    void note(std::size_t line, std::string what);
};

// parse_head reads all but the meaning of the start line.
[[nodiscard]] HttpHead parse_head(ByteString head);

// HeadReader takes bytes off the front of `in` up to the empty line that ends a head.
class HeadReader {
  public:
    static constexpr std::size_t kHeadMax = std::size_t{256} << 10;  // bytes

    // next: the head, once it is complete. Bare LF ends lines too.
    [[nodiscard]] std::optional<ByteString> next(ByteView& in);
    [[nodiscard]] bool is_too_large() const noexcept { return head_.size() >= kHeadMax; }
    [[nodiscard]] const ByteString& received() const noexcept { return head_; }

  private:
    ByteString head_;
    std::size_t line_size_ = 0;  // of the current line, CR not counted
};

[[nodiscard]] bool equal_ignoring_case(std::string_view a,
                                       std::string_view b) noexcept;  // ASCII only
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;  // SP and HTAB
// tokens_of splits a comma-separated list outside quoted strings; empty elements are left out.
[[nodiscard]] std::vector<std::string_view> tokens_of(std::string_view list);
[[nodiscard]] bool is_token(std::string_view text) noexcept;  // RFC 9110 §5.6.2

}  // namespace wsproof::conformance::wire
