#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <wsproof/net/socket.hpp>

#include "address.hpp"
#include "poll.hpp"

namespace wsproof::net {

namespace {

// is_of_one_connection: accept() also reports what went wrong with the connection it would have
// returned. That one is gone; the next may be there.
bool is_of_one_connection(int error) {
    switch (error) {
        case EINTR:
        case ECONNABORTED:
        case EPROTO:
        case ENETDOWN:
        case ENOPROTOOPT:
        case EHOSTDOWN:
        case ENONET:
        case EHOSTUNREACH:
        case ENETUNREACH:
        case EPERM:  // a firewall's rule
        case ETIMEDOUT:
            return true;
        default:
            return false;
    }
}

bool is_lack_of_resources(int error) {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Listener::Listener(Listener&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Listener& Listener::operator=(Listener&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

Listener::~Listener() {
    close();
}

std::optional<Listener> Listener::listen(const Endpoint& endpoint, int backlog,
                                         std::string& error) {
    const sockaddr_storage storage = storage_of(endpoint);
    Listener listener;
    listener.fd_ = ::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener.fd_ < 0) {
        error = std::strerror(errno);
        return std::nullopt;
    }
    const int on = 1;
    ::setsockopt(listener.fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(listener.fd_, reinterpret_cast<const sockaddr*>(&storage),
               static_cast<socklen_t>(endpoint.address.size())) != 0 ||
        ::listen(listener.fd_, backlog) != 0) {
        error = std::strerror(errno);
        return std::nullopt;
    }
    return listener;
}

Connected Listener::accept(Deadline deadline, const Interrupt* interrupt) {
    constexpr auto kPause = std::chrono::milliseconds(50);
    while (true) {
        const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd >= 0) {
            return {.socket = Socket(fd), .result = {}};
        }
        const int error = errno;
        if (is_of_one_connection(error)) {
            continue;
        }
        if (!is_lack_of_resources(error) && error != EAGAIN) {
            return {.socket = {}, .result = {.status = Status::failed, .error = error}};
        }
        // The listener stays readable while resources lack: wait for some to be free, not for it.
        const bool is_idle = error == EAGAIN;
        const Deadline until = is_idle ? deadline : std::min(deadline, Clock::now() + kPause);
        const Status ready = wait_for(is_idle ? fd_ : -1, POLLIN, until, interrupt);
        if (ready != Status::ok && (ready != Status::timed_out || Clock::now() >= deadline)) {
            return {.socket = {}, .result = {.status = ready, .error = is_idle ? 0 : error}};
        }
    }
}

Endpoint Listener::endpoint() const {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    Endpoint endpoint;
    if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&storage), &size) == 0) {
        endpoint.address.resize(size);
        std::memcpy(endpoint.address.data(), &storage, size);
    }
    return endpoint;
}

std::uint16_t Listener::port() const noexcept {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&storage), &size) != 0) {
        return 0;
    }
    // sin_port and sin6_port stand at the same offset.
    sockaddr_in address{};
    std::memcpy(&address, &storage, sizeof address);
    return ntohs(address.sin_port);
}

void Listener::close() noexcept {
    if (fd_ >= 0) {
        ::close(std::exchange(fd_, -1));
    }
}

}  // namespace wsproof::net
