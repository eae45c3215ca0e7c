// Interrupt is an eventfd that is written and never read: it stays readable for every thread.
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <wsproof/net/socket.hpp>

#include "poll.hpp"

namespace wsproof::net {

Interrupt::Interrupt() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) {
        throw std::system_error(errno, std::generic_category(), "eventfd");
    }
}

Interrupt::~Interrupt() {
    ::close(fd_);
}

// write() is async-signal-safe. A handler must leave errno as it was.
void Interrupt::trigger() noexcept {
    const int saved = errno;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
    errno = saved;
}

bool Interrupt::is_triggered() const noexcept {
    return wait_for(fd_, POLLIN, Deadline::min(), nullptr) == Status::ok;
}

int Interrupt::fd() const noexcept {
    return fd_;
}

}  // namespace wsproof::net
