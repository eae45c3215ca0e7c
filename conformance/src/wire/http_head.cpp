#include "http_head.hpp"

#include <algorithm>
#include <utility>

namespace wsproof::conformance::wire {

namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// RFC 9110 §5.5: field values and reason phrases hold no control character but HTAB.
bool has_control(std::string_view text) noexcept {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return (octet < 0x20 && c != '\t') || octet == 0x7F;
    });
}

void parse_field(std::string_view line, std::size_t number, HttpHead& head) {
    if (line.front() == ' ' || line.front() == '\t') {
        head.note(number, "folded (obsolete since RFC 7230)");
        if (!head.fields.empty()) {
            head.fields.back().value += " " + std::string(trim(line));
        }
        return;
    }
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_token(trim(name))) {
        head.note(number, "no header field: \"" + std::string(line.substr(0, 60)) + "\"");
        return;
    }
    if (trim(name) != name) {
        head.note(number, "blanks before the colon of " + std::string(trim(name)));
    }
    head.fields.push_back({std::string(trim(name)), std::string(trim(line.substr(colon + 1)))});
}

}  // namespace

void HttpHead::note(std::size_t line, std::string what) {
    constexpr std::size_t kDeviationsMax = 16;
    if (deviations.size() < kDeviationsMax) {
        deviations.push_back("line " + std::to_string(line) + ": " + std::move(what));
    }
}

HttpHead parse_head(ByteString bytes) {
    HttpHead head;
    const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    std::string_view rest = text;
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const std::size_t end = rest.find('\n');
        std::string_view line = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        } else {
            head.note(number, "ends without CR");
        }
        if (has_control(line)) {
            head.note(number, "a control character");
        }
        if (number == 1) {
            head.start_line = line;
        } else if (!line.empty()) {
            parse_field(line, number, head);
        }
    }
    head.head = std::move(bytes);
    return head;
}

std::vector<std::string_view> HttpHead::values(std::string_view name) const {
    std::vector<std::string_view> found;
    for (const HttpField& field : fields) {
        if (equal_ignoring_case(field.name, name)) {
            found.emplace_back(field.value);
        }
    }
    return found;
}

std::optional<ByteString> HeadReader::next(ByteView& in) {
    while (!in.empty() && !is_too_large()) {
        const std::byte octet = in.front();
        head_.push_back(octet);
        in = in.subspan(1);
        if (octet != std::byte{'\n'}) {
            line_size_ += octet == std::byte{'\r'} ? 0 : 1;
            continue;
        }
        if (line_size_ == 0 && head_.size() > 2) {
            return std::exchange(head_, {});
        }
        line_size_ = 0;
    }
    return std::nullopt;
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
        return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
               kOther.find(c) != std::string_view::npos;
    });
}

}  // namespace wsproof::conformance::wire
