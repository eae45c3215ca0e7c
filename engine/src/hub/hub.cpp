// Hub: its life, and its calls handed on. Wiring only; see hub_impl.hpp.
#include <algorithm>
#include <utility>

#include "hub_impl.hpp"

namespace wsproof {
namespace {

// No text: there is no memory for one.
HubError out_of_memory() noexcept {
    return {HubErrorKind::out_of_memory, {}};
}

// guarded_error and guarded_result run what may run out of memory.
template <typename Call>
HubError guarded_error(Call call) noexcept {
    return guarded(call, [] { return out_of_memory(); });
}

template <typename T, typename Call>
HubResult<T> guarded_result(Call call) noexcept {
    return guarded(call, [] { return HubResult<T>{{}, out_of_memory()}; });
}

}  // namespace

HubError hub_error(HubErrorKind kind, std::string text) {
    return {kind, std::move(text)};
}

HubSocket* Hub::Impl::find_socket(SocketId id) const noexcept {
    const auto found = sockets.find(id);
    return found == sockets.end() ? nullptr : found->second.get();
}

HubSocket* Hub::Impl::find_known(SocketId id, HubError& error) const {
    HubSocket* socket = find_socket(id);
    if (socket == nullptr || socket->is_gone) {
        error = hub_error(HubErrorKind::unknown_socket, "there is no such socket");
        return nullptr;
    }
    return socket;
}

HubSocket& Hub::Impl::add(HubSocket::Kind kind) {
    auto socket = std::make_unique<HubSocket>();
    socket->id = last_id + 1;
    socket->kind = kind;
    HubSocket& added = *socket;
    ready.reserve(sockets.size() + 1);  // for make_ready(), in the middle of other things
    sockets.emplace(added.id, std::move(socket));
    last_id = added.id;
    return added;
}

void Hub::Impl::make_ready(HubSocket& socket) {
    if (!socket.is_ready) {
        ready.push_back(socket.id);
        socket.is_ready = true;
    }
}

void Hub::Impl::log(LogLevel its_level, SocketId socket, std::string_view text) const noexcept {
    if (log_sink != nullptr && its_level >= level) {
        log_sink->write(its_level, socket, text);
    }
}

Hub::Hub(const Options& options, Entropy& entropy, Time now, HubLog* log)
    : impl_(std::make_unique<Impl>(options, entropy, now, log)) {}

Hub::~Hub() = default;

HubResult<SocketId> Hub::open(std::string_view url, HandlerId handler,
                              const OpenOptions& options) noexcept {
    return guarded_result<SocketId>([&] { return impl_->open(url, handler, options); });
}

HubResult<std::int64_t> Hub::send(SocketId socket, std::string_view type, Bytes message,
                                  bool is_final) noexcept {
    return guarded_result<std::int64_t>(
        [&] { return impl_->send(socket, type, message, is_final); });
}

HubResult<std::int64_t> Hub::send(SocketId socket, int opcode, Bytes message,
                                  bool is_final) noexcept {
    return guarded_result<std::int64_t>(
        [&] { return impl_->send(socket, opcode, message, is_final); });
}

HubResult<SocketId> Hub::server() noexcept {
    return guarded_result<SocketId>([&]() -> HubResult<SocketId> {
        return {impl_->add(HubSocket::Kind::server).id, {}};
    });
}

HubError Hub::live(SocketId server, std::string_view path, HandlerId handler,
                   std::string_view proto) noexcept {
    return guarded_error([&] { return impl_->live(server, path, handler, proto); });
}

HubResult<SocketId> Hub::attach(const End& remote, const End& local) noexcept {
    return guarded_result<SocketId>([&]() -> HubResult<SocketId> {
        End its_remote = remote;
        End its_local = local;
        HubSocket& socket = impl_->add(HubSocket::Kind::attached);
        socket.remote = std::move(its_remote);
        socket.local = std::move(its_local);
        return {socket.id, {}};
    });
}

HubResult<TestResult> Hub::test(SocketId server, SocketId socket, std::string_view path,
                                std::span<const Field> headers, std::string_view query) noexcept {
    return guarded_result<TestResult>(
        [&] { return impl_->test(server, socket, path, headers, query); });
}

HubError Hub::upgrade(SocketId socket) noexcept {
    return guarded_error([&] { return impl_->upgrade(socket); });
}

HubError Hub::accept(SocketId server, SocketId socket) noexcept {
    return guarded_error([&] { return impl_->accept(server, socket); });
}

HubError Hub::takeover(SocketId socket, HandlerId handler, bool is_server) noexcept {
    return guarded_error([&] { return impl_->takeover(socket, handler, is_server); });
}

HubResult<std::string> Hub::conninfo(SocketId socket, std::string_view what) const noexcept {
    return guarded_result<std::string>([&] { return impl_->conninfo(socket, what); });
}

HubResult<std::vector<SocketId>> Hub::find(std::string_view host,
                                           std::string_view port) const noexcept {
    return guarded_result<std::vector<SocketId>>([&] { return impl_->find(host, port); });
}

HubError Hub::configure(SocketId socket, std::span<const std::string_view> options) noexcept {
    return guarded_error([&] { return impl_->configure(socket, options); });
}

HubError Hub::configure(SocketId socket, const KeepAlive& keep_alive) noexcept {
    return guarded_error([&] { return impl_->configure(socket, keep_alive); });
}

HubResult<KeepAlive> Hub::keep_alive(SocketId socket) const noexcept {
    return guarded_result<KeepAlive>([&]() -> HubResult<KeepAlive> {
        HubError error;
        const HubSocket* known = impl_->find_known(socket, error);
        return known == nullptr ? HubResult<KeepAlive>{{}, error}
                                : HubResult<KeepAlive>{known->keep_alive, {}};
    });
}

HubResult<std::string> Hub::loglevel(std::string_view level) noexcept {
    return guarded_result<std::string>([&] { return impl_->loglevel(level); });
}

HubError Hub::close(SocketId socket, CloseCode code, std::string_view reason) noexcept {
    return guarded_error([&] { return impl_->close(socket, code, reason); });
}

HubResult<Destination> Hub::destination(SocketId socket) const noexcept {
    return guarded_result<Destination>([&]() -> HubResult<Destination> {
        const HubSocket* found = impl_->find_socket(socket);
        if (found == nullptr || found->kind != HubSocket::Kind::client) {
            return {{}, hub_error(HubErrorKind::unknown_socket, "no such socket was opened")};
        }
        return {{found->host, found->port, found->tls, found->local_address, found->ca_file,
                 found->insecure},
                {}};
    });
}

HubError Hub::connected(SocketId socket, const End& remote, const End& local) noexcept {
    return guarded_error([&] { return impl_->connected(socket, remote, local); });
}

HubError Hub::connect_failed(SocketId socket, std::string_view why) noexcept {
    return guarded_error([&] { return impl_->connect_failed(socket, why); });
}

std::optional<HubEvent> Hub::next(SocketId socket, MutableBytes& in) noexcept {
    // A socket without memory for its events is told to be gone, so that nobody waits for it.
    return guarded([&] { return impl_->next(socket, in); },
                   [&]() -> std::optional<HubEvent> {
                       HubSocket* found = impl_->find_socket(socket);
                       if (found == nullptr || found->is_gone) {
                           return std::nullopt;
                       }
                       in = in.last(0);
                       found->connection.reset();
                       impl_->log(LogLevel::error, socket, "memory has run out");
                       return impl_->disconnect(*found);
                   });
}

void Hub::end_of_input(SocketId socket) noexcept {
    HubSocket* found = impl_->find_socket(socket);
    if (found != nullptr && found->connection) {
        found->connection->end_of_input();
    }
}

std::span<const Bytes> Hub::output(SocketId socket) noexcept {
    HubSocket* found = impl_->find_socket(socket);
    if (found == nullptr) {
        return {};
    }
    if (!found->head.empty()) {  // the 101 goes before all frames
        found->head_output[0] = std::as_bytes(std::span(found->head));
        return found->head_output;
    }
    return found->connection ? found->connection->output() : std::span<const Bytes>{};
}

void Hub::consume(SocketId socket, std::size_t bytes) noexcept {
    HubSocket* found = impl_->find_socket(socket);
    if (found == nullptr) {
        return;
    }
    if (!found->head.empty()) {
        found->head.erase(0, std::min(bytes, found->head.size()));
    } else if (found->connection) {
        found->connection->consume(bytes);
    }
}

std::size_t Hub::queued(SocketId socket) const noexcept {
    const HubSocket* found = impl_->find_socket(socket);
    return found == nullptr
               ? 0
               : found->head.size() + (found->connection ? found->connection->queued() : 0);
}

Transport Hub::transport(SocketId socket) const noexcept {
    const HubSocket* found = impl_->find_socket(socket);
    if (found == nullptr || (found->is_gone && !found->connection)) {
        return Transport::close;
    }
    return found->connection ? found->connection->transport() : Transport::keep;
}

void Hub::drop(SocketId socket) noexcept {
    impl_->sockets.erase(socket);
}

void Hub::tick(Time now) noexcept {
    guarded([&] { impl_->tick(now); },
            [&] { impl_->log(LogLevel::error, 0, "memory has run out"); });
}

std::optional<Time> Hub::deadline() const noexcept {
    return impl_->deadline();
}

std::optional<SocketId> Hub::next_ready() noexcept {
    while (!impl_->ready.empty()) {
        const SocketId id = impl_->ready.front();
        impl_->ready.erase(impl_->ready.begin());
        if (HubSocket* socket = impl_->find_socket(id)) {
            socket->is_ready = false;
            return id;
        }
    }
    return std::nullopt;
}

void Hub::log(LogLevel level, SocketId socket, std::string_view text) const noexcept {
    impl_->log(level, socket, text);
}

}  // namespace wsproof
