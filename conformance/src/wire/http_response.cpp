#include "http_response.hpp"

#include <algorithm>
#include <charconv>

namespace wsproof::conformance::wire {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// RFC 9112 §4: HTTP-version SP status-code SP [ reason-phrase ].
void parse_status_line(HttpResponse& response) {
    constexpr std::size_t kFirst = 1;
    const std::string_view line = response.start_line;
    const std::size_t space = line.find(' ');
    const std::string_view version = line.substr(0, space);
    if (!version.starts_with("HTTP/") || space == std::string_view::npos) {
        response.note(kFirst, "not a status line");
        return;
    }
    response.version = version;
    const std::string_view rest = line.substr(space + 1);
    if (rest.size() < 3 || !is_digit(rest[0]) || !is_digit(rest[1]) || !is_digit(rest[2]) ||
        (rest.size() > 3 && rest[3] != ' ')) {
        response.note(kFirst, "the status code is not three digits");
        return;
    }
    std::from_chars(rest.data(), rest.data() + 3, response.status);
}

}  // namespace

std::optional<HttpResponse> HttpResponseReader::next(ByteView& in) {
    auto head = head_.next(in);
    if (!head) {
        return std::nullopt;
    }
    HttpResponse response{parse_head(std::move(*head)), {}, 0};
    parse_status_line(response);
    return response;
}

bool HttpResponseReader::is_hopeless() const noexcept {
    constexpr std::string_view kStart = "HTTP/";
    const ByteString& received = head_.received();
    const std::size_t size = std::min(received.size(), kStart.size());
    const bool starts = std::equal(
        kStart.begin(), kStart.begin() + static_cast<std::ptrdiff_t>(size), received.begin(),
        [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
    return head_.is_too_large() || !starts;
}

}  // namespace wsproof::conformance::wire
