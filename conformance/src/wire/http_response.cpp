#include "http_response.hpp"

#include <algorithm>
#include <charconv>

namespace wsproof::conformance::wire {

namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// RFC 9112 §4: HTTP-version SP status-code SP [ reason-phrase ].
void parse_status_line(std::string_view line, HttpResponse& response) {
    response.status_line = line;
    const std::size_t space = line.find(' ');
    const std::string_view version = line.substr(0, space);
    if (!version.starts_with("HTTP/") || space == std::string_view::npos) {
        response.deviations.emplace_back("the first line is not a status line");
        return;
    }
    response.version = version;
    const std::string_view rest = line.substr(space + 1);
    if (rest.size() < 3 || !is_digit(rest[0]) || !is_digit(rest[1]) || !is_digit(rest[2]) ||
        (rest.size() > 3 && rest[3] != ' ')) {
        response.deviations.emplace_back("the status code is not three digits");
        return;
    }
    std::from_chars(rest.data(), rest.data() + 3, response.status);
}

void parse_field(std::string_view line, HttpResponse& response) {
    if (line.front() == ' ' || line.front() == '\t') {
        response.deviations.emplace_back("a folded line (obsolete since RFC 7230)");
        if (!response.fields.empty()) {
            response.fields.back().value += " " + std::string(trim(line));
        }
        return;
    }
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_token(trim(name))) {
        response.deviations.push_back("a line that is no header field: \"" +
                                      std::string(line.substr(0, 60)) + "\"");
        return;
    }
    if (trim(name) != name) {
        response.deviations.push_back("blanks before the colon of " + std::string(trim(name)));
    }
    response.fields.push_back({std::string(trim(name)), std::string(trim(line.substr(colon + 1)))});
}

HttpResponse parse(ByteString head) {
    HttpResponse response;
    const std::string text(reinterpret_cast<const char*>(head.data()), head.size());
    bool first = true;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        std::string_view line = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        } else if (response.deviations.empty() ||
                   response.deviations.back() != "a line that ends without CR") {
            response.deviations.emplace_back("a line that ends without CR");
        }
        if (first) {
            parse_status_line(line, response);
            first = false;
        } else if (!line.empty()) {
            parse_field(line, response);
        }
    }
    response.head = std::move(head);
    return response;
}

}  // namespace

std::vector<std::string_view> HttpResponse::values(std::string_view name) const {
    std::vector<std::string_view> found;
    for (const HttpField& field : fields) {
        if (equal_ignoring_case(field.name, name)) {
            found.emplace_back(field.value);
        }
    }
    return found;
}

std::optional<HttpResponse> HttpResponseReader::next(ByteView& in) {
    while (!in.empty() && head_.size() < kHeadMax) {
        const std::byte octet = in.front();
        head_.push_back(octet);
        in = in.subspan(1);
        if (octet != std::byte{'\n'}) {
            line_size_ += octet == std::byte{'\r'} ? 0 : 1;
            continue;
        }
        if (line_size_ == 0 && head_.size() > 2) {
            HttpResponse response = parse(std::move(head_));
            head_.clear();
            return response;
        }
        line_size_ = 0;
    }
    return std::nullopt;
}

bool HttpResponseReader::is_hopeless() const noexcept {
    constexpr std::string_view kStart = "HTTP/";
    const std::size_t size = std::min(head_.size(), kStart.size());
    const bool starts = std::equal(
        kStart.begin(), kStart.begin() + static_cast<std::ptrdiff_t>(size), head_.begin(),
        [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
    return head_.size() >= kHeadMax || !starts;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) noexcept {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::vector<std::string_view> tokens_of(std::string_view list) {
    std::vector<std::string_view> tokens;
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        if (const std::string_view token = trim(list.substr(0, comma)); !token.empty()) {
            tokens.push_back(token);
        }
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
    return tokens;
}

bool is_token(std::string_view text) noexcept {
    constexpr std::string_view kOther = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') ||
               kOther.find(c) != std::string_view::npos;
    });
}

}  // namespace wsproof::conformance::wire
