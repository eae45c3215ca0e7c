// Reads the head of an HTTP request leniently, and notes where it departs from the grammar.
#pragma once

#include "http_head.hpp"

namespace wsproof::conformance::wire {

struct HttpRequest : HttpHead {
    std::string method;  // as sent; all three are empty if the start line is no request line
    std::string target;
    std::string version;  // "HTTP/1.1"
};

class HttpRequestReader {
  public:
    // next: the request, once its head is complete; it is taken off the front of `in`.
    [[nodiscard]] std::optional<HttpRequest> next(ByteView& in);
    // is_hopeless: the head is larger than HeadReader::kHeadMax, or begins with what no method has
    // (a TLS record, a frame).
    [[nodiscard]] bool is_hopeless() const noexcept;
    [[nodiscard]] const ByteString& received() const noexcept { return head_.received(); }

  private:
    HeadReader head_;
};

}  // namespace wsproof::conformance::wire
