#include "server_handshake.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>

namespace wsproof {
namespace {

// make_request: RFC 9112 §3: three words with one space between each two; more spaces end up
// in the version, which is then none. A line of fewer words leaves the version empty.
HttpRequest make_request(std::string_view line, std::span<const Field> fields) noexcept {
    HttpRequest request;
    request.fields = fields;  // first: what is loaded right after it is stored makes one wait
    std::size_t first = 0;    // methods are short
    while (first < line.size() && line[first] != ' ') {
        ++first;
    }
    const std::string_view rest = line.substr(std::min(first + 1, line.size()));
    const std::size_t second = std::min(rest.find(' '), rest.size());
    request.method = line.substr(0, first);
    request.target = rest.substr(0, second);
    request.version = rest.substr(std::min(second + 1, rest.size()));
    return request;
}

// RFC 9110 §15 and RFC 6585 §5. An empty reason is legal (RFC 9112 §4).
std::string_view reason_of(int status) noexcept {
    struct Row {
        int status;
        std::string_view reason;
    };
    static constexpr std::array kRows = {Row{101, "Switching Protocols"},
                                         Row{301, "Moved Permanently"},
                                         Row{302, "Found"},
                                         Row{307, "Temporary Redirect"},
                                         Row{308, "Permanent Redirect"},
                                         Row{400, "Bad Request"},
                                         Row{401, "Unauthorized"},
                                         Row{403, "Forbidden"},
                                         Row{404, "Not Found"},
                                         Row{405, "Method Not Allowed"},
                                         Row{426, "Upgrade Required"},
                                         Row{429, "Too Many Requests"},
                                         Row{431, "Request Header Fields Too Large"},
                                         Row{500, "Internal Server Error"},
                                         Row{503, "Service Unavailable"},
                                         Row{505, "HTTP Version Not Supported"}};
    const auto row = std::find_if(kRows.begin(), kRows.end(),
                                  [status](const Row& r) { return r.status == status; });
    return row == kRows.end() ? std::string_view{} : row->reason;
}

void append_number(std::string& out, std::size_t value) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

std::size_t field_size(const Field& field) noexcept {
    return field.name.size() + field.value.size() + 4;
}

// write_field returns the end of what it wrote, of field_size() bytes.
char* write_field(char* at, const Field& field) noexcept {
    at = std::copy(field.name.begin(), field.name.end(), at);
    *at++ = ':';
    *at++ = ' ';
    at = std::copy(field.value.begin(), field.value.end(), at);
    *at++ = '\r';
    *at++ = '\n';
    return at;
}

void append_field(std::string& out, const Field& field) {
    const std::size_t begin = out.size();
    out.resize(begin + field_size(field));
    write_field(out.data() + begin, field);
}

void append_status_line(std::string& out, int status) {
    out.append("HTTP/1.1 ");
    append_number(out, static_cast<std::size_t>(status));
    out.append(" ").append(reason_of(status)).append("\r\n");
}

// The end of a head that refuses, and the body.
void append_body(std::string& out, Bytes body) {
    out.append("Content-Length: ");
    append_number(out, body.size());
    out.append("\r\n\r\n");
    std::transform(body.begin(), body.end(), std::back_inserter(out),
                   [](std::byte b) { return static_cast<char>(b); });
}

// What a rejection's framing depends on is written here, not by the application.
bool is_appendable(const Field& field) noexcept {
    return is_token(field.name) && is_field_value(field.value) &&
           !equals_ignoring_case(field.name, "Connection") &&
           !equals_ignoring_case(field.name, "Content-Length") &&
           !equals_ignoring_case(field.name, "Transfer-Encoding");
}

}  // namespace

ServerHandshake::ServerHandshake(const Options& options) noexcept
    : head_(options.limits), negotiation_(options.deflate) {}

Step ServerHandshake::feed(MutableBytes& in) {
    const Step step = head_.feed(in);
    if (step == Step::need_more) {
        return step;
    }
    const Error error = step == Step::done ? judge() : head_.error();
    return error == Error::none ? Step::done : refuse(error);
}

Error ServerHandshake::judge() {
    return negotiation_.judge(make_request(head_.start_line(), head_.fields()));
}

// RFC 6455 §4.2.1: a request that does not match is answered with an error. RFC 6585 §5: 431 if it
// is too big.
Step ServerHandshake::refuse(Error error) {
    error_ = error;
    const bool is_too_big = error == Error::head_too_big || error == Error::too_many_fields;
    if (negotiation_.status() != 0) {
        append_status_line(error_text_, negotiation_.status());
        for (const Field& field : negotiation_.response()) {
            append_field(error_text_, field);
        }
    } else {
        append_status_line(error_text_, is_too_big ? 431 : 400);
        append_field(error_text_, {"Connection", "close"});
    }
    append_body(error_text_, {});
    return Step::violation;
}

ServerHandshake::Response ServerHandshake::accept(std::string_view subprotocol,
                                                  std::span<const Field> fields) {
    if (is_answered_) {
        return {Error::wrong_state};
    }
    if (const Error error = negotiation_.accept(subprotocol, fields); error != Error::none) {
        return {error};
    }
    // Of the fields, Upgrade and Connection come first, and are always the same.
    constexpr std::string_view kBegin =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
    const auto others = negotiation_.response().subspan(2);
    std::size_t size = kBegin.size() + 2;
    for (const Field& field : others) {
        size += field_size(field);
    }
    // Of the request, the subprotocol is still to be told.
    auto room = subprotocol.empty() ? head_.give_room(size)
                                    : HttpHead::Room{std::unique_ptr<char[]>(new char[size]), 0};
    is_answered_ = true;
    char* at = room.memory.get() + room.begin;
    at = std::copy(kBegin.begin(), kBegin.end(), at);
    for (const Field& field : others) {
        at = write_field(at, field);
    }
    *at++ = '\r';
    *at = '\n';
    return {Error::none, std::move(room.memory), room.begin, room.begin + size};
}

// RFC 6455 §4.2.2: the server need not accept, whatever its reason.
Error ServerHandshake::reject(int status, std::span<const Field> fields, Bytes body,
                              std::string& out) {
    if (is_answered_ || !negotiation_.is_good()) {
        return Error::wrong_state;
    }
    if (status < 300 || status > 599 || !std::all_of(fields.begin(), fields.end(), is_appendable)) {
        return Error::invalid_argument;
    }
    is_answered_ = true;
    append_status_line(out, status);
    append_field(out, {"Connection", "close"});
    for (const Field& field : fields) {
        append_field(out, field);
    }
    append_body(out, body);
    return Error::none;
}

}  // namespace wsproof
