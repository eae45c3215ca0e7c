// Reads the head of an HTTP response leniently, and notes where it departs from the grammar.
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

struct HttpResponse {
    std::string status_line;
    std::string version;  // "HTTP/1.1"; empty if the line is not a status line
    int status = 0;       // 0 if there is none
    std::vector<HttpField> fields;
    std::vector<std::string> deviations;  // from RFC 9112, the first few: "line 3: folded"
    ByteString head;                      // all of it, the empty line included

    // values of all fields of this name, ASCII case ignored.
    [[nodiscard]] std::vector<std::string_view> values(std::string_view name) const;
};

// HttpResponseReader takes bytes off the front of `in` up to the end of a head.
class HttpResponseReader {
  public:
    static constexpr std::size_t kHeadMax = std::size_t{256} << 10;  // bytes

    // next: the response, once its head is complete. Bare LF ends lines too, and is a deviation.
    [[nodiscard]] std::optional<HttpResponse> next(ByteView& in);
    // is_hopeless: this is no HTTP, or its head is larger than kHeadMax.
    [[nodiscard]] bool is_hopeless() const noexcept;
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
