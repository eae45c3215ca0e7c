#include "loop.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <exception>
#include <string>
#include <utility>

namespace wsproof::runtime {

namespace {

constexpr std::size_t kReadSize = 16U << 10;
constexpr std::chrono::milliseconds kPause{50};

net::Deadline clock_time(Time time) {
    return net::Deadline(std::chrono::duration_cast<net::Clock::duration>(time.time_since_epoch()));
}

}  // namespace

End end_of(const std::string& text) {
    End end;
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) {
        return end;
    }
    end.address = text.substr(0, colon);
    if (end.address.starts_with('[')) {
        end.address = end.address.substr(1, end.address.size() - 2);
    }
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), end.port);
    return end;
}

void raise(const HubError& error) {
    throw WebSocketError(error.kind, error.text.empty() ? "memory has run out" : error.text);
}

WebSockets::Loop::Loop(const Options& options, HubLog* log, const WebSocketsBounds& chosen)
    : bounds(chosen),
      output_queue(options.limits.output_queue),
      hub(options, entropy, now(), log) {}

HandlerId WebSockets::Loop::keep(Handler handler) {
    handlers.emplace(last_handler + 1, std::move(handler));
    return ++last_handler;
}

bool WebSockets::Loop::has_work() const noexcept {
    return !servers.empty() || !transports.empty();
}

WebSockets::Loop::Transported* WebSockets::Loop::find(SocketId socket) noexcept {
    const auto found = transports.find(socket);
    return found == transports.end() ? nullptr : &found->second;
}

SocketId WebSockets::Loop::attach(net::Stream stream) {
    const auto attached = hub.attach(end_of(stream.peer()), end_of(stream.socket().local()));
    if (!attached) {
        raise(attached.error);
    }
    transports.emplace(attached.value,
                       Transported{.stream = std::move(stream), .is_attached = true});
    return attached.value;
}

void WebSockets::Loop::begin(SocketId socket, Bytes already_read) {
    if (Transported* transported = find(socket)) {
        transported->is_attached = false;
        transported->buffer.assign(already_read.begin(), already_read.end());
        transported->input = transported->buffer;
    }
}

void WebSockets::Loop::accept_from(SocketId server, Listening& listening) {
    net::Connected accepted = listening.listener.accept(net::Deadline::min());
    if (accepted.result.status != net::Status::ok) {
        // It stays readable while descriptors or memory lack.
        listening.pause = accepted.result.error != 0 ? net::Clock::now() + kPause : listening.pause;
        return;
    }
    net::Stream stream = listening.tls ? net::Stream(std::move(accepted.socket), listening.tls)
                                       : net::Stream(std::move(accepted.socket));
    SocketId id = 0;
    try {
        id = attach(std::move(stream));
    } catch (const std::exception& error) {
        hub.log(LogLevel::error, server, error.what());
        return;  // no memory: that connection is lost, the next may not be
    }
    if (const HubError error = hub.accept(server, id)) {
        hub.log(LogLevel::error, id, error.text);
        finish(id);
        return;
    }
    begin(id, {});
    find(id)->is_served = true;
    ++served_count;
}

// is_paused: a peer that does not take what it is sent is not listened to.
bool WebSockets::Loop::is_paused(SocketId socket) const noexcept {
    return hub.transport(socket) == Transport::keep && hub.queued(socket) >= output_queue;
}

void WebSockets::Loop::take_events(SocketId socket, MutableBytes& input) {
    while (!is_paused(socket)) {
        const auto event = hub.next(socket, input);
        if (!event) {
            return;
        }
        dispatch(*event);
    }
}

