// The verbs: the Hub's, with errors thrown.
#include <utility>
#include <wsproof/runtime/websockets.hpp>

#include "client/reach.hpp"
#include "loop.hpp"

namespace wsproof::runtime {

namespace {

constexpr std::chrono::seconds kConnectTime{30};
constexpr std::chrono::seconds kResolveTime{5};
constexpr int kBacklog = 512;

void check(const HubError& error) {
    if (error) {
        raise(error);
    }
}

template <typename T>
T checked(HubResult<T>&& result) {
    check(result.error);
    return std::move(result.value);
}

}  // namespace

WebSockets::WebSockets(const Options& options, HubLog* log, const WebSocketsBounds& bounds)
    : loop_(std::make_unique<Loop>(options, log, bounds)) {}
WebSockets::~WebSockets() = default;

SocketId WebSockets::open(std::string_view url, Handler handler, const OpenOptions& options) {
    if (loop_->is_stopping) {
        raise({HubErrorKind::wrong_state, "stop() is at work"});
    }
    loop_->hub.tick(now());
    const HandlerId kept = loop_->keep(std::move(handler));
    const auto opened = loop_->hub.open(url, kept, options);
    if (!opened) {
        loop_->handlers.erase(kept);
        raise(opened.error);
    }
    const SocketId socket = opened.value;
    loop_->own_handlers.emplace(socket, kept);
    const Destination to = checked(loop_->hub.destination(socket));
    const Url place{.is_secure = to.tls,
                    .host = std::string(to.host),
                    .port = to.port,
                    .host_field = std::string(to.host) + ':' + std::to_string(to.port),
                    .target = {}};
    ClientOptions how;
    how.local_address = to.local_address;
    how.tls.ca_file = to.ca_file;
    how.tls.insecure = to.insecure;
    const auto time =
        std::chrono::ceil<net::Clock::duration>(options.timeout.value_or(kConnectTime));
    Reached reached = reach(place, how, net::Clock::now() + time);
    if (!reached.failure.error.empty()) {
        check(loop_->hub.connect_failed(socket, reached.failure.error));
        return socket;
    }
    const End remote = end_of(reached.stream.peer());
    check(loop_->hub.connected(socket, remote, end_of(reached.stream.socket().local())));
    loop_->transports.emplace(socket, Loop::Transported{.stream = std::move(reached.stream)});
    loop_->serve(socket);  // the request is on its way
    return socket;
}

std::int64_t WebSockets::send(SocketId socket, std::string_view type, std::string_view message,
                              bool is_final) {
    return checked(loop_->hub.send(socket, type, std::as_bytes(std::span(message)), is_final));
}

std::int64_t WebSockets::send(SocketId socket, int opcode, Bytes message, bool is_final) {
    return checked(loop_->hub.send(socket, opcode, message, is_final));
}

SocketId WebSockets::server(std::string_view host, std::uint16_t port,
                            std::shared_ptr<const net::TlsContext> tls) {
    const net::Resolved resolved = net::resolve(host, port, net::Clock::now() + kResolveTime);
    std::string error = resolved.error;
    for (const net::Endpoint& endpoint : resolved.endpoints) {
        if (auto listener = net::Listener::listen(endpoint, kBacklog, error)) {
            const SocketId id = checked(loop_->hub.server());
            loop_->servers.emplace(
                id, Loop::Listening{.listener = std::move(*listener), .tls = std::move(tls)});
            return id;
        }
    }
    raise({HubErrorKind::bad_argument, "can not listen on " + std::string(host) + ": " + error});
}

std::uint16_t WebSockets::port(SocketId server) const {
    const auto found = loop_->servers.find(server);
    if (found == loop_->servers.end()) {
        raise({HubErrorKind::unknown_socket, "no such server was registered"});
    }
    return found->second.listener.port();
}

void WebSockets::live(SocketId server, std::string_view path, Handler handler,
                      std::string_view proto) {
    const HandlerId kept = loop_->keep(std::move(handler));
    if (const HubError error = loop_->hub.live(server, path, kept, proto)) {
        loop_->handlers.erase(kept);
        raise(error);
    }
}

SocketId WebSockets::attach(net::Stream stream) {
    return loop_->attach(std::move(stream));
}

TestResult WebSockets::test(SocketId server, SocketId socket, std::string_view path,
                            std::span<const Field> headers, std::string_view query) {
    return checked(loop_->hub.test(server, socket, path, headers, query));
}

void WebSockets::upgrade(SocketId socket, Bytes already_read) {
    check(loop_->hub.upgrade(socket));
    loop_->begin(socket, already_read);
}

void WebSockets::takeover(SocketId socket, Handler handler, bool is_server, Bytes already_read) {
    const HandlerId kept = loop_->keep(std::move(handler));
    if (const HubError error = loop_->hub.takeover(socket, kept, is_server)) {
        loop_->handlers.erase(kept);
        raise(error);
    }
    loop_->own_handlers.emplace(socket, kept);
    loop_->begin(socket, already_read);
}

std::string WebSockets::conninfo(SocketId socket, std::string_view what) const {
    return checked(loop_->hub.conninfo(socket, what));
}

std::vector<SocketId> WebSockets::find(std::string_view host, std::string_view port) const {
    return checked(loop_->hub.find(host, port));
}

void WebSockets::configure(SocketId socket, std::span<const std::string_view> options) {
    loop_->hub.tick(now());
    check(loop_->hub.configure(socket, options));
}

std::string WebSockets::loglevel(std::string_view level) {
    return checked(loop_->hub.loglevel(level));
}

void WebSockets::close(SocketId socket, CloseCode code, std::string_view reason) {
    loop_->hub.tick(now());
    check(loop_->hub.close(socket, code, reason));
}

bool WebSockets::poll(net::Deadline deadline, const net::Interrupt* interrupt) {
    loop_->poll(deadline, interrupt);
    return loop_->has_work();
}

void WebSockets::run(const net::Interrupt* interrupt) {
    while (poll(net::Deadline::max(), interrupt) &&
           (interrupt == nullptr || !interrupt->is_triggered())) {
    }
}

void WebSockets::shut_down(SocketId server) {
    if (loop_->servers.erase(server) == 0) {
        raise({HubErrorKind::unknown_socket, "no such server was registered"});
    }
    loop_->hub.drop(server);
}

void WebSockets::stop(std::chrono::milliseconds time) {
    loop_->stop(net::Clock::now() + time);
}

Hub& WebSockets::hub() noexcept {
    return loop_->hub;
}

}  // namespace wsproof::runtime
