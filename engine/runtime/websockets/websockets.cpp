// The verbs, with exceptions in place of errors.
#include <utility>

#include "websockets_impl.hpp"

namespace wsproof::runtime {
namespace {

constexpr auto kResolveTime = std::chrono::seconds(5);
constexpr int kBacklog = 512;

}  // namespace

void raise(const HubError& error) {
    throw WebSocketError(error.kind, error.text.empty() ? "memory has run out" : error.text);
}

WebSockets::WebSockets(const Options& options, HubLog* log)
    : impl_(std::make_unique<Impl>(options, log)) {}

WebSockets::~WebSockets() = default;

HandlerId WebSockets::Impl::keep(Handler handler) {
    handlers.emplace(last_handler + 1, std::move(handler));
    return ++last_handler;
}

SocketId WebSockets::open(std::string_view url, Handler handler, const OpenOptions& options) {
    impl_->hub.tick(now());
    const HandlerId kept = impl_->keep(std::move(handler));
    const auto opened = impl_->hub.open(url, kept, options);
    if (!opened) {
        impl_->handlers.erase(kept);
        raise(opened.error);
    }
    impl_->opened.emplace(opened.value, kept);
    impl_->connect(opened.value, options);
    return opened.value;
}

std::int64_t WebSockets::send(SocketId socket, std::string_view type, std::string_view message,
                              bool is_final) {
    return checked(impl_->hub.send(socket, type, std::as_bytes(std::span(message)), is_final));
}

SocketId WebSockets::server(std::string_view host, std::uint16_t port,
                            std::shared_ptr<const net::TlsContext> tls) {
    const net::Resolved resolved = net::resolve(host, port, net::Clock::now() + kResolveTime);
    std::string error = resolved.error;
    for (const net::Endpoint& endpoint : resolved.endpoints) {
        if (auto listener = net::Listener::listen(endpoint, kBacklog, error)) {
            const SocketId id = checked(impl_->hub.server());
            impl_->servers.emplace(id, Impl::Server{std::move(*listener), std::move(tls)});
            return id;
        }
    }
    throw WebSocketError(HubErrorKind::bad_argument,
                         "can not listen on " + std::string(host) + ": " + error);
}

std::uint16_t WebSockets::port(SocketId server) const {
    const auto found = impl_->servers.find(server);
    if (found == impl_->servers.end()) {
        throw WebSocketError(HubErrorKind::unknown_socket, "no such server was registered");
    }
    return found->second.listener.port();
}

void WebSockets::live(SocketId server, std::string_view path, Handler handler,
                      std::string_view proto) {
    const HandlerId kept = impl_->keep(std::move(handler));
    if (const HubError error = impl_->hub.live(server, path, kept, proto)) {
        impl_->handlers.erase(kept);
        raise(error);
    }
}

std::string WebSockets::conninfo(SocketId socket, std::string_view what) const {
    return checked(impl_->hub.conninfo(socket, what));
}

std::vector<SocketId> WebSockets::find(std::string_view host, std::string_view port) const {
    return checked(impl_->hub.find(host, port));
}

void WebSockets::configure(SocketId socket, std::span<const std::string_view> options) {
    impl_->hub.tick(now());
    check(impl_->hub.configure(socket, options));
}

std::string WebSockets::loglevel(std::string_view level) {
    return checked(impl_->hub.loglevel(level));
}

void WebSockets::close(SocketId socket, CloseCode code, std::string_view reason) {
    impl_->hub.tick(now());
    check(impl_->hub.close(socket, code, reason));
}

bool WebSockets::poll(net::Deadline deadline, const net::Interrupt* interrupt) {
    impl_->move_ready();
    if (impl_->has_work()) {
        impl_->wait(deadline, interrupt);
        impl_->move_ready();
    }
    return impl_->has_work();
}

void WebSockets::run(const net::Interrupt* interrupt) {
    while (poll(net::Deadline::max(), interrupt) &&
           (interrupt == nullptr || !interrupt->is_triggered())) {
    }
}

void WebSockets::shut_down(SocketId server) {
    if (impl_->servers.erase(server) == 0) {
        throw WebSocketError(HubErrorKind::unknown_socket, "no such server was registered");
    }
    impl_->hub.drop(server);
}

Hub& WebSockets::hub() noexcept {
    return impl_->hub;
}

}  // namespace wsproof::runtime
