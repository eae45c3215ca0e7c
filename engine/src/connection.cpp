// Connection: its life, and its calls handed on, but for next() and send(): those are where their
// usual case is. Wiring only; see connection_impl.hpp.
#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <wsproof/prepared_message.hpp>

#include "close.hpp"
#include "connection_impl.hpp"

namespace wsproof {

Connection::Impl::Impl(Role own_role, const Options& chosen, Entropy& entropy, Time start)
    : role(own_role),
      whole_size_max(std::min(chosen.limits.frame, chosen.limits.message)),
      queue(chosen.output_memory),
      writer(own_role, entropy, chosen.observer, queue, stats.frames_sent),
      options(chosen),
      now(start) {}

void Connection::Impl::move(Signal signal) noexcept {
    const std::optional<State> to = next_state(state, signal);
    if (!to) {
        return;  // cannot happen: callers ask the table before they do what the signal tells of
    }
    state = *to;
    path = Path::steps;
    timers.stop_all();
    switch (state) {
        case State::open:
            was_open = true;
            note_activity();
            return;
        case State::draining:
            is_clean = signal == Signal::got_close || signal == Signal::sent_close;
            timers.start(Timer::close, now, options.timers.close);
            return;
        case State::closing_local:
            timers.start(Timer::close, now, options.timers.close);
            return;
        case State::closed:
            if (queue.size() > 0) {  // what is queued may still go out, but not for ever
                timers.start(Timer::close, now, options.timers.close);
            }
            return;
        case State::closing_remote:
        case State::connecting:
            return;
    }
}

// fail: _Fail the WebSocket Connection_, RFC 6455 §7.1.7. A Close with `code` goes out if one can.
void Connection::Impl::fail(Error why, std::uint64_t offset, CloseCode code) {
    if (!next_state(state, Signal::failed)) {
        return;
    }
    error = why;
    failed_is_pending = Failed{why, offset};
    if (next_state(state, Signal::sent_close) && is_sendable(code)) {
        writer.write_control(Opcode::close, make_close(code, info(why).text).bytes());
    }
    move(Signal::failed);
}

void Connection::Impl::fail(Error why, std::uint64_t offset) {
    fail(why, offset, info(why).close_code);
}

void Connection::Impl::tick(Time time) {
    now = std::max(now, time);
    // First, so that a Timers::close of zero that starts below lets a Close out once.
    if (timers.has_expired(Timer::close, now)) {
        if (error == Error::none && !is_clean) {
            error = Error::close_timeout;
        }
        queue.clear();  // whoever has not taken it by now never will
        timers.stop(Timer::close);
        move(Signal::timed_out);
    }
    if (timers.has_expired(Timer::handshake, now)) {
        fail(Error::handshake_timeout, stats.bytes_received);
    }
    if (timers.has_expired(Timer::pong, now)) {
        fail(Error::pong_timeout, stats.bytes_received);
    }
    if (timers.has_expired(Timer::idle, now)) {
        // One Ping is enough until the peer stirs: a dead peer must not fill the queue.
        timers.stop(Timer::idle);
        writer.write_control(Opcode::ping, {});
        timers.start(Timer::pong, now, options.timers.pong);
    }
    release_idle_memory();
}

// release_idle_memory: sooner, and whoever sends one message at a time would allocate for each.
void Connection::Impl::release_idle_memory() noexcept {
    constexpr Duration kKept = std::chrono::seconds(1);
    if (!output_was_sent || queue.size() > 0 || *output_was_sent > Time::max() - kKept ||
        now < *output_was_sent + kKept) {
        return;
    }
    queue.release_memory();
    output_was_sent.reset();
}

void Connection::Impl::end_of_input() noexcept {
    if (state != State::closed && error == Error::none && !is_clean) {
        error = Error::eof_before_close;
    }
    move(Signal::eof);
}

Error Connection::Impl::run_out_of_memory() noexcept {
    queue.clear();
    if (error == Error::none) {
        error = Error::out_of_memory;
    }
    if (state != State::closed) {
        failed_is_pending = Failed{Error::out_of_memory, stats.bytes_received};
        is_clean = false;
        move(Signal::eof);
    }
    return Error::out_of_memory;
}

Transport Connection::Impl::transport() const noexcept {
    if (state == State::closed) {
        return Transport::close;
    }
    // RFC 6455 §7.1.1: the server closes first, the client waits for it. A server that has answered
    // a handshake with anything but 101 waits for nothing, so that there the client goes first too.
    const bool goes_first = role == Role::server || !was_open;
    return state == State::draining && goes_first ? Transport::shut_down_write : Transport::keep;
}

Connection::Connection(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Connection Connection::client(const Request& request, const Options& options, Entropy& entropy,
                              Time now) {
    auto impl = std::make_unique<Impl>(Role::client, options, entropy, now);
    impl->timers.start(Timer::handshake, now, options.timers.handshake);
    impl->start_client(request, entropy);
    return Connection(std::move(impl));
}

Connection Connection::server(const Options& options, Entropy& entropy, Time now) {
    auto impl = std::make_unique<Impl>(Role::server, options, entropy, now);
    impl->timers.start(Timer::handshake, now, options.timers.handshake);
    impl->server_handshake = std::make_unique<ServerHandshake>(options);
    return Connection(std::move(impl));
}

Connection Connection::adopt(Role role, const Opened& agreed, const Options& options,
                             Entropy& entropy, Time now) {
    auto impl = std::make_unique<Impl>(role, options, entropy, now);
    impl->start_compression(agreed.deflate);
    impl->move(Signal::opened);
    return Connection(std::move(impl));
}

void Connection::tick(Time now) noexcept {
    guarded([&] { impl_->tick(now); }, [&] { static_cast<void>(impl_->run_out_of_memory()); });
}

void Connection::end_of_input() noexcept {
    impl_->end_of_input();
}

Error Connection::accept(std::string_view subprotocol, std::span<const Field> fields) {
    return impl_->or_out_of_memory([&] { return impl_->accept(subprotocol, fields); });
}

Error Connection::reject(int status, std::span<const Field> fields, Bytes body) {
    return impl_->or_out_of_memory([&] { return impl_->reject(status, fields, body); });
}

Error Connection::send(const PreparedMessage& message, Token token) {
    return impl_->or_out_of_memory([&] { return impl_->send(message, token); });
}

Error Connection::begin(MessageType type, SendOptions options) {
    return impl_->begin(type, options);
}

Error Connection::append(const Payload& payload) {
    const Outgoing out{payload.bytes_, payload.writable_, payload.token_, payload.borrowed_};
    return impl_->or_out_of_memory([&] { return impl_->append(out); });
}

Error Connection::finish() {
    return impl_->or_out_of_memory([&] { return impl_->finish(); });
}

Error Connection::finish(const Payload& payload) {
    const Outgoing out{payload.bytes_, payload.writable_, payload.token_, payload.borrowed_};
    return impl_->or_out_of_memory([&] { return impl_->finish(out); });
}

Error Connection::ping(Bytes payload) {
    return impl_->or_out_of_memory([&] { return impl_->send_control(Opcode::ping, payload); });
}

Error Connection::pong(Bytes payload) {
    return impl_->or_out_of_memory([&] { return impl_->send_control(Opcode::pong, payload); });
}

Error Connection::close(CloseCode code, std::string_view reason) {
    return impl_->or_out_of_memory([&] { return impl_->close(code, reason); });
}

void Connection::abort(CloseCode code) noexcept {
    guarded([&] { impl_->fail(Error::aborted, impl_->stats.bytes_received, code); },
            [&] { static_cast<void>(impl_->run_out_of_memory()); });
}

std::span<const Bytes> Connection::output() noexcept {
    return guarded([&] { return impl_->queue.gather(); },
                   [&] {
                       static_cast<void>(impl_->run_out_of_memory());
                       return std::span<const Bytes>{};
                   });
}

void Connection::consume(std::size_t bytes) noexcept {
    impl_->consume(bytes);
}

std::size_t Connection::write(MutableBytes out) noexcept {
    std::size_t written = 0;
    while (written < out.size() && queued() > 0) {
        const std::size_t before = written;
        for (const Bytes piece : output()) {
            const std::size_t size = std::min(piece.size(), out.size() - written);
            std::copy_n(piece.begin(), size, out.begin() + static_cast<std::ptrdiff_t>(written));
            written += size;
        }
        consume(written - before);
    }
    return written;
}

std::optional<Token> Connection::next_released() noexcept {
    return impl_->queue.next_released();
}

Transport Connection::transport() const noexcept {
    return impl_->transport();
}

std::optional<Time> Connection::deadline() const noexcept {
    return impl_->timers.earliest();
}

Role Connection::role() const noexcept {
    return impl_->role;
}

State Connection::state() const noexcept {
    return impl_->state;
}

Error Connection::error() const noexcept {
    return impl_->error;
}

std::size_t Connection::queued() const noexcept {
    return impl_->queue.size();
}

const Stats& Connection::stats() const noexcept {
    return impl_->stats;
}

}  // namespace wsproof
