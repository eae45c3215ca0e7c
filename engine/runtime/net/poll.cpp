#include "poll.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <vector>
#include <wsproof/net/stream.hpp>

namespace wsproof::net {

namespace {

// poll_until polls `items`; the last one is the interrupt's, if there is one.
Status poll_until(std::span<pollfd> items, Deadline deadline, bool has_interrupt) {
    while (true) {
        const Deadline now = Clock::now();
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(std::max(deadline, now) - now).count();
        const auto bounded = std::min<std::int64_t>(left, std::numeric_limits<int>::max());
        const int ready = ::poll(items.data(), items.size(), static_cast<int>(bounded));
        if (has_interrupt && ready > 0 && items.back().revents != 0) {
            return Status::interrupted;
        }
        if (ready > 0) {
            return Status::ok;
        }
        if (ready < 0 && errno != EINTR) {
            return Status::failed;
        }
        if (ready == 0 && Clock::now() >= deadline) {
            return Status::timed_out;
        }
    }
}

}  // namespace

Status wait_for(int fd, std::int16_t events, Deadline deadline, const Interrupt* interrupt) {
    pollfd items[2] = {
        {.fd = fd, .events = events, .revents = 0},
        {.fd = interrupt != nullptr ? interrupt->fd() : -1, .events = POLLIN, .revents = 0}};
    return poll_until(std::span(items, interrupt != nullptr ? 2 : 1), deadline,
                      interrupt != nullptr);
}

Status wait(std::span<Interest> interests, Deadline deadline, const Interrupt* interrupt) {
    std::vector<pollfd> items;
    items.reserve(interests.size() + 1);
    bool is_ready = false;  // without asking the system
    for (const Interest& interest : interests) {
        const Stream* stream = interest.stream;
        const int plain = (interest.read ? POLLIN : 0) | (interest.write ? POLLOUT : 0);
        const int events =
            stream != nullptr ? stream->events(interest.read, interest.write) : plain;
        const int fd = interest.listener != nullptr ? interest.listener->fd()
                       : stream != nullptr          ? stream->socket().fd()
                                                    : interest.socket->fd();
        // poll() reports errors unasked: a socket nobody asks about must not end the wait.
        items.push_back({.fd = events != 0 ? fd : -1,
                         .events = static_cast<std::int16_t>(events),
                         .revents = 0});
        is_ready = is_ready || (stream != nullptr && interest.read && stream->has_buffered());
    }
    if (interrupt != nullptr) {
        items.push_back({.fd = interrupt->fd(), .events = POLLIN, .revents = 0});
    }
    Status status = poll_until(items, is_ready ? Deadline::min() : deadline, interrupt != nullptr);
    if (is_ready && status == Status::timed_out) {
        status = Status::ok;
    }
    for (std::size_t i = 0; i < interests.size(); ++i) {
        if (interests[i].stream != nullptr) {
            interests[i].stream->take_events(interests[i], items[i].revents);
            continue;
        }
        const int failed = items[i].revents & (POLLERR | POLLHUP | POLLNVAL);
        interests[i].readable =
            interests[i].read && (failed != 0 || (items[i].revents & POLLIN) != 0);
        interests[i].writable =
            interests[i].write && (failed != 0 || (items[i].revents & POLLOUT) != 0);
    }
    return status;
}

}  // namespace wsproof::net