// dispatch calls a handler with views that outlive what it calls.
void WebSockets::Loop::dispatch(const HubEvent& event) {
    const auto found = handlers.find(event.handler);
    if (found == handlers.end() || !found->second) {
        return;
    }
    const std::vector<std::byte> message(event.message.begin(), event.message.end());
    const std::string text(event.text);
    const std::string path(event.path);
    const std::string query(event.query);
    const std::string subprotocol(event.subprotocol);
    HubEvent copy = event;
    copy.message = message;
    copy.text = text;
    copy.path = path;
    copy.query = query;
    copy.subprotocol = subprotocol;
    std::string what;
    try {
        found->second(copy.socket, copy);
        return;
    } catch (const std::exception& error) {
        what = "a handler threw: " + std::string(error.what());
    } catch (...) {
        what = "a handler threw something that is no std::exception";
    }
    hub.log(LogLevel::error, copy.socket, what);
}

void WebSockets::Loop::write_output(SocketId socket, Transported& transported) {
    while (hub.queued(socket) > 0) {
        const auto output = hub.output(socket);
        if (transported.output_has_ended) {
            std::size_t size = 0;
            for (const Bytes piece : output) {
                size += piece.size();
            }
            hub.consume(socket, size);
            continue;
        }
        const net::Result result = transported.stream.write(output, net::Deadline::min());
        if (result.status == net::Status::timed_out && result.error == 0) {
            if (transported.write_by == net::Deadline::max()) {
                transported.write_by = net::Clock::now() + bounds.write;
            }
            return;
        }
        hub.consume(socket, result.size);
        if (result.status != net::Status::ok) {
            // What the peer has said before may still be in the socket.
            transported.output_has_ended = true;
            if (result.status == net::Status::tls_failed) {
                end_input(socket, transported, result.status);
            }
        }
        transported.write_by = net::Deadline::max();
    }
    transported.write_by = net::Deadline::max();
}

bool WebSockets::Loop::follow_transport(SocketId socket, Transported& transported) {
    if (transported.write_by <= net::Clock::now()) {
        return false;
    }
    const Transport wanted = hub.transport(socket);
    if (hub.queued(socket) > 0 || wanted == Transport::keep) {
        return true;
    }
    if (wanted == Transport::close) {
        return false;
    }
    if (!transported.output_has_ended) {
        transported.stream.shut_down_write();  // RFC 6455 §7.1.1: and then to the peer's FIN
        transported.output_has_ended = true;
    }
    return true;
}

// serve does all that can be done for one socket without waiting.
void WebSockets::Loop::serve(SocketId socket) {
    Transported* transported = find(socket);
    if (transported == nullptr) {  // it was never connected
        MutableBytes none;
        take_events(socket, none);
        if (hub.transport(socket) == Transport::close) {
            finish(socket);
        }
        return;
    }
    while (true) {
        take_events(socket, transported->input);
        write_output(socket, *transported);
        if (!follow_transport(socket, *transported)) {
            finish(socket);
            return;
        }
        if (transported->input.empty() || is_paused(socket)) {
            return;
        }
    }
}

// serve_ready answers whether there was anything to do.
bool WebSockets::Loop::serve_ready() {
    bool was_ready = false;
    while (const auto socket = hub.next_ready()) {
        serve(*socket);
        was_ready = true;
    }
    return was_ready;
}

void WebSockets::Loop::read_input(SocketId socket, Transported& transported) {
    transported.buffer.resize(kReadSize);
    const net::Result result = transported.stream.try_read(transported.buffer);
    if (result.status == net::Status::ok) {
        transported.input = MutableBytes(transported.buffer).first(result.size);
    } else if (result.status != net::Status::timed_out || result.error != EAGAIN) {
        end_input(socket, transported, result.status);
    }
}

// end_input: TLS that is not agreed on is a connection that does not come about.
void WebSockets::Loop::end_input(SocketId socket, Transported& transported, net::Status status) {
    transported.input_has_ended = true;
    if (status == net::Status::tls_failed) {
        hub.log(LogLevel::warn, socket, transported.stream.tls_error());
        if (!hub.connect_failed(socket, transported.stream.tls_error())) {
            return;
        }
    }
    hub.end_of_input(socket);
}

