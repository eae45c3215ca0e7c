// RFC 6455 §4.2.1, one function per item of the list, and the fields of the answer (§4.2.2).
#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <wsproof/handshake.hpp>

#include "accept_key.hpp"
#include "deflate_negotiation.hpp"
#include "extensions.hpp"
#include "http_grammar.hpp"
#include "known_fields.hpp"
#include "memory_guard.hpp"
#include "uri.hpp"

namespace wsproof {
namespace {

constexpr std::string_view kSupportedVersion = "13";

// RFC 9110 §2.5: "HTTP/", a digit, a dot, a digit.
Error check_http_version(std::string_view version) noexcept {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (version.size() != 8 || !version.starts_with("HTTP/") || version[6] != '.' ||
        !is_digit(version[5]) || !is_digit(version[7])) {
        return Error::malformed_head;
    }
    // Item 1: HTTP/1.1 or higher. Another major version is framed differently and not ours to read.
    return version[5] == '1' && version[7] != '0' ? Error::none : Error::bad_http_version;
}

// Item 1: a GET.
Error check_method(std::string_view method) noexcept {
    if (!is_token(method)) {
        return Error::malformed_head;
    }
    return method == "GET" ? Error::none : Error::bad_method;
}

// After the head come frames. A message body in between would let one side take for a body what the
// other takes for frames, hence none.
Error check_no_body(const KnownFields& fields) noexcept {
    if (fields.count(KnownField::transfer_encoding) > 0) {
        return Error::malformed_head;
    }
    for (const Field& field : fields.from(KnownField::content_length)) {
        const std::string_view value = trim(field.value);
        const bool is_zero =
            !value.empty() && value.find_first_not_of('0') == std::string_view::npos;
        if (known_field(field.name) == KnownField::content_length && !is_zero) {
            return Error::malformed_head;
        }
    }
    return Error::none;
}

// Item 3: Upgrade, in which "websocket" is one of the protocols.
Error check_upgrade(const KnownFields& fields) noexcept {
    return has_list_token(fields, KnownField::upgrade, "websocket") ? Error::none
                                                                    : Error::missing_upgrade;
}

// Item 4: Connection, in which "Upgrade" is one of the options.
Error check_connection(const KnownFields& fields) noexcept {
    return has_list_token(fields, KnownField::connection, "Upgrade")
               ? Error::none
               : Error::missing_connection_upgrade;
}

// RFC 6455 §4.3: a version is 0 to 255 without leading zeros.
bool is_version(std::string_view text) noexcept {
    if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) {
        return false;
    }
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    return value <= 255;
}

// is_ours: a field of the response that is for us to write, or that would give it a body.
bool is_ours(std::string_view name) noexcept {
    switch (known_field(name)) {
        case KnownField::upgrade:
        case KnownField::connection:
        case KnownField::content_length:
        case KnownField::transfer_encoding:
        case KnownField::key:
        case KnownField::accept:
        case KnownField::protocol:
        case KnownField::extensions:
            return true;
        case KnownField::host:
        case KnownField::origin:
        case KnownField::version:
        case KnownField::other:
            return false;
    }
    return false;
}

int status_of(Error error, bool is_other_version) noexcept {
    if (error == Error::bad_method) {
        return 405;
    }
    if (error == Error::bad_http_version) {
        return 505;
    }
    return is_other_version ? 426 : 400;
}

}  // namespace

Error Negotiation::judge(const HttpRequest& request) noexcept {
    request_ = {};
    request_.fields = request.fields;
    is_other_version_ = false;
    status_ = 0;
    subprotocol_ = {};
    subprotocols_.clear();
    agreed_.reset();
    extensions_.clear();
    response_ = {};
    return guarded(
        [&] {
            const Error error = check(request);
            is_good_ = error == Error::none;
            if (!is_good_) {
                refuse(error);
            }
            return error;
        },
        [&] {
            is_good_ = false;
            status_ = 500;
            response_ = {};
            return Error::out_of_memory;
        });
}

// The version comes before the key, against the order of the list: what a request of another
// version has to hold is for that version to say.
Error Negotiation::check(const HttpRequest& request) {
    const KnownFields fields(request.fields);
    // Before it is known whether it is a key: see begin_accept().
    if (const auto key = trim(fields.first(KnownField::key)); key.size() == HandshakeKey{}.size()) {
        accept_hash_ = begin_accept(key);
    }
    Error error = Error::none;
    const auto passes = [&error](Error result) {
        error = result;
        return result == Error::none;
    };
    if (passes(check_http_version(request.version)) && passes(check_method(request.method)) &&
        passes(check_no_body(fields)) && passes(read_host(fields)) &&
        passes(read_target(request.target)) && passes(check_upgrade(fields)) &&
        passes(check_connection(fields)) && passes(read_version(fields)) &&
        passes(read_key(fields)) && passes(read_origin(fields)) &&
        passes(read_subprotocols(fields)) && passes(read_extensions(fields))) {
        go_on(accept_hash_);
        return Error::none;
    }
    return error;
}

// Item 2: Host. RFC 9112 §3.2: exactly one, with a valid value.
Error Negotiation::read_host(const KnownFields& fields) noexcept {
    if (fields.count(KnownField::host) != 1) {
        return Error::bad_host;
    }
    request_.host = trim(fields.first(KnownField::host));
    return is_authority(request_.host) ? Error::none : Error::bad_host;
}

