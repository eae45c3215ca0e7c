// Streams: each call goes to the socket, or to the TLS channel over it.
#include <poll.h>

#include <cerrno>
#include <utility>
#include <wsproof/net/stream.hpp>

#include "poll.hpp"
#include "tls_channel.hpp"

namespace wsproof::net {

namespace {

using Piece = std::span<const std::byte>;

// repeat does `call` until it transfers, fails for good or the deadline passes; `events` tells what
// the socket has to become ready for.
template <typename Call, typename Events>
Result repeat(int fd, Deadline deadline, const Interrupt* interrupt, Call call, Events events) {
    while (true) {
        const Result result = call();
        if (result.status != Status::timed_out || result.error != EAGAIN) {
            return result;
        }
        const Status ready = wait_for(fd, events(), deadline, interrupt);
        if (ready != Status::ok) {
            return {.status = ready};
        }
    }
}

const std::string no_error;

}  // namespace

Stream::Stream() noexcept = default;
Stream::Stream(Socket socket) noexcept : socket_(std::move(socket)) {}
Stream::Stream(Socket socket, std::shared_ptr<const TlsContext> context, const std::string& host)
    : socket_(std::move(socket)), tls_(std::make_unique<TlsChannel>(std::move(context), host)) {}
Stream::Stream(Stream&& other) noexcept = default;

Stream& Stream::operator=(Stream&& other) noexcept {
    if (this != &other) {
        close();
        socket_ = std::move(other.socket_);
        tls_ = std::move(other.tls_);
        is_shutting_down_ = other.is_shutting_down_;
    }
    return *this;
}

Stream::~Stream() {
    close();
}

Result Stream::try_handshake() {
    return tls_ ? tls_->handshake(socket_) : Result{};
}

Result Stream::handshake(Deadline deadline, const Interrupt* interrupt) {
    return repeat(
        socket_.fd(), deadline, interrupt, [&] { return try_handshake(); },
        [&] { return tls_->read_events(); });
}

const std::string& Stream::tls_error() const noexcept {
    return tls_ ? tls_->error() : no_error;
}

TlsFault Stream::tls_fault() const noexcept {
    return tls_ ? tls_->fault() : TlsFault::none;
}

Result Stream::try_read(std::span<std::byte> out) {
    return tls_ ? tls_->read(socket_, out) : socket_.try_read(out);
}

Result Stream::try_write(std::span<const std::byte> in) {
    return tls_ ? tls_->write(socket_, std::span<const Piece>(&in, 1)) : socket_.try_write(in);
}

Result Stream::read(std::span<std::byte> out, Deadline deadline, const Interrupt* interrupt) {
    if (!tls_) {
        return socket_.read(out, deadline, interrupt);
    }
    return repeat(
        socket_.fd(), deadline, interrupt, [&] { return tls_->read(socket_, out); },
        [&] { return tls_->read_events(); });
}

Result Stream::write(std::span<const std::byte> in, Deadline deadline, const Interrupt* interrupt) {
    return write(std::span<const Piece>(&in, 1), deadline, interrupt);
}

Result Stream::write(std::span<const Piece> pieces, Deadline deadline, const Interrupt* interrupt) {
    if (!tls_) {
        return socket_.write(pieces, deadline, interrupt);
    }
    return repeat(
        socket_.fd(), deadline, interrupt, [&] { return tls_->write(socket_, pieces); },
        [&] { return tls_->write_events(); });
}

void Stream::shut_down_write() noexcept {
    is_shutting_down_ = tls_ && is_open() && !tls_->close_notify(socket_);
    if (!is_shutting_down_) {
        socket_.shut_down_write();
    }
}

void Stream::reset() noexcept {
    socket_.reset();
}

void Stream::close() noexcept {
    if (tls_ && is_open()) {
        static_cast<void>(tls_->close_notify(socket_));
    }
    socket_.close();
}

std::int16_t Stream::events(bool read, bool write) const noexcept {
    const int wanted = (read ? (tls_ ? tls_->read_events() : POLLIN) : 0) |
                       (write ? (tls_ ? tls_->write_events() : POLLOUT) : 0) |
                       (is_shutting_down_ ? POLLOUT : 0);
    return static_cast<std::int16_t>(wanted);
}

bool Stream::has_buffered() const noexcept {
    return tls_ && tls_->has_buffered();
}

void Stream::take_events(Interest& interest, std::int16_t events) noexcept {
    const bool failed = (events & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    const std::int16_t read_events = tls_ ? tls_->read_events() : std::int16_t{POLLIN};
    const std::int16_t write_events = tls_ ? tls_->write_events() : std::int16_t{POLLOUT};
    interest.readable = interest.read && (failed || has_buffered() || (events & read_events) != 0);
    interest.writable = interest.write && (failed || (events & write_events) != 0);
    if (is_shutting_down_ && (events & POLLOUT) != 0) {
        shut_down_write();
    }
}

}  // namespace wsproof::net
