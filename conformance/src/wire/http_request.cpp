#include "http_request.hpp"

namespace wsproof::conformance::wire {

namespace {

// RFC 9112 §3: method SP request-target SP HTTP-version. A target with blanks in it stays whole.
void parse_request_line(HttpRequest& request) {
    constexpr std::size_t kFirst = 1;
    const std::string_view line = request.start_line;
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last || !is_token(line.substr(0, first))) {
        request.note(kFirst, "not a request line");
        return;
    }
    request.method = line.substr(0, first);
    request.target = line.substr(first + 1, last - first - 1);
    request.version = line.substr(last + 1);
    if (request.target.empty() || request.target.find_first_of(" \t") != std::string::npos) {
        request.note(kFirst, "the request target is empty or has blanks in it");
    }
}

}  // namespace

std::optional<HttpRequest> HttpRequestReader::next(ByteView& in) {
    auto head = head_.next(in);
    if (!head) {
        return std::nullopt;
    }
    HttpRequest request{parse_head(std::move(*head)), {}, {}, {}};
    parse_request_line(request);
    return request;
}

bool HttpRequestReader::is_hopeless() const noexcept {
    const ByteString& received = head_.received();
    if (head_.is_too_large()) {
        return true;
    }
    if (received.empty()) {
        return false;
    }
    const auto first = std::to_integer<unsigned char>(received.front());
    return first < 0x20 || first >= 0x7F;
}

}  // namespace wsproof::conformance::wire
