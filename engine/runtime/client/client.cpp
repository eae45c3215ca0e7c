#include <algorithm>
#include <limits>
#include <utility>
#include <variant>

#include "client_impl.hpp"

namespace wsproof::runtime {

namespace {

// A peer that takes nothing is the caller's to give up, with a deadline.
constexpr std::chrono::hours kWriteTime{24};

std::size_t message_size_max(const Limits& limits) {
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(limits.message, std::numeric_limits<std::size_t>::max()));
}

Options without_handshake_timer(Options options) {
    options.timers.handshake.reset();
    return options;
}

}  // namespace

std::string_view Received::text() const noexcept {
    return {reinterpret_cast<const char*>(message.payload.data()), message.payload.size()};
}

Client::Impl::Impl(net::Stream stream, const Request& request, const ClientOptions& options)
    : interrupt(options.interrupt),
      kept_max(options.engine.limits.message),
      pump(std::move(stream),
           Connection::client(request, without_handshake_timer(options.engine), entropy, now()),
           kWriteTime),
      reader(message_size_max(options.engine.limits)) {}

Outcome Client::Impl::drive(net::Deadline deadline, const std::function<bool()>& is_done) {
    while (true) {
        pump.connection().tick(now());
        take_events();
        pump.write_output();
        if (closed || !pump.follow_transport() || pump.is_stuck()) {
            finish();
            return is_done() ? Outcome::ok : Outcome::closed;
        }
        if (is_done()) {
            return Outcome::ok;
        }
        const net::Status ready = pump.wait(deadline, interrupt, has_room());
        if (ready == net::Status::interrupted) {
            return Outcome::interrupted;
        }
        // What was read counts, even if it came at the last moment.
        const bool can_go_on = pump.has_input() && has_room();
        if (!can_go_on && net::Clock::now() >= deadline) {
            return Outcome::timed_out;
        }
    }
}

// settle goes on behind a call on the engine. wrong_state: a Close went or came, and the end is
// waited for.
Outcome Client::Impl::settle(Error error, net::Deadline deadline,
                             const std::function<bool()>& is_done) {
    if (error == Error::wrong_state) {
        return drive(deadline, [] { return false; });
    }
    return error == Error::none ? drive(deadline, is_done) : Outcome::refused;
}

// has_room: what the caller does not fetch bounds what is read.
bool Client::Impl::has_room() const noexcept {
    return is_closing || inbox.empty() || inbox_size < kept_max;
}

void Client::Impl::take_events() {
    while (has_room()) {
        const auto event = pump.next();
        if (!event) {
            return;
        }
        take_event(*event);
    }
}

void Client::Impl::take_event(const Event& event) {
    if (const auto* opened = std::get_if<Opened>(&event)) {
        is_open = true;
        subprotocol = opened->subprotocol;
    } else if (const auto* refused = std::get_if<Refused>(&event)) {
        refusal = refused->status;
    } else if (const auto* piece = std::get_if<MessageData>(&event)) {
        take(*piece);
    } else if (const auto* pong = std::get_if<Pong>(&event)) {
        has_pong = has_pong || (awaited_pong && std::ranges::equal(pong->payload, *awaited_pong));
    } else if (const auto* close = std::get_if<CloseReceived>(&event)) {
        close_reason = close->reason;
    } else if (const auto* over = std::get_if<Closed>(&event)) {
        closed = {
            .clean = over->clean, .code = over->code, .reason = close_reason, .error = over->error};
    }
}

void Client::Impl::take(const MessageData& piece) {
    if (is_closing) {
        return;
    }
    if (reader.add(piece) != Error::none) {
        pump.connection().abort(CloseCode::message_too_big);
    } else if (const auto& message = reader.message()) {
        inbox.push_back(
            {.type = message->type, .payload = {message->payload.begin(), message->payload.end()}});
        inbox_size += message->payload.size();
    }
}

// finish ends TCP; how the connection ended is the engine's to say, if it has not already.
void Client::Impl::finish() {
    pump.end();
    while (const auto event = pump.next()) {
        take_event(*event);
    }
    if (!closed) {
        closed.emplace();
    }
    pump.stream().close();
}

Client::Client(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Client::Client(Client&& other) noexcept = default;
Client& Client::operator=(Client&& other) noexcept = default;
Client::~Client() = default;

Outcome Client::send(std::string_view text, net::Deadline deadline) {
    return send(MessageType::text, std::as_bytes(std::span(text)), deadline);
}

Outcome Client::send(MessageType type, Bytes payload, net::Deadline deadline, SendOptions options) {
    Connection& connection = impl_->pump.connection();
    Error error = connection.send(type, Payload::copy(payload), options);
    if (error == Error::output_full) {
        const Outcome outcome = impl_->drive(deadline, [&] { return connection.queued() == 0; });
        if (outcome != Outcome::ok) {
            return outcome;
        }
        error = connection.send(type, Payload::copy(payload), options);
    }
    return impl_->settle(error, deadline, [&] { return connection.queued() == 0; });
}

Received Client::receive(net::Deadline deadline) {
    Impl& impl = *impl_;
    if (impl.inbox.empty()) {
        const Outcome outcome = impl.drive(deadline, [&] { return !impl.inbox.empty(); });
        if (outcome != Outcome::ok) {
            return {.outcome = outcome};
        }
    }
    impl.delivered = std::move(impl.inbox.front());
    impl.inbox.pop_front();
    impl.inbox_size -= impl.delivered.payload.size();
    return {.message = {.type = impl.delivered.type, .payload = impl.delivered.payload}};
}

Outcome Client::ping(Bytes payload, net::Deadline deadline) {
    Impl& impl = *impl_;
    impl.awaited_pong.emplace(payload.begin(), payload.end());
    impl.has_pong = false;
    const Outcome outcome =
        impl.settle(impl.pump.connection().ping(payload), deadline, [&] { return impl.has_pong; });
    impl.awaited_pong.reset();
    return outcome;
}

Outcome Client::close(net::Deadline deadline, CloseCode code, std::string_view reason) {
    Impl& impl = *impl_;
    // wrong_state: the peer was first, or this is not the first call.
    const Error error = impl.pump.connection().close(code, reason);
    if (error != Error::none && error != Error::wrong_state) {
        return Outcome::refused;
    }
    impl.is_closing = true;
    impl.inbox.clear();
    impl.inbox_size = 0;
    return impl.drive(deadline, [&] { return impl.closed.has_value(); });
}

const std::optional<CloseInfo>& Client::closed() const noexcept {
    return impl_->closed;
}

const std::string& Client::subprotocol() const noexcept {
    return impl_->subprotocol;
}

std::string Client::peer() const {
    return impl_->pump.stream().peer();
}

std::string Client::local() const {
    return impl_->pump.stream().socket().local();
}

const Stats& Client::stats() const noexcept {
    return impl_->pump.connection().stats();
}

}  // namespace wsproof::runtime
