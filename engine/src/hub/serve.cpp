// The servers' side: live, test, upgrade, accept, takeover.
#include <algorithm>

#include "glob.hpp"
#include "hub_impl.hpp"

namespace wsproof {
namespace {

constexpr auto kServerKeepAlive = std::chrono::seconds(30);  // what the package does

struct LiveMatch {
    const LiveHandler* handler = nullptr;
    std::string_view subprotocol{};  // chosen, or empty
};

// find_live: the first that matches. A request that offers subprotocols wants one that matches; "*"
// takes it without choosing one.
LiveMatch find_live(const std::vector<LiveHandler>& lives, std::string_view path,
                    std::span<const std::string_view> offered) {
    for (const LiveHandler& live : lives) {
        if (!matches_glob(live.path, path)) {
            continue;
        }
        if (offered.empty() || live.proto == "*") {
            return {&live, {}};
        }
        const auto chosen = std::find_if(offered.begin(), offered.end(), [&](std::string_view p) {
            return matches_glob(live.proto, p);
        });
        if (chosen != offered.end()) {
            return {&live, *chosen};
        }
    }
    return {};
}

// split_target: the path and the query without its "?".
std::pair<std::string_view, std::string_view> split_target(std::string_view target) {
    const std::size_t mark = std::min(target.find('?'), target.size());
    return {target.substr(0, mark), target.substr(std::min(mark + 1, target.size()))};
}

std::string make_head(const Negotiation& negotiation) {
    std::string head = "HTTP/1.1 101 Switching Protocols\r\n";
    for (const Field& field : negotiation.response()) {
        head.append(field.name).append(": ").append(field.value).append("\r\n");
    }
    return head.append("\r\n");
}

std::unique_ptr<TestedRequest> make_request(std::string_view path, std::span<const Field> headers,
                                            std::string_view query, const Deflate& deflate) {
    auto request = std::make_unique<TestedRequest>(deflate);
    request->path = path;
    request->query = query;
    request->target = path;
    if (!query.empty()) {
        request->target.append("?").append(query);
    }
    request->storage.reserve(headers.size());
    for (const Field& field : headers) {
        request->storage.emplace_back(field.name, field.value);
    }
    for (const auto& [name, value] : request->storage) {
        request->fields.push_back({name, value});
    }
    return request;
}

}  // namespace

HubError Hub::Impl::live(SocketId server, std::string_view path, HandlerId handler,
                         std::string_view proto) {
    HubSocket* socket = find_socket(server);
    if (socket == nullptr || socket->kind != HubSocket::Kind::server) {
        return hub_error(HubErrorKind::unknown_socket, "no such server was registered");
    }
    socket->lives.push_back({std::string(path), std::string(proto), handler});
    return {};
}

// find_attached: one that has not become a WebSocket yet.
HubSocket* Hub::Impl::find_attached(SocketId id, HubError& error) const {
    HubSocket* socket = find_known(id, error);
    if (socket != nullptr && socket->kind != HubSocket::Kind::attached) {
        error = hub_error(HubErrorKind::wrong_state, "it is a WebSocket or a server already");
        return nullptr;
    }
    return socket;
}

HubResult<TestResult> Hub::Impl::test(SocketId server, SocketId id, std::string_view path,
                                      std::span<const Field> headers, std::string_view query) {
    const HubSocket* listening = find_socket(server);
    if (listening == nullptr || listening->kind != HubSocket::Kind::server) {
        return {{}, hub_error(HubErrorKind::unknown_socket, "no such server was registered")};
    }
    HubError error;
    HubSocket* socket = find_attached(id, error);
    if (socket == nullptr) {
        return {{}, error};
    }
    auto request = make_request(path, headers, query, options.deflate);
    TestResult result;
    result.reason =
        request->negotiation.judge({"GET", request->target, "HTTP/1.1", request->fields});
    if (result.reason == Error::out_of_memory) {
        return {{}, {HubErrorKind::out_of_memory, {}}};
    }
    if (result.reason == Error::none) {
        const LiveMatch match =
            find_live(listening->lives, request->path, request->negotiation.request().subprotocols);
        request->matches = match.handler != nullptr;
        request->handler = request->matches ? match.handler->handler : 0;
        request->subprotocol = match.subprotocol;
    }
    result.matches = request->matches;
    if (result.matches) {
        result.status = 101;
    } else if (result.reason == Error::none) {
        result.status = 404;
        result.response.push_back({"Connection", "close"});
    } else {
        result.status = request->negotiation.status();
        const auto response = request->negotiation.response();
        result.response.assign(response.begin(), response.end());
    }
    socket->tested = std::move(request);
    return {std::move(result), {}};
}

HubError Hub::Impl::upgrade(SocketId id) {
    HubError error;
    HubSocket* socket = find_attached(id, error);
    if (socket == nullptr) {
        return error;
    }
    if (socket->tested == nullptr || !socket->tested->matches) {
        return hub_error(HubErrorKind::wrong_state, "test() has not found it to match");
    }
    TestedRequest& request = *socket->tested;
    if (request.negotiation.accept(request.subprotocol) != Error::none) {
        return {HubErrorKind::out_of_memory, {}};  // the subprotocol is one of the request's
    }
    std::string head = make_head(request.negotiation);
    std::string subprotocol(request.subprotocol);
    std::vector<Bytes> head_output(1);
    Opened opened{};
    opened.deflate = request.negotiation.deflate();
    Connection connection = Connection::adopt(Role::server, opened, options, entropy, now);
    socket->reader.emplace(static_cast<std::size_t>(options.limits.message));
    make_ready(*socket);
    socket->has_deflate = opened.deflate.has_value();
    socket->head.swap(head);
    socket->head_output.swap(head_output);
    socket->subprotocol.swap(subprotocol);
    socket->path.swap(request.path);
    socket->query.swap(request.query);
    socket->connect_is_pending = true;
    start(*socket, request.handler, std::move(connection), Role::server, options.limits);
    socket->tested.reset();
    return {};
}

HubError Hub::Impl::accept(SocketId server, SocketId id) {
    const HubSocket* listening = find_socket(server);
    if (listening == nullptr || listening->kind != HubSocket::Kind::server) {
        return hub_error(HubErrorKind::unknown_socket, "no such server was registered");
    }
    HubError error;
    HubSocket* socket = find_attached(id, error);
    if (socket == nullptr) {
        return error;
    }
    Connection connection = Connection::server(options, entropy, now);
    socket->server = server;
    start(*socket, 0, std::move(connection), Role::server, options.limits);
    return {};
}

// answer: what accept() does with the request once it is read.
void Hub::Impl::answer(HubSocket& socket, const UpgradeRequest& request) {
    const auto [path, query] = split_target(request.target);
    const HubSocket* listening = find_socket(socket.server);
    const LiveMatch match = listening == nullptr
                                ? LiveMatch{}
                                : find_live(listening->lives, path, request.subprotocols);
    if (match.handler == nullptr) {
        log(LogLevel::notice, socket.id, "no handler for this path and these subprotocols");
        static_cast<void>(socket.connection->reject(404));
        return;
    }
    socket.path = path;
    socket.query = query;
    socket.subprotocol = match.subprotocol;
    socket.handler = match.handler->handler;
    static_cast<void>(socket.connection->accept(match.subprotocol));
}

HubError Hub::Impl::takeover(SocketId id, HandlerId handler, bool is_server) {
    HubError error;
    HubSocket* socket = find_attached(id, error);
    if (socket == nullptr) {
        return error;
    }
    const Role role = is_server ? Role::server : Role::client;
    start(*socket, handler, Connection::adopt(role, {}, options, entropy, now), role,
          options.limits);
    return {};
}

// start: the socket is a WebSocket from here on. Nothing in it allocates.
void Hub::Impl::start(HubSocket& socket, HandlerId handler, Connection connection, Role role,
                      const Limits& limits) {
    socket.kind = role == Role::server ? HubSocket::Kind::served : HubSocket::Kind::client;
    socket.handler = handler;
    socket.connection.emplace(std::move(connection));
    socket.reader.emplace(static_cast<std::size_t>(limits.message));
    if (role == Role::server) {
        socket.keep_alive.interval = kServerKeepAlive;
        note_activity(socket);
    }
}

}  // namespace wsproof
