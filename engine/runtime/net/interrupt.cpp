#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <system_error>
#include <wsproof/net/socket.hpp>

namespace wsproof::net {

Interrupt::Interrupt() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) {
        throw std::system_error(errno, std::generic_category(), "eventfd");
    }
}

Interrupt::~Interrupt() {
    ::close(fd_);
}

// write() to an eventfd is async-signal-safe; the counter is never read back, so it stays readable.
void Interrupt::trigger() noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
}

bool Interrupt::is_triggered() const noexcept {
    std::uint64_t count = 0;
    const bool triggered = ::read(fd_, &count, sizeof count) == sizeof count;
    if (triggered) {
        [[maybe_unused]] const auto written = ::write(fd_, &count, sizeof count);
    }
    return triggered;
}

int Interrupt::fd() const noexcept {
    return fd_;
}

}  // namespace wsproof::net
