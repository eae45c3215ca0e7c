#include "connect_printer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <sstream>
#include <string_view>
#include <utility>

#include "monitor.hpp"
#include "wire/utf8.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::size_t kHexShown = 64;  // bytes
constexpr const char* kIndent = "              ";

std::string string_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// head_size of a frame that begins `bytes` (RFC 6455 §5.2).
std::size_t head_size(std::span<const std::byte> bytes) {
    if (bytes.size() < 2) {
        return bytes.size();
    }
    const int second = std::to_integer<int>(bytes[1]);
    const int length = second & 0x7F;
    const std::size_t size = std::size_t{2} +
                             (length == 126   ? 2
                              : length == 127 ? 8
                                              : 0) +
                             ((second & 0x80) != 0 ? 4 : 0);
    return std::min(size, bytes.size());
}

}  // namespace

std::string close_code_name(std::uint16_t code) {
    constexpr std::array<std::pair<std::uint16_t, const char*>, 15> kNames = {
        {{1000, "normal closure"},
         {1001, "going away"},
         {1002, "protocol error"},
         {1003, "unsupported data"},
         {1005, "no code, never on the wire"},
         {1006, "abnormal closure, never on the wire"},
         {1007, "invalid payload"},
         {1008, "policy violation"},
         {1009, "message too big"},
         {1010, "extension missing"},
         {1011, "internal error"},
         {1012, "service restart"},
         {1013, "try again later"},
         {1014, "bad gateway"},
         {1015, "TLS failed, never on the wire"}}};
    for (const auto& [known, name] : kNames) {
        if (code == known) {
            return name;
        }
    }
    return code >= 4000 && code <= 4999   ? "private"
           : code >= 3000 && code <= 3999 ? "of a library or framework"
                                          : "";
}

ConnectPrinter::ConnectPrinter(std::function<void(const std::string&)> write,
                               const Catalogue& catalogue, Looks looks)
    : write_(std::move(write)), catalogue_(catalogue), looks_(looks) {}

std::string ConnectPrinter::painted(const char* color, const std::string& text) const {
    return looks_.color ? std::string("\x1b[") + color + "m" + text + "\x1b[0m" : text;
}

std::string ConnectPrinter::text_of(std::span<const std::byte> bytes, std::uint64_t size) const {
    const auto shown = bytes.first(std::min(bytes.size(), looks_.shown));
    return "\"" + printable(string_of(shown), looks_.charset, looks_.shown + 2) + "\"" +
           (size > shown.size() ? " and more" : "");
}

std::string ConnectPrinter::bytes_of(std::span<const std::byte> bytes, std::uint64_t size) const {
    const auto shown = bytes.first(std::min(bytes.size(), kHexShown));
    return hex(shown) + (size > shown.size() ? " and more" : "");
}

std::string ConnectPrinter::content(const Entry& entry) const {
    if (entry.inflated_size) {
        const bool is_text = wire::is_utf8(entry.inflated);
        return ", holds " + std::to_string(*entry.inflated_size) + " bytes: " +
               (is_text ? text_of(entry.inflated, *entry.inflated_size)
                        : bytes_of(entry.inflated, *entry.inflated_size));
    }
    const std::span<const std::byte> bytes(entry.bytes);
    if (bytes.empty()) {
        return "";
    }
    if (entry.summary.starts_with("HTTP")) {
        return "";
    }
    if (entry.summary.starts_with("raw") || entry.summary.starts_with("not HTTP")) {
        return ": " + bytes_of(bytes, entry.size);
    }
    const std::size_t head = head_size(bytes);
    const auto payload = bytes.subspan(head);
    const std::uint64_t size = entry.size - head;
    const int opcode = std::to_integer<int>(bytes[0]) & 15;
    const bool is_compressed = (std::to_integer<int>(bytes[0]) & 0x40) != 0;
    if (payload.empty()) {
        return "";
    }
    if (opcode == 8) {
        const auto code = close_code(payload);
        if (!code) {
            return ": " + bytes_of(payload, size);
        }
        const std::string name = close_code_name(*code);
        return ": " + std::to_string(*code) + (name.empty() ? "" : " (" + name + ")") +
               (payload.size() > 2 ? " " + text_of(payload.subspan(2), size - 2) : "");
    }
    const bool is_text = opcode == 1 || (opcode != 2 && wire::is_utf8(payload));
    if (!is_text || is_compressed) {
        return ": " + bytes_of(payload, size);
    }
    const bool is_whole = (bytes[0] & std::byte{0x80}) != std::byte{0} && size <= looks_.shown;
    return ": " + text_of(payload, size) +
           (opcode == 1 && is_whole && !wire::is_utf8(payload) ? ", which is no UTF-8" : "");
}

void ConnectPrinter::print(const Entry& entry) const {
    constexpr const char* kArrows[] = {"->", "<-", "--"};
    constexpr const char* kColors[] = {"36", "32", "2"};
    const auto kind = static_cast<std::size_t>(entry.kind);
    char time[32];
    std::snprintf(time, sizeof time, "%10.1f ms ", entry.ms);
    write_(time + painted(kColors[kind], kArrows[kind]) + " " +
           printable(entry.summary, looks_.charset) + content(entry) + "\n");
}

void ConnectPrinter::print(const Finding& finding) const {
    const Requirement* row = catalogue_.requirement(finding.requirement);
    const bool is_fail = finding.verdict >= Behaviour::fail;
    const char* color = is_fail ? "31" : "33";
    std::string words = finding.text + "; got " + finding.got;
    if (row != nullptr) {
        words = row->clause() + ", " + row->level + ": " + row->summary + " (" + row->id +
                "); got " + finding.got;
    }
    write_(kIndent + painted(color, is_fail ? "!! breaks " : "!  ") +
           printable(words, looks_.charset) + "\n");
}

void ConnectPrinter::say(const std::string& words) const {
    write_(kIndent + printable(words, looks_.charset) + "\n");
}

void ConnectPrinter::print_head(const char* arrow, const std::vector<std::byte>& head) const {
    std::istringstream lines(string_of(head));
    for (std::string line; std::getline(lines, line) && line != "\r";) {
        line.erase(line.find_last_not_of('\r') + 1);
        write_(kIndent + std::string(arrow) + " " + printable(line, looks_.charset) + "\n");
    }
}

}  // namespace wsproof::conformance
