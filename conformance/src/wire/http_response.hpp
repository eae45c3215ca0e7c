// Reads the head of an HTTP response leniently, and notes where it departs from the grammar.
#pragma once

#include "http_head.hpp"

namespace wsproof::conformance::wire {

struct HttpResponse : HttpHead {
    std::string version;  // "HTTP/1.1"; empty if the start line is not a status line
    int status = 0;       // 0 if there is none
};

class HttpResponseReader {
  public:
    // next: the response, once its head is complete; it is taken off the front of `in`.
    [[nodiscard]] std::optional<HttpResponse> next(ByteView& in);
    // is_hopeless: this is no HTTP, or its head is larger than HeadReader::kHeadMax.
    [[nodiscard]] bool is_hopeless() const noexcept;
    [[nodiscard]] const ByteString& received() const noexcept { return head_.received(); }

  private:
    HeadReader head_;
};

}  // namespace wsproof::conformance::wire
