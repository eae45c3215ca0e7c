#include "report_format.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "selection.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

struct Decoded {
    std::size_t size = 0;  // bytes taken; 0: not UTF-8 here
    char32_t character = 0;
};

// decode reads one character of UTF-8 (RFC 3629 §3); overlong forms and surrogates are none.
Decoded decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        return {1, first};
    }
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size) {
        return {};
    }
    char32_t character = first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) {
            return {};
        }
        character = character << 6 | (byte(i) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = character >= 0xD800 && character <= 0xDFFF;
    if (character < kLeast.at(size) || is_surrogate || character > 0x10FFFF) {
        return {};
    }
    return {size, character};
}

// is_unsafe: moves the cursor, reverses the line, or is not allowed in XML 1.0.
bool is_unsafe(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF ||
           (c & 0xFFFE) == 0xFFFE;
}

std::string escaped_byte(unsigned char byte) {
    return std::string("\\x") + kHex[byte >> 4] + kHex[byte & 15];
}

std::string escaped(char32_t character) {
    if (character == '\n' || character == '\r' || character == '\t') {
        return character == '\n' ? "\\n" : character == '\r' ? "\\r" : "\\t";
    }
    if (character < 0x80) {
        return escaped_byte(static_cast<unsigned char>(character));
    }
    std::string digits;
    for (char32_t rest = character; rest != 0; rest >>= 4) {
        digits.insert(digits.begin(), kHex[rest & 15]);
    }
    return "\\u{" + digits + "}";
}

std::string in_ascii(char32_t character) {
    switch (character) {
        case U'§':
            return "section ";
        case U'…':
            return "...";
        case U'·':
        case U'–':
            return "-";
        case U'→':
            return "->";
        case U'“':
        case U'”':
            return "\"";
        case U'’':
            return "'";
        default:
            return escaped(character);
    }
}

std::string shortened(std::string text, std::size_t limit) {
    if (text.size() <= limit) {
        return text;
    }
    // Cut between characters: bytes 10xxxxxx continue one.
    std::size_t head = limit * 2 / 3;
    std::size_t tail = text.size() - limit / 3;
    const auto continues = [&](std::size_t at) {
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
    };
    while (continues(head)) {
        --head;
    }
    while (continues(tail)) {
        ++tail;
    }
    return text.substr(0, head) + " [...] " + text.substr(tail);
}

}  // namespace

std::string printable(std::string_view text, Charset charset, std::size_t limit) {
    std::string out;
    while (!text.empty()) {
        const Decoded next = decode(text);
        if (next.size == 0) {
            out += escaped_byte(static_cast<unsigned char>(text.front()));
        } else if (is_unsafe(next.character)) {
            out += escaped(next.character);
        } else if (next.character >= 0x80 && charset == Charset::ascii) {
            out += in_ascii(next.character);
        } else {
            out += text.substr(0, next.size);
        }
        text.remove_prefix(std::max<std::size_t>(next.size, 1));
    }
    return shortened(std::move(out), limit);
}

std::size_t columns(std::string_view utf8) noexcept {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

std::string hex(std::span<const std::byte> bytes) {
    std::string text;
    for (const std::byte byte : bytes) {
        const auto value = std::to_integer<unsigned>(byte);
        text += text.empty() ? "" : " ";
        text += kHex[value >> 4];
        text += kHex[value & 15];
    }
    return text;
}

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

std::string shell_quoted(std::string_view word) {
    constexpr std::string_view kPlain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./-_";
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
        return std::string(word);
    }
    std::string quoted = "'";
    for (const char c : word) {
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return quoted + "'";
}

std::string replay_command(const RunResult& run, const Case& played, const std::string& segment) {
    std::string command = "wsproof";
    const std::vector<std::string> usual_words = {"test", run.target};
    for (const std::string& word : run.command.empty() ? usual_words : run.command) {
        command += " " + shell_quoted(word);
    }
    for (const std::string& option : run.options) {
        command += " " + shell_quoted(option);
    }
    const auto& usual = default_groups();
    const bool is_usual = std::find(usual.begin(), usual.end(), played.group) != usual.end();
    const bool is_named =
        std::find(run.options.begin(), run.options.end(), "--group") != run.options.end();
    if (!is_usual && !is_named) {
        command += " --group " + played.group;
    }
    command += segment.empty() ? "" : " --segment " + segment;
    return command + " '" + played.id + "'";
}

std::string uri_of(const Requirement& row) {
    return "https://www.rfc-editor.org/rfc/rfc" + std::to_string(row.rfc) + "#section-" +
           row.section;
}

bool is_failure(const CaseResult& result) noexcept {
    return is_bad(result.behaviour) || result.behaviour == Behaviour::harness_error ||
           result.closing == Closing::not_closed;
}

bool is_news(const CaseResult& result) noexcept {
    return is_failure(result) && result.known.empty();
}

}  // namespace wsproof::conformance
