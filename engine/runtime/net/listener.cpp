#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>
#include <wsproof/net/socket.hpp>

#include "poll.hpp"

namespace wsproof::net {

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
    sockaddr_storage storage{};
    std::memcpy(&storage, endpoint.address.data(),
                std::min(endpoint.address.size(), sizeof storage));
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
    while (true) {
        const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd >= 0) {
            return {.socket = Socket(fd), .result = {}};
        }
        if (errno == ECONNABORTED || errno == EINTR) {
            continue;  // that one is gone; the next may be there
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            // The listener stays readable: without a pause this would spin until a descriptor is
            // free.
            const Deadline pause = std::min(deadline, Clock::now() + std::chrono::milliseconds(50));
            if (interrupt != nullptr && wait_for(-1, 0, pause, interrupt) == Status::interrupted) {
                return {.socket = {}, .result = {.status = Status::interrupted}};
            }
            std::this_thread::sleep_until(pause);
            if (Clock::now() >= deadline) {
                return {.socket = {}, .result = {.status = Status::timed_out}};
            }
            continue;
        }
        if (errno != EAGAIN) {
            return {.socket = {}, .result = {.status = Status::failed, .error = errno}};
        }
        if (const Status ready = wait_for(fd_, POLLIN, deadline, interrupt); ready != Status::ok) {
            return {.socket = {}, .result = {.status = ready}};
        }
    }
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
