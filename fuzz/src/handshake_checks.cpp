#include "handshake_checks.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wsproof/connection.hpp>
#include <wsproof/handshake.hpp>

#include "output_judge.hpp"
#include "peer.hpp"
#include "play.hpp"
#include "require.hpp"
#include "setting.hpp"
#include "wire/digest.hpp"
#include "wire/http_request.hpp"
#include "wire/http_response.hpp"

namespace wsproof::fuzz {

namespace wire = conformance::wire;

namespace {

using Kind = Happening::Kind;

// has_token is for lists of tokens alone (RFC 9110 §7.6.1, §7.8): a quote in them quotes no comma.
bool has_token(const wire::HttpHead& head, std::string_view name, std::string_view token) {
    for (std::string_view rest : head.values(name)) {
        while (!rest.empty()) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            if (wire::equal_ignoring_case(wire::trim(rest.substr(0, comma)), token)) {
                return true;
            }
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return false;
}

// is_key: base64 of 16 bytes (RFC 6455 §4.1): 22 characters, the last with four bits unused, "==".
bool is_key(std::string_view text) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return text.size() == 24 && text.ends_with("==") &&
           std::all_of(text.begin(), text.end() - 2,
                       [&](char c) { return kAlphabet.find(c) != std::string_view::npos; });
}

// has_port: what follows the last colon, if it is no part of an address, is at most 65535.
bool has_port(std::string_view host) {
    const std::size_t colon = host.rfind(':');
    const std::size_t bracket = host.rfind(']');
    if (colon == std::string_view::npos || (bracket != std::string_view::npos && bracket > colon)) {
        return true;
    }
    unsigned port = 0;
    for (const char c : host.substr(colon + 1)) {
        port = std::min(port * 10 + static_cast<unsigned>(c - '0'), 1U << 20);
    }
    return port <= 65'535;
}

// require_upgrade: RFC 6455 §4.2.1, as the judge reads the request.
void require_upgrade(const wire::HttpRequest& request) {
    require(request.deviations.empty(), "an accepted request is well-formed");
    require(request.method == "GET" && request.version.starts_with("HTTP/1.") &&
                request.version != "HTTP/1.0",
            "RFC 6455 §4.2.1: GET, HTTP/1.1 or higher");
    require(request.values("Host").size() == 1 && has_port(request.values("Host").front()),
            "RFC 6455 §4.2.1: a Host");
    require(has_token(request, "Upgrade", "websocket"), "RFC 6455 §4.2.1: Upgrade");
    require(has_token(request, "Connection", "upgrade"), "RFC 6455 §4.2.1: Connection");
    const auto keys = request.values("Sec-WebSocket-Key");
    require(keys.size() == 1 && is_key(keys.front()), "RFC 6455 §4.2.1: a key of 16 bytes");
    const auto versions = request.values("Sec-WebSocket-Version");
    require(versions.size() == 1 && versions.front() == "13", "RFC 6455 §4.2.1: version 13");
    require(request.values("Transfer-Encoding").empty(), "no body comes before the frames");
    for (const std::string_view length : request.values("Content-Length")) {
        require(!length.empty() && length.find_first_not_of('0') == std::string_view::npos,
                "no body comes before the frames");
    }
}

// require_same: Negotiation, which an embedder's own HTTP server uses, makes the same response.
void require_same(const wire::HttpRequest& request, const wire::HttpResponse& response,
                  const Options& options) {
    std::vector<Field> fields;
    for (const wire::HttpField& field : request.fields) {
        fields.push_back({field.name, field.value});
    }
    Negotiation negotiation(options.deflate);
    const Error error =
        negotiation.judge({request.method, request.target, request.version, fields});
    require(error == Error::none && negotiation.accept() == Error::none,
            "an embedder accepts what a connection does");
    require(negotiation.status() == response.status &&
                std::equal(negotiation.response().begin(), negotiation.response().end(),
                           response.fields.begin(), response.fields.end(),
                           [](const Field& a, const wire::HttpField& b) {
                               return a.name == b.name && a.value == b.value;
                           }),
            "an embedder answers as a connection does");
}

// require_refused: so does an embedder, unless the head alone was at fault.
void require_refused(const wire::HttpRequest& request, const Options& options) {
    std::vector<Field> fields;
    for (const wire::HttpField& field : request.fields) {
        fields.push_back({field.name, field.value});
    }
    Negotiation negotiation(options.deflate);
    const Error error =
        negotiation.judge({request.method, request.target, request.version, fields});
    require(error != Error::none || !request.deviations.empty(),
            "an embedder refuses what a connection does");
    require((error == Error::none) == (negotiation.accept() == Error::none),
            "what is refused cannot be accepted");
}

std::optional<wire::HttpResponse> response_of(Bytes output) {
    wire::HttpResponseReader reader;
    wire::ByteView in = output;
    return reader.next(in);
}

std::optional<wire::HttpRequest> request_of(Bytes bytes) {
    wire::HttpRequestReader reader;
    wire::ByteView in = bytes;
    return reader.next(in);
}

// take_line takes the bytes up to the next "\n" of the input.
std::string_view take_line(Input& input) {
    const std::string_view rest = text(input.peek());
    const std::size_t size = std::min(rest.find('\n'), rest.size());
    const std::string_view line = text(input.take(size));
    static_cast<void>(input.byte());
    return line;
}

}  // namespace

void check_server(Input& input) {
    ZlibCodecs codecs(kSmallZlib);
    const Options options = make_options(input, codecs);
    const std::uint8_t cuts = input.byte();
    const Bytes bytes = input.rest();
    FixedEntropy entropy;
    Connection connection = Connection::server(options, entropy, Time{});
    const Heard heard = play(connection, bytes, cuts);
    const auto response = response_of(heard.output);
    require(!response || response->deviations.empty(), "a server's response is well-formed");
    const bool is_open = heard.log.find(Kind::opened) != nullptr;
    const auto request = request_of(bytes);
    require(is_open == (response && response->status == 101), "101 is for what opens");
    const Happening* failed = heard.log.find(Kind::failed);
    if (!is_open) {
        require((failed != nullptr) == response.has_value(), "a refusal is an answer");
        require(!response || (response->status >= 400 && response->status < 600),
                "a refusal is an error");
        if (request && response && response->status != 431) {
            require_refused(*request, options);
        }
        return;
    }
    require(request.has_value(), "the judge reads a request where the engine does");
    require_upgrade(*request);
    require(heard.open_at <= options.limits.head && request->fields.size() <= options.limits.fields,
            "a head is within its limits");
    require(response->values("Sec-WebSocket-Accept").size() == 1 &&
                response->values("Sec-WebSocket-Accept").front() ==
                    wire::accept_key(request->values("Sec-WebSocket-Key").front()),
            "RFC 6455 §4.2.2: the accept key");
    require_same(*request, *response, options);
}

void check_request(Input& input) {
    ZlibCodecs codecs(kSmallZlib);
    const Options options = make_options(input, codecs);
    Request request;
    request.host = take_line(input);
    request.target = take_line(input);
    request.origin = take_line(input);
    const std::size_t subprotocol_count = input.below(3);
    for (std::size_t i = 0; i < subprotocol_count; ++i) {
        request.subprotocols.emplace_back(take_line(input));
    }
    const Field field{take_line(input), take_line(input)};
    request.fields = {&field, field.name.empty() ? std::size_t{0} : 1};
    FixedEntropy entropy;
    Connection client = Connection::client(request, options, entropy, Time{});
    Buffer bytes;
    take_output(client, bytes);
    if (client.state() == State::closed) {
        require(bytes.empty() && client.error() == Error::invalid_argument,
                "a request that cannot be sent is not sent");
        return;
    }
    const auto read = request_of(bytes);
    require(read && read->deviations.empty(), "a request is well-formed");
    require_upgrade(*read);
    const std::size_t field_count =
        5 + (request.origin.empty() ? 0 : 1) + (request.subprotocols.empty() ? 0 : 1) +
        (options.deflate.codecs != nullptr ? 1 : 0) + request.fields.size();
    require(read->fields.size() == field_count, "no argument makes a field of its own");
    Connection server = Connection::server({.deflate = options.deflate}, entropy, Time{});
    MutableBytes in(bytes);
    const auto event = server.next(in);
    const auto* upgrade = event ? std::get_if<UpgradeRequest>(&*event) : nullptr;
    require(upgrade != nullptr, "a server takes what a client sends");
    require(upgrade->host == request.host && upgrade->target == request.target &&
                upgrade->origin == request.origin &&
                std::equal(upgrade->subprotocols.begin(), upgrade->subprotocols.end(),
                           request.subprotocols.begin(), request.subprotocols.end()),
            "a server reads what the client meant");
    const std::string chosen =
        request.subprotocols.empty() ? std::string() : request.subprotocols.back();
    require(server.accept(chosen) == Error::none, "a server can accept it");
    Buffer answer;
    take_output(server, answer);
    if (answer.size() > options.limits.head) {
        return;
    }
    MutableBytes response(answer);
    const auto opened = client.next(response);
    const auto* open = opened ? std::get_if<Opened>(&*opened) : nullptr;
    require(open != nullptr || client.error() == Error::too_many_fields,
            "a client takes what the server answers");
    require(open == nullptr || open->subprotocol == chosen, "both speak the same subprotocol");
}

void check_response(Input& input) {
    ZlibCodecs codecs(kSmallZlib);
    const Options options = make_options(input, codecs);
    const std::uint8_t cuts = input.byte();
    FixedEntropy entropy;
    Connection client = Connection::client({.host = "example.com", .subprotocols = {"chat"}},
                                           options, entropy, Time{});
    Buffer sent;
    take_output(client, sent);
    const auto request = request_of(sent);
    const std::string accept = wire::accept_key(request->values("Sec-WebSocket-Key").front());
    Buffer bytes;
    for (const std::byte byte : input.rest()) {
        if (byte == std::byte{1}) {
            const Bytes key = std::as_bytes(std::span(accept));
            bytes.insert(bytes.end(), key.begin(), key.end());
        } else {
            bytes.push_back(byte);
        }
    }
    FixedEntropy same_entropy;
    Connection fresh = Connection::client({.host = "example.com", .subprotocols = {"chat"}},
                                          options, same_entropy, Time{});
    const Heard heard = play(fresh, bytes, cuts);
    if (heard.log.find(Kind::opened) == nullptr) {
        return;
    }
    std::optional<wire::HttpResponse> response;
    wire::ByteView in = bytes;
    do {  // interim responses come first
        wire::HttpResponseReader reader;
        response = reader.next(in);
    } while (response && response->status != 101);
    require(response && response->deviations.empty(), "what opens a client is well-formed");
    require(response->values("Upgrade").size() == 1 &&
                wire::equal_ignoring_case(response->values("Upgrade").front(), "websocket"),
            "RFC 6455 §4.1: Upgrade");
    require(has_token(*response, "Connection", "upgrade"), "RFC 6455 §4.1: Connection");
    const auto accepts = response->values("Sec-WebSocket-Accept");
    require(accepts.size() == 1 && accepts.front() == accept, "RFC 6455 §4.1: the accept key");
    const auto subprotocols = response->values("Sec-WebSocket-Protocol");
    require(subprotocols.empty() || (subprotocols.size() == 1 && subprotocols.front() == "chat"),
            "RFC 6455 §4.1: a subprotocol that was offered");
    require(
        options.deflate.codecs != nullptr || response->values("Sec-WebSocket-Extensions").empty(),
        "RFC 6455 §4.1: no extension that was not offered");
}

void check_variation(Input& input) {
    Op op;
    op.a = input.byte();
    op.b = input.byte();
    const bool is_client = input.flag();
    const Bytes field = input.take(200);
    for (const std::byte byte : field) {  // a field value, which obs-text may stand in
        op.data.push_back((byte & std::byte{0x60}) == std::byte{0} ? std::byte{'-'} : byte);
    }
    std::replace(op.data.begin(), op.data.end(), std::byte{0x7F}, std::byte{'-'});
    ZlibCodecs codecs(kSmallZlib);
    Options options;
    options.deflate.codecs = &codecs;
    FixedEntropy entropy;
    Connection connection =
        is_client ? Connection::client({.host = "example.com", .subprotocols = {"chat", "echo"}},
                                       options, entropy, Time{})
                  : Connection::server(options, entropy, Time{});
    Buffer sent;
    if (is_client) {
        take_output(connection, sent);
    }
    Buffer bytes;
    Peer(is_client ? Role::client : Role::server).handshake(op, sent, bytes);
    EventLog log;
    for (MutableBytes in(bytes); const auto event = connection.next(in);) {
        log.add(*event);
        require(
            !std::holds_alternative<UpgradeRequest>(*event) || connection.accept() == Error::none,
            "a request that is reported can be accepted");
    }
    // 5 sends an extension, which only is damage where none was offered.
    const bool is_legal = damage_of(op.b) == 0 || (is_client && damage_of(op.b) == 5);
    require((log.find(Kind::opened) != nullptr) == is_legal,
            "a legal handshake is accepted, a damaged one is not");
}

}  // namespace wsproof::fuzz