// Item 1: the request target is the resource name or an absolute URI that holds it; of the latter
// the authority counts, not Host (RFC 9112 §3.2.2).
Error Negotiation::read_target(std::string_view target) {
    if (is_resource_name(target)) {
        request_.target = target;
        return Error::none;
    }
    const AbsoluteUri uri = split_absolute_uri(target);
    if (uri.authority.empty()) {
        return Error::malformed_head;
    }
    request_.host = uri.authority;
    request_.target = uri.path_and_query;
    if (!request_.target.starts_with('/')) {  // RFC 6455 §3: an empty path is "/"
        resource_name_.assign(1, '/').append(uri.path_and_query);
        request_.target = resource_name_;
    }
    return Error::none;
}

// Item 6: Sec-WebSocket-Version, 13. RFC 6455 §11.3.5: not more than once.
Error Negotiation::read_version(const KnownFields& fields) noexcept {
    if (fields.count(KnownField::version) != 1) {
        return Error::bad_version;
    }
    const std::string_view version = trim(fields.first(KnownField::version));
    if (version == kSupportedVersion) {
        return Error::none;
    }
    is_other_version_ = is_version(version);
    return Error::bad_version;
}

// Item 5: Sec-WebSocket-Key. RFC 6455 §11.3.1: not more than once.
Error Negotiation::read_key(const KnownFields& fields) noexcept {
    if (fields.count(KnownField::key) != 1) {
        return Error::bad_key;
    }
    const std::string_view key = trim(fields.first(KnownField::key));
    if (!is_key(key)) {
        return Error::bad_key;
    }
    return Error::none;
}

// Item 7: Origin. Two of them (against RFC 6454 §7.3) could pass an application that checks one.
Error Negotiation::read_origin(const KnownFields& fields) noexcept {
    const std::size_t origin_count = fields.count(KnownField::origin);
    if (origin_count == 1) {
        request_.origin = trim(fields.first(KnownField::origin));
    }
    return origin_count <= 1 ? Error::none : Error::malformed_head;
}

// Item 8: Sec-WebSocket-Protocol, in any number of lines (RFC 6455 §11.3.4): at least one token
// (§4.3). RFC 2616 §2.1 lets empty elements pass. UTF-8 that is not ASCII is no token.
Error Negotiation::read_subprotocols(const KnownFields& fields) {
    for (const Field& field : fields.from(KnownField::protocol)) {
        if (known_field(field.name) != KnownField::protocol) {
            continue;
        }
        std::string_view list = field.value;
        while (!list.empty()) {
            const std::string_view subprotocol = next_list_element(list);
            if (subprotocol.empty()) {
                continue;
            }
            if (!is_token(subprotocol)) {
                return Error::malformed_head;
            }
            subprotocols_.push_back(subprotocol);
        }
    }
    request_.subprotocols = subprotocols_;
    const bool is_present = fields.count(KnownField::protocol) > 0;
    return is_present && subprotocols_.empty() ? Error::malformed_head : Error::none;
}

// Item 9: Sec-WebSocket-Extensions. What breaks the grammar is refused, what is unknown declined.
Error Negotiation::read_extensions(const KnownFields& fields) {
    const auto extensions = fields.from(KnownField::extensions);
    if (deflate_.codecs == nullptr) {
        return check_extensions(extensions);
    }
    const ParsedExtensions parsed = parse_extensions(extensions);
    if (parsed.error == Error::none) {
        if (auto agreement = choose_deflate(parsed.extensions, deflate_)) {
            agreed_ = agreement->parameters;
            extensions_ = std::move(agreement->response);
        }
    }
    return parsed.error;
}

// RFC 6455 §4.2.2, step 4, and §4.4: the versions we speak come with every answer to a wrong one.
// RFC 9110 §15.5.6 and §15.5.22 ask for Allow with 405 and for Upgrade with 426.
void Negotiation::refuse(Error error) noexcept {
    status_ = status_of(error, is_other_version_);
    std::size_t count = 0;
    const auto add = [this, &count](Field field) { own_fields_[count++] = field; };
    if (status_ == 405) {
        add({"Allow", "GET"});
    }
    if (status_ == 426) {
        add({"Upgrade", "websocket"});
    }
    add({"Connection", status_ == 426 ? "Upgrade, close" : "close"});
    if (error == Error::bad_version) {
        add({"Sec-WebSocket-Version", kSupportedVersion});
    }
    response_ = std::span(own_fields_).first(count);
}

// RFC 6455 §4.2.2, step 5.
Error Negotiation::accept(std::string_view subprotocol, std::span<const Field> fields) {
    if (!is_good_) {
        return Error::wrong_state;
    }
    const auto chosen = std::find(subprotocols_.begin(), subprotocols_.end(), subprotocol);
    if (!subprotocol.empty() && chosen == subprotocols_.end()) {
        return Error::unoffered_subprotocol;
    }
    if (!std::all_of(fields.begin(), fields.end(), [](const Field& field) {
            return is_token(field.name) && is_field_value(field.value) && !is_ours(field.name);
        })) {
        return Error::invalid_argument;
    }
    subprotocol_ = subprotocol.empty() ? std::string_view{} : *chosen;
    status_ = 101;
    accept_key_ = end_accept(accept_hash_);
    own_fields_[0] = {"Upgrade", "websocket"};
    own_fields_[1] = {"Connection", "Upgrade"};
    own_fields_[2] = {"Sec-WebSocket-Accept", {accept_key_.data(), accept_key_.size()}};
    std::size_t count = 3;
    if (!subprotocol_.empty()) {
        own_fields_[count++] = {"Sec-WebSocket-Protocol", subprotocol_};
    }
    if (agreed_) {
        own_fields_[count++] = {"Sec-WebSocket-Extensions", extensions_};
    }
    response_ = std::span(own_fields_).first(count);
    if (!fields.empty()) {
        all_fields_.assign(response_.begin(), response_.end());
        all_fields_.insert(all_fields_.end(), fields.begin(), fields.end());
        response_ = all_fields_;
    }
    return Error::none;
}

}  // namespace wsproof