// finish ends a transport, and has the handler hear how.
void WebSockets::Loop::finish(SocketId socket) {
    MutableBytes none;
    hub.end_of_input(socket);
    while (const auto event = hub.next(socket, none)) {
        dispatch(*event);
    }
    hub.drop(socket);
    if (Transported* transported = find(socket)) {
        transported->stream.close();
        served_count -= transported->is_served ? 1 : 0;
        transports.erase(socket);
    }
    if (const auto own = own_handlers.find(socket); own != own_handlers.end()) {
        handlers.erase(own->second);
        own_handlers.erase(own);
    }
}

net::Deadline WebSockets::Loop::earliest(net::Deadline deadline) const {
    if (const auto engine = hub.deadline()) {
        deadline = std::min(deadline, clock_time(*engine));
    }
    for (const auto& [id, transported] : transports) {
        deadline = std::min(deadline, transported.write_by);
    }
    for (const auto& [id, listening] : servers) {
        if (listening.pause > net::Clock::now()) {
            deadline = std::min(deadline, listening.pause);
        }
    }
    return deadline;
}

void WebSockets::Loop::wait(net::Deadline deadline, const net::Interrupt* interrupt) {
    std::vector<net::Interest> interests;
    std::vector<SocketId> ids;
    std::vector<SocketId> listening_ids;
    for (auto& [id, transported] : transports) {
        const bool may_read = !transported.is_attached && !transported.input_has_ended &&
                              transported.input.empty() && !is_paused(id);
        interests.push_back(
            {.stream = &transported.stream, .read = may_read, .write = hub.queued(id) > 0});
        ids.push_back(id);
    }
    const auto time = net::Clock::now();
    for (const auto& [id, listening] : servers) {
        const bool has_room = served_count < bounds.connections_max && listening.pause <= time;
        interests.push_back({.listener = &listening.listener, .read = has_room});
        listening_ids.push_back(id);
    }
    static_cast<void>(net::wait(interests, earliest(deadline), interrupt));
    hub.tick(now());
    for (std::size_t i = 0; i < ids.size(); ++i) {
        Transported* transported = find(ids[i]);
        if (transported == nullptr) {
            continue;  // a handler of another one was in between
        }
        if (interests[i].readable) {
            read_input(ids[i], *transported);
        }
        if (interests[i].readable || interests[i].writable ||
            transported->write_by <= net::Clock::now()) {
            serve(ids[i]);
        }
    }
    for (std::size_t i = 0; i < listening_ids.size(); ++i) {
        const auto server = servers.find(listening_ids[i]);
        if (interests[ids.size() + i].readable && server != servers.end()) {
            accept_from(server->first, server->second);
        }
    }
}

void WebSockets::Loop::poll(net::Deadline deadline, const net::Interrupt* interrupt) {
    hub.tick(now());
    const bool was_ready = serve_ready();
    if (has_work()) {
        wait(was_ready ? net::Deadline::min() : deadline, interrupt);
        serve_ready();
    }
}

void WebSockets::Loop::stop(net::Deadline deadline) {
    is_stopping = true;
    for (const auto& [id, listening] : servers) {
        hub.drop(id);
    }
    servers.clear();
    std::vector<SocketId> ids;
    ids.reserve(transports.size());
    for (const auto& [id, transported] : transports) {
        ids.push_back(id);
    }
    for (const SocketId id : ids) {
        const auto state = hub.conninfo(id, "state");
        if (!state || state.value == "CONNECTING" || hub.close(id, CloseCode::going_away)) {
            finish(id);
        }
    }
    while (!transports.empty() && net::Clock::now() < deadline) {
        poll(deadline, nullptr);
    }
    while (!transports.empty()) {
        finish(transports.begin()->first);
    }
    is_stopping = false;
}

}  // namespace wsproof::runtime
