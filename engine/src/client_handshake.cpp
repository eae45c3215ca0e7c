#include "client_handshake.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "deflate_negotiation.hpp"
#include "extensions.hpp"
#include "uri.hpp"

namespace wsproof {
namespace {

// The fields that the request has of its own, and those that would give it a body.
bool is_reserved(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 6> kNames = {
        "Host", "Upgrade", "Connection", "Origin", "Content-Length", "Transfer-Encoding"};
    constexpr std::string_view kPrefix = "Sec-WebSocket-";
    return equals_ignoring_case(name.substr(0, kPrefix.size()), kPrefix) ||
           std::any_of(kNames.begin(), kNames.end(), [name](std::string_view reserved) {
               return equals_ignoring_case(name, reserved);
           });
}

bool is_appendable(const Field& field) noexcept {
    return is_token(field.name) && is_field_value(field.value) && !is_reserved(field.name);
}

// RFC 6454 §6.2: ASCII without spaces. Whether it is an origin is for the caller to know.
bool is_origin(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

// Tokens, none twice (RFC 6455 §4.1, item 10 of the request).
bool are_subprotocols(const std::vector<std::string>& names) noexcept {
    for (auto name = names.begin(); name != names.end(); ++name) {
        if (!is_token(*name) || std::find(names.begin(), name, *name) != name) {
            return false;
        }
    }
    return true;
}

// status_of reads "HTTP/1.1 101 Switching Protocols" (RFC 9112 §4); 0 if it is no status line.
// Peers that leave the reason out tend to leave out the space before it too, which hurts nobody.
int status_of(std::string_view line) noexcept {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool is_status_line = line.size() >= 12 && line.starts_with("HTTP/1.") &&
                                is_digit(line[7]) && line[8] == ' ' && line[9] != '0' &&
                                std::all_of(line.begin() + 9, line.begin() + 12, is_digit) &&
                                (line.size() == 12 || line[12] == ' ');
    return is_status_line ? (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0') : 0;
}

}  // namespace

ClientHandshake::ClientHandshake(const Request& request, Entropy& entropy, const Options& options)
    : subprotocols_(request.subprotocols),
      deflate_(options.deflate),
      head_(options.limits),
      error_(check_arguments(request)) {
    if (error_ == Error::none) {
        key_ = make_key(entropy);
        write_request(request);
    }
}

Error ClientHandshake::check_arguments(const Request& request) noexcept {
    const bool is_good = is_authority(request.host) && is_resource_name(request.target) &&
                         is_origin(request.origin) && are_subprotocols(request.subprotocols) &&
                         std::all_of(request.fields.begin(), request.fields.end(), is_appendable);
    return is_good ? Error::none : Error::invalid_argument;
}

// RFC 6455 §4.1, items 1 to 12 of the request, in an order that does not vary.
void ClientHandshake::write_request(const Request& request) {
    const auto append = [this](std::string_view name, std::string_view value) {
        request_.append(name).append(": ").append(value).append("\r\n");
    };
    request_.append("GET ").append(request.target).append(" HTTP/1.1\r\n");
    append("Host", request.host);
    append("Upgrade", "websocket");
    append("Connection", "Upgrade");
    append("Sec-WebSocket-Key", {key_.data(), key_.size()});
    append("Sec-WebSocket-Version", "13");
    if (!request.origin.empty()) {
        append("Origin", request.origin);
    }
    if (!request.subprotocols.empty()) {
        std::string list;
        for (const std::string& subprotocol : request.subprotocols) {
            list.append(list.empty() ? "" : ", ").append(subprotocol);
        }
        append("Sec-WebSocket-Protocol", list);
    }
    if (deflate_.codecs != nullptr) {
        append("Sec-WebSocket-Extensions", make_deflate_offer(deflate_));
    }
    for (const Field& field : request.fields) {
        append(field.name, field.value);
    }
    request_.append("\r\n");
}

Step ClientHandshake::feed(MutableBytes& in) {
    if (error_ != Error::none) {
        return Step::violation;
    }
    Step step = head_.feed(in);
    while (step == Step::done) {
        status_ = status_of(head_.start_line());
        if (status_ / 100 != 1 || status_ == 101) {
            return judge();
        }
        head_.start_over();  // RFC 9110 §15.2: interim responses may come before the final one
        step = head_.feed(in);
    }
    if (step == Step::violation) {
        error_ = head_.error();
    }
    return step;
}

// RFC 6455 §4.1, the numbered checks of the response.
Step ClientHandshake::judge() {
    const auto passes = [this](Error result) {
        error_ = result;
        return result == Error::none;
    };
    if (!passes(check_status())) {
        return outcome_ == Outcome::refused ? Step::done : Step::violation;
    }
    const KnownFields fields(head_.fields());
    if (passes(check_upgrade(fields)) && passes(check_connection(fields)) &&
        passes(check_accept(fields)) && passes(check_extensions(fields)) &&
        passes(check_subprotocol(fields))) {
        outcome_ = Outcome::opened;
        return Step::done;
    }
    return Step::violation;
}

// Step 1: a status that is not 101 is for HTTP to handle.
Error ClientHandshake::check_status() noexcept {
    if (status_ == 0) {
        return Error::malformed_head;
    }
    if (status_ != 101) {
        outcome_ = Outcome::refused;
        return Error::upgrade_refused;
    }
    // RFC 9110 §7.8: there is no Upgrade in HTTP/1.0.
    return head_.start_line().starts_with("HTTP/1.0") ? Error::bad_http_version : Error::none;
}

// Step 2: Upgrade is "websocket", and nothing more: unlike Connection, no list.
Error ClientHandshake::check_upgrade(const KnownFields& fields) const noexcept {
    const bool is_good = fields.count(KnownField::upgrade) == 1 &&
                         equals_ignoring_case(fields.first(KnownField::upgrade), "websocket");
    return is_good ? Error::none : Error::missing_upgrade;
}

// Step 3: Connection holds the token "Upgrade".
Error ClientHandshake::check_connection(const KnownFields& fields) const noexcept {
    return has_list_token(fields, KnownField::connection, "Upgrade")
               ? Error::none
               : Error::missing_connection_upgrade;
}

// Step 4: Sec-WebSocket-Accept answers our key; RFC 6455 §11.3.3: not more than once.
Error ClientHandshake::check_accept(const KnownFields& fields) const noexcept {
    const AcceptKey expected = accept_key({key_.data(), key_.size()});
    const bool is_good =
        fields.count(KnownField::accept) == 1 &&
        fields.first(KnownField::accept) == std::string_view(expected.data(), expected.size());
    return is_good ? Error::none : Error::bad_accept;
}

// Step 5: no extension that was not offered, nor one that does not fit its offer.
Error ClientHandshake::check_extensions(const KnownFields& fields) {
    const ParsedExtensions parsed = parse_extensions(fields.from(KnownField::extensions));
    if (parsed.error != Error::none) {
        return parsed.error;
    }
    const DeflateAnswer answer = judge_deflate(parsed.extensions, deflate_);
    agreed_ = answer.parameters;
    return answer.error;
}

// Step 6: one of the subprotocols that were offered, in the same case, or none at all; RFC 6455
// §11.3.4: not more than one field.
Error ClientHandshake::check_subprotocol(const KnownFields& fields) noexcept {
    const std::size_t count = fields.count(KnownField::protocol);
    if (count == 0) {
        return Error::none;
    }
    const auto offered =
        std::find(subprotocols_.begin(), subprotocols_.end(), fields.first(KnownField::protocol));
    if (offered == subprotocols_.end() || count != 1) {
        return Error::unoffered_subprotocol;
    }
    subprotocol_ = *offered;
    return Error::none;
}

Opened ClientHandshake::opened() const noexcept {
    return {subprotocol_, agreed_, head_.fields()};
}

Refused ClientHandshake::refused() const noexcept {
    return {status_, head_.fields()};
}

}  // namespace wsproof
