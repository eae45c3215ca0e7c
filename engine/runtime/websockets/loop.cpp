// The poll loop: bytes between transports and the Hub, and events to handlers.
#include <algorithm>
#include <exception>
#include <utility>

#include "websockets_impl.hpp"

namespace wsproof::runtime {
namespace {

constexpr auto kConnectTime = std::chrono::seconds(30);

net::Deadline clock_time(Time time) {
    return net::Deadline(std::chrono::duration_cast<net::Clock::duration>(time.time_since_epoch()));
}

// end_of splits "127.0.0.1:80" and "[::1]:80".
End end_of(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) {
        return {};
    }
    std::string address = text.substr(0, colon);
    if (address.starts_with('[')) {
        address = address.substr(1, address.size() - 2);
    }
    return {{}, address, static_cast<std::uint16_t>(std::stoul(text.substr(colon + 1)))};
}

}  // namespace

void WebSockets::Impl::connect(SocketId id, const OpenOptions& options) {
    const net::Deadline deadline =
        net::Clock::now() +
        std::chrono::duration_cast<net::Clock::duration>(options.timeout.value_or(kConnectTime));
    const Destination where = hub.destination(id).value;
    const auto fail = [&](const std::string& why) {
        static_cast<void>(hub.connect_failed(id, why));
    };
    std::optional<net::Endpoint> local;
    if (!where.local_address.empty()) {
        const net::Resolved resolved = net::resolve(where.local_address, 0, deadline);
        if (resolved.endpoints.empty()) {
            return fail("-myaddr: " + resolved.error);
        }
        local = resolved.endpoints.front();
    }
    const net::Resolved resolved = net::resolve(where.host, where.port, deadline);
    if (resolved.endpoints.empty()) {
        return fail(resolved.error);
    }
    net::Connected connected =
        net::connect(resolved.endpoints, deadline, nullptr, local ? &*local : nullptr);
    if (connected.result.status != net::Status::ok) {
        return fail(std::string(net::name(connected.result.status)));
    }
    const End remote = end_of(connected.socket.peer());
    const End our_end = end_of(connected.socket.local());
    net::Stream stream;
    if (where.tls) {
        std::string error;
        const auto context = net::TlsContext::client(
            {.ca_file = std::string(where.ca_file), .insecure = where.insecure}, error);
        if (context == nullptr) {
            return fail(error);
        }
        stream = net::Stream(std::move(connected.socket), context, std::string(where.host));
    } else {
        stream = net::Stream(std::move(connected.socket));
    }
    static_cast<void>(hub.connected(id, remote, our_end));
    transports[id].stream = std::move(stream);
}

bool WebSockets::Impl::has_work() const {
    return !transports.empty() || !servers.empty();
}

void WebSockets::Impl::wait(net::Deadline deadline, const net::Interrupt* interrupt) {
    std::vector<net::Interest> interests;
    std::vector<SocketId> ids;
    for (auto& [id, transport] : transports) {
        interests.push_back({.stream = &transport.stream,
                             .read = !transport.input_has_ended,
                             .write = !transport.output_has_ended && !hub.output(id).empty()});
        ids.push_back(id);
    }
    for (auto& [id, server] : servers) {
        interests.push_back({.listener = &server.listener, .read = true});
    }
    if (const auto due = hub.deadline()) {
        deadline = std::min(deadline, clock_time(*due));
    }
    const net::Status status = net::wait(interests, deadline, interrupt);
    hub.tick(now());
    if (status != net::Status::ok) {
        return;
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (interests[i].readable || interests[i].writable) {
            move(ids[i]);
        }
    }
    accept_all();
}

void WebSockets::Impl::accept_all() {
    for (auto& [id, server] : servers) {
        for (;;) {
            net::Connected accepted = server.listener.accept(net::Deadline::min());
            if (accepted.result.status != net::Status::ok) {
                break;
            }
            const auto attached =
                hub.attach(end_of(accepted.socket.peer()), end_of(accepted.socket.local()));
            if (!attached || hub.accept(id, attached.value)) {
                continue;  // no memory for it: TCP ends with the socket
            }
            transports[attached.value].stream =
                server.tls ? net::Stream(std::move(accepted.socket), server.tls)
                           : net::Stream(std::move(accepted.socket));
        }
    }
}

void WebSockets::Impl::move(SocketId id) {
    const auto found = transports.find(id);
    if (found == transports.end()) {
        return;
    }
    read(id, found->second);
    write(id, found->second);
    follow(id);
}

void WebSockets::Impl::read(SocketId id, Transport& transport) {
    if (transport.input_has_ended) {
        return;
    }
    const net::Result result = transport.stream.try_read(buffer);
    if (result.status == net::Status::ok) {
        dispatch(id, MutableBytes(buffer).first(result.size));
    } else if (result.status != net::Status::timed_out) {
        fail(id, transport, result);
    }
}

void WebSockets::Impl::write(SocketId id, Transport& transport) {
    while (!transport.output_has_ended && !hub.output(id).empty()) {
        const net::Result result = transport.stream.write(hub.output(id), net::Deadline::min());
        if (result.status == net::Status::timed_out) {
            return;
        }
        if (result.status != net::Status::ok) {
            return fail(id, transport, result);
        }
        hub.consume(id, result.size);
    }
}

// fail: the transport has ended, or never came to be what it should.
void WebSockets::Impl::fail(SocketId id, Transport& transport, const net::Result& result) {
    transport.input_has_ended = true;
    if (result.status != net::Status::end_of_stream) {
        transport.output_has_ended = true;
    }
    if (result.status == net::Status::tls_failed &&
        !hub.connect_failed(id, "TLS: " + transport.stream.tls_error())) {
        return;  // which is told as the reason
    }
    hub.end_of_input(id);
    dispatch(id, {});
}

// follow does what the Hub wants done with the transport once there is nothing left to write.
void WebSockets::Impl::follow(SocketId id) {
    const auto found = transports.find(id);
    if (found == transports.end()) {
        return;
    }
    Transport& transport = found->second;
    const bool is_done = transport.output_has_ended || hub.output(id).empty();
    if (!is_done || hub.transport(id) == wsproof::Transport::keep) {
        return;
    }
    if (hub.transport(id) == wsproof::Transport::shut_down_write) {
        if (!transport.output_has_ended) {
            transport.stream.shut_down_write();
            transport.output_has_ended = true;
        }
        return;
    }
    dispatch(id, {});
    transport.stream.close();
    transports.erase(found);
    hub.drop(id);
    if (const auto own = opened.find(id); own != opened.end()) {
        handlers.erase(own->second);
        opened.erase(own);
    }
}

void WebSockets::Impl::dispatch(SocketId id, MutableBytes in) {
    while (const auto event = hub.next(id, in)) {
        const auto handler = handlers.find(event->handler);
        if (handler == handlers.end() || !handler->second) {
            continue;
        }
        try {
            handler->second(id, *event);
        } catch (const std::exception& error) {
            hub.log(LogLevel::error, id, std::string("a handler threw: ") + error.what());
        }
    }
}

void WebSockets::Impl::move_ready() {
    hub.tick(now());
    while (const auto id = hub.next_ready()) {
        dispatch(*id, {});
        move(*id);
        if (!transports.contains(*id) && hub.transport(*id) == wsproof::Transport::close) {
            hub.drop(*id);  // it never had a transport
            if (const auto own = opened.find(*id); own != opened.end()) {
                handlers.erase(own->second);
                opened.erase(own);
            }
        }
    }
}

}  // namespace wsproof::runtime
