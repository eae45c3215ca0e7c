// open, and what happens until the connection is there.
#include <array>
#include <charconv>

#include "../http_grammar.hpp"
#include "../uri.hpp"
#include "hub_impl.hpp"

namespace wsproof {
namespace {

constexpr std::string_view kOptionNames = "-headers, -protocol, -timeout, -myaddr";

HubError refused(std::string_view what, std::string_view why) {
    return hub_error(HubErrorKind::bad_argument, std::string(what).append(": ").append(why));
}

HubError add_header(OpenOptions& options, std::string_view value) {
    const std::size_t colon = value.find(':');
    if (colon == std::string_view::npos) {
        return refused("-headers", "a header is \"Name: value\"");
    }
    options.headers.emplace_back(value.substr(0, colon), trim(value.substr(colon + 1)));
    return {};
}

HubError set_timeout(OpenOptions& options, std::string_view value) {
    std::int64_t milliseconds = 0;
    const auto [end, error] =
        std::from_chars(value.data(), value.data() + value.size(), milliseconds);
    if (error != std::errc() || end != value.data() + value.size() || milliseconds < 0) {
        return refused("-timeout", "a number of milliseconds, 0 or more");
    }
    // As in http::geturl, 0 is none.
    options.timeout = milliseconds == 0 ? std::optional<Duration>()
                                        : Duration(std::chrono::milliseconds(milliseconds));
    return {};
}

void add_protocols(OpenOptions& options, std::string_view names) {
    while (!names.empty()) {
        const std::size_t size = std::min(names.find(' '), names.size());
        if (size > 0) {
            options.protocols.emplace_back(names.substr(0, size));
        }
        names.remove_prefix(std::min(size + 1, names.size()));
    }
}

HubError set_option(OpenOptions& options, std::string_view name, std::string_view value) {
    if (name == "-headers") {
        return add_header(options, value);
    }
    if (name == "-timeout") {
        return set_timeout(options, value);
    }
    if (name == "-protocol") {
        add_protocols(options, value);
        return {};
    }
    if (name == "-myaddr") {
        options.local_address = value;
        return {};
    }
    if (name == "-validate" || name == "-handler" || name == "-command") {
        return refused(name, "not for callers of open");
    }
    return hub_error(
        HubErrorKind::unknown_name,
        std::string("no option ").append(name).append("; there are ").append(kOptionNames));
}

// Url is a ws or wss URL in its parts.
struct Url {
    std::string_view authority;
    std::string_view host;
    std::uint16_t port = 0;
    bool tls = false;
    std::string target;
};

// split_port takes the port off an authority that is_authority().
HubError split_port(Url& url) {
    const std::size_t bracket = url.authority.rfind(']');
    const std::size_t colon = url.authority.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    url.host = has_port ? url.authority.substr(0, colon) : url.authority;
    url.port = url.tls ? 443 : 80;
    const std::string_view port = has_port ? url.authority.substr(colon + 1) : std::string_view();
    if (!port.empty()) {
        std::from_chars(port.data(), port.data() + port.size(), url.port);
        if (url.port == 0) {
            return refused("url", "there is no port 0");
        }
    }
    if (url.host.starts_with('[')) {
        url.host = url.host.substr(1, url.host.size() - 2);
    }
    return {};
}

HubError parse_url(std::string_view text, Url& url) {
    constexpr std::string_view kPlain = "ws://";
    constexpr std::string_view kSecure = "wss://";
    const auto has_scheme = [text](std::string_view scheme) {
        return equals_ignoring_case(text.substr(0, scheme.size()), scheme);
    };
    url.tls = has_scheme(kSecure);
    if (!url.tls && !has_scheme(kPlain)) {
        return refused("url", "it begins with ws:// or wss://");
    }
    const AbsoluteUri parts = split_absolute_uri(text);
    url.authority = parts.authority;
    url.target = parts.path_and_query;
    if (!url.target.starts_with('/')) {
        url.target.insert(url.target.begin(), '/');  // RFC 6455 §3: an empty path is "/"
    }
    if (!is_authority(url.authority)) {
        return refused("url", "after the scheme come a host and perhaps a port, no user");
    }
    if (!is_resource_name(url.target)) {
        return refused("url", "the path and query are visible ASCII without a fragment");
    }
    return split_port(url);
}

}  // namespace

HubError set_open_option(OpenOptions& options, std::string_view name,
                         std::string_view value) noexcept {
    return guarded([&] { return set_option(options, name, value); },
                   [] {
                       return HubError{HubErrorKind::out_of_memory, {}};
                   });
}

HubResult<SocketId> Hub::Impl::open(std::string_view text, HandlerId handler,
                                    const OpenOptions& chosen) {
    Url url;
    if (HubError error = parse_url(text, url)) {
        return {0, std::move(error)};
    }
    std::vector<Field> fields;
    fields.reserve(chosen.headers.size());
    Request request;
    request.host = url.authority;
    for (const auto& [name, value] : chosen.headers) {
        if (equals_ignoring_case(name, "Host")) {
            request.host = value;  // the one field of ours that a caller may replace
        } else {
            fields.push_back({name, value});
        }
    }
    request.target = url.target;
    request.origin = chosen.origin;
    request.subprotocols = chosen.protocols;
    request.fields = fields;
    Options its_options = chosen.engine;
    if (chosen.timeout) {
        its_options.timers.handshake = chosen.timeout;
    }
    Connection connection = Connection::client(request, its_options, entropy, now);
    if (connection.error() == Error::invalid_argument) {
        return {0, refused("options",
                           "a header, protocol or origin cannot be sent, is given twice "
                           "or is one that the handshake sends itself")};
    }
    std::string host(url.host);
    std::string port_text = std::to_string(url.port);
    HubSocket& socket = add(HubSocket::Kind::client);
    socket.handler = handler;
    socket.reader.emplace(static_cast<std::size_t>(its_options.limits.message));
    socket.connection.emplace(std::move(connection));
    socket.port = url.port;
    socket.tls = url.tls;
    socket.insecure = chosen.insecure;
    socket.remote.port = url.port;
    socket.host.swap(host);
    const SocketId id = socket.id;
    // From here on a lack of memory leaves half a socket, which nobody knows of.
    guarded(
        [&] {
            socket.remote.name = socket.host;
            socket.local_address = chosen.local_address;
            socket.ca_file = chosen.ca_file;
        },
        [&] { sockets.erase(id); });
    if (find_socket(id) == nullptr) {
        return {0, {HubErrorKind::out_of_memory, {}}};
    }
    log(LogLevel::info, id, text);
    return {id, {}};
}

HubError Hub::Impl::connected(SocketId id, const End& remote, const End& local) {
    HubError error;
    HubSocket* socket = find_known(id, error);
    if (socket == nullptr) {
        return error;
    }
    if (socket->kind != HubSocket::Kind::client) {
        return hub_error(HubErrorKind::wrong_state, "it was not opened");
    }
    End its_remote = remote;
    End its_local = local;
    if (its_remote.name.empty()) {
        its_remote.name = socket->host;
    }
    socket->remote = std::move(its_remote);
    socket->local = std::move(its_local);
    return {};
}

HubError Hub::Impl::connect_failed(SocketId id, std::string_view why) {
    HubError error;
    HubSocket* socket = find_known(id, error);
    if (socket == nullptr) {
        return error;
    }
    if (socket->kind != HubSocket::Kind::client || !socket->connection ||
        socket->connection->state() != State::connecting) {
        return hub_error(HubErrorKind::wrong_state, "it is not connecting");
    }
    socket->connect_failure = why.empty() ? "connecting failed" : why;
    socket->connection.reset();
    make_ready(*socket);
    return {};
}

}  // namespace wsproof
