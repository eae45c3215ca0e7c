// Streams: connect, read, write, and the ways to end one.
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <wsproof/net/socket.hpp>

#include "address.hpp"
#include "poll.hpp"

namespace wsproof::net {

namespace {

Status status_of(int error) {
    switch (error) {
        case EAGAIN:
            return Status::timed_out;
        case ECONNRESET:
        case EPIPE:
        case ECONNABORTED:
            return Status::reset;
        case ECONNREFUSED:
            return Status::refused;
        case EHOSTUNREACH:
        case ENETUNREACH:
        case EADDRNOTAVAIL:
            return Status::unreachable;
        case ETIMEDOUT:
            return Status::timed_out;
        default:
            return Status::failed;
    }
}

// repeat does `call` until it transfers, fails for good or the deadline passes.
template <typename Call>
Result repeat(int fd, std::int16_t events, Deadline deadline, const Interrupt* interrupt,
              Call call) {
    while (true) {
        const Result result = call();
        if (result.status != Status::timed_out || result.error != EAGAIN) {
            return result;
        }
        const Status ready = wait_for(fd, events, deadline, interrupt);
        if (ready != Status::ok) {
            return {.status = ready};
        }
    }
}

Result result_of(ssize_t transferred) {
    if (transferred >= 0) {
        return {.status = Status::ok, .size = static_cast<std::size_t>(transferred)};
    }
    return {.status = status_of(errno), .error = errno};
}

bool bind_to(int fd, const Endpoint& local) {
    const sockaddr_storage storage = storage_of(local);
    return ::bind(fd, reinterpret_cast<const sockaddr*>(&storage),
                  static_cast<socklen_t>(local.address.size())) == 0;
}

// end_of asks the system for the address of one end.
Endpoint end_of(int fd, int (*ask)(int, sockaddr*, socklen_t*)) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (ask(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) {
        return {};
    }
    Endpoint endpoint;
    endpoint.address.resize(size);
    std::memcpy(endpoint.address.data(), &storage, size);
    return endpoint;
}

// unless_to_itself: TCP joins a port to itself where a connection to a free port of this machine is
// given that very port for its own end. Nobody listens there. Ended by RST, which frees the port.
Connected unless_to_itself(Socket socket, const Endpoint& endpoint) {
    const Endpoint local = socket.local_endpoint();
    if (local.port() != endpoint.port() || local.address != socket.peer_endpoint().address) {
        return {.socket = std::move(socket), .result = {}};
    }
    socket.reset();
    return {.socket = {}, .result = {.status = Status::refused, .error = ECONNREFUSED}};
}

}  // namespace

std::string_view name(Status status) noexcept {
    switch (status) {
        case Status::ok:
            return "ok";
        case Status::end_of_stream:
            return "end of stream";
        case Status::reset:
            return "connection reset";
        case Status::timed_out:
            return "timed out";
        case Status::interrupted:
            return "interrupted";
        case Status::refused:
            return "connection refused";
        case Status::unreachable:
            return "unreachable";
        case Status::truncated:
            return "end of stream without TLS close_notify";
        case Status::tls_failed:
            return "TLS failed";
        case Status::failed:
            return "failed";
    }
    return "";
}

Socket::Socket(int fd) noexcept : fd_(fd) {
    const int flags = ::fcntl(fd_, F_GETFL);
    ::fcntl(fd_, F_SETFL, flags | O_NONBLOCK);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Socket::Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

Socket::~Socket() {
    close();
}

bool Socket::is_open() const noexcept {
    return fd_ >= 0;
}

int Socket::fd() const noexcept {
    return fd_;
}

Result Socket::try_read(std::span<std::byte> out) {
    ssize_t size = 0;
    do {
        size = ::recv(fd_, out.data(), out.size(), 0);
    } while (size < 0 && errno == EINTR);
    Result result = result_of(size);
    if (size == 0 && !out.empty()) {
        result.status = Status::end_of_stream;
    }
    return result;
}

Result Socket::try_write(std::span<const std::byte> in) {
    ssize_t size = 0;
    do {
        size = ::send(fd_, in.data(), in.size(), MSG_NOSIGNAL);
    } while (size < 0 && errno == EINTR);
    return result_of(size);
}

Result Socket::read(std::span<std::byte> out, Deadline deadline, const Interrupt* interrupt) {
    return repeat(fd_, POLLIN, deadline, interrupt, [&] { return try_read(out); });
}

Result Socket::write(std::span<const std::byte> in, Deadline deadline, const Interrupt* interrupt) {
    return repeat(fd_, POLLOUT, deadline, interrupt, [&] { return try_write(in); });
}

Result Socket::write(std::span<const std::span<const std::byte>> pieces, Deadline deadline,
                     const Interrupt* interrupt) {
    constexpr std::size_t kMost = 64;  // far below IOV_MAX; more would only copy pointers
    static_assert(kMost <= IOV_MAX);
    std::array<iovec, kMost> vectors;
    const std::size_t count = std::min(pieces.size(), kMost);
    for (std::size_t i = 0; i < count; ++i) {
        vectors[i] = {.iov_base = const_cast<std::byte*>(pieces[i].data()),
                      .iov_len = pieces[i].size()};
    }
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    return repeat(fd_, POLLOUT, deadline, interrupt, [&] {
        ssize_t size = 0;
        do {
            size = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
        } while (size < 0 && errno == EINTR);
        return result_of(size);
    });
}

void Socket::shut_down_write() noexcept {
    if (is_open()) {
        ::shutdown(fd_, SHUT_WR);
    }
}

void Socket::reset() noexcept {
    if (is_open()) {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close();
    }
}

void Socket::close() noexcept {
    if (is_open()) {
        ::close(std::exchange(fd_, -1));
    }
}

void Socket::set_receive_buffer(int bytes) noexcept {
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

std::string Socket::peer() const {
    return peer_endpoint().to_string();
}

std::string Socket::local() const {
    return local_endpoint().to_string();
}

Endpoint Socket::peer_endpoint() const {
    return end_of(fd_, ::getpeername);
}

Endpoint Socket::local_endpoint() const {
    return end_of(fd_, ::getsockname);
}

Connected connect(const Endpoint& endpoint, Deadline deadline, const Interrupt* interrupt,
                  const Endpoint* local) {
    const sockaddr_storage storage = storage_of(endpoint);
    const int fd = ::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return {.socket = {}, .result = {.status = status_of(errno), .error = errno}};
    }
    Socket socket(fd);
    if (local != nullptr && !bind_to(fd, *local)) {
        return {.socket = {}, .result = {.status = status_of(errno), .error = errno}};
    }
    const auto* address = reinterpret_cast<const sockaddr*>(&storage);
    if (::connect(fd, address, static_cast<socklen_t>(endpoint.address.size())) == 0) {
        return unless_to_itself(std::move(socket), endpoint);
    }
    if (errno != EINPROGRESS && errno != EINTR) {
        return {.socket = {}, .result = {.status = status_of(errno), .error = errno}};
    }
    if (const Status ready = wait_for(fd, POLLOUT, deadline, interrupt); ready != Status::ok) {
        return {.socket = {}, .result = {.status = ready}};
    }
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        return {.socket = {}, .result = {.status = status_of(error), .error = error}};
    }
    return unless_to_itself(std::move(socket), endpoint);
}

Connected connect(std::span<const Endpoint> endpoints, Deadline deadline,
                  const Interrupt* interrupt, const Endpoint* local) {
    Connected last{.socket = {}, .result = {.status = Status::unreachable}};
    for (const Endpoint& endpoint : endpoints) {
        last = connect(endpoint, deadline, interrupt, local);
        if (last.result.status == Status::ok || last.result.status == Status::interrupted) {
            break;
        }
    }
    return last;
}

void fill_random(std::span<std::byte> out) noexcept {
    while (!out.empty()) {
        const ssize_t size = ::getrandom(out.data(), out.size(), 0);
        if (size > 0) {
            out = out.subspan(static_cast<std::size_t>(size));
        }
    }
}

}  // namespace wsproof::net
