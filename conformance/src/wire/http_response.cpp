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

constexpr std::size_t kDeviationsMax = 16;  // a hostile head must not fill the report

void note(HttpResponse& response, std::size_t line, std::string what) {
    if (response.deviations.size() < kDeviationsMax) {
        response.deviations.push_back("line " + std::to_string(line) + ": " + std::move(what));
    }
}

// RFC 9110 §5.5: field values and reason phrases hold no control character but HTAB.
bool has_control(std::string_view text) noexcept {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return (octet < 0x20 && c != '\t') || octet == 0x7F;
    });
}

// RFC 9112 §4: HTTP-version SP status-code SP [ reason-phrase ].
void parse_status_line(std::string_view line, HttpResponse& response) {
    constexpr std::size_t kFirst = 1;
    response.status_line = line;
    const std::size_t space = line.find(' ');
    const std::string_view version = line.substr(0, space);
    if (!version.starts_with("HTTP/") || space == std::string_view::npos) {
        note(response, kFirst, "not a status line");
        return;
    }
    response.version = version;
    const std::string_view rest = line.substr(space + 1);
    if (rest.size() < 3 || !is_digit(rest[0]) || !is_digit(rest[1]) || !is_digit(rest[2]) ||
        (rest.size() > 3 && rest[3] != ' ')) {
        note(response, kFirst, "the status code is not three digits");
        return;
    }
    std::from_chars(rest.data(), rest.data() + 3, response.status);
}

void parse_field(std::string_view line, std::size_t number, HttpResponse& response) {
    if (line.front() == ' ' || line.front() == '\t') {
        note(response, number, "folded (obsolete since RFC 7230)");
        if (!response.fields.empty()) {
            response.fields.back().value += " " + std::string(trim(line));
        }
        return;
    }
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_token(trim(name))) {
        note(response, number, "no header field: \"" + std::string(line.substr(0, 60)) + "\"");
        return;
    }
    if (trim(name) != name) {
        note(response, number, "blanks before the colon of " + std::string(trim(name)));
    }
    response.fields.push_back({std::string(trim(name)), std::string(trim(line.substr(colon + 1)))});
}

HttpResponse parse(ByteString head) {
    HttpResponse response;
    const std::string text(reinterpret_cast<const char*>(head.data()), head.size());
    std::string_view rest = text;
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const std::size_t end = rest.find('\n');
        std::string_view line = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        } else {
            note(response, number, "ends without CR");
        }
        if (has_control(line)) {
            note(response, number, "a control character");
        }
        if (number == 1) {
            parse_status_line(line, response);
        } else if (!line.empty()) {
            parse_field(line, number, response);
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
    std::size_t begin = 0;
    bool quoted = false;
    for (std::size_t i = 0; i <= list.size(); ++i) {
        if (i < list.size() && list[i] == '"') {
            quoted = !quoted;
        } else if (i < list.size() && quoted && list[i] == '\\') {
            ++i;  // RFC 9110 §5.6.4: the next character stands for itself
        }
        if (i >= list.size() || (list[i] == ',' && !quoted)) {
            const std::string_view token = trim(list.substr(begin, i - begin));
            if (!token.empty()) {
                tokens.push_back(token);
            }
            begin = i + 1;
        }
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
