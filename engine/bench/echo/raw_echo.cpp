// Sends back what it receives, with no protocol: what an echo costs that nobody can do without. In
// the shape of examples/epoll_echo.cpp: a turn is one recv() and one send().
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <unordered_map>
#include <vector>
#include <wsproof/net/socket.hpp>

using namespace wsproof;

namespace {

struct Peer {
    net::Socket socket;
    std::vector<char> unsent;
};

// send_back returns false if nobody is there any more.
bool send_back(Peer& peer, const char* data, std::size_t size) {
    const ssize_t sent = ::send(peer.socket.fd(), data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        return false;
    }
    const auto rest = static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
    peer.unsent = std::vector<char>(data + rest, data + size);
    return true;
}

bool turn(int epoll, Peer& peer) {
    static std::array<char, std::size_t{64} << 10> buffer;
    const bool was_blocked = !peer.unsent.empty();
    if (was_blocked) {
        const std::vector<char> unsent = std::move(peer.unsent);
        if (!send_back(peer, unsent.data(), unsent.size())) {
            return false;
        }
    } else {
        const ssize_t size = ::recv(peer.socket.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (size <= 0) {
            return size < 0 && (errno == EAGAIN || errno == EINTR);
        }
        if (!send_back(peer, buffer.data(), static_cast<std::size_t>(size))) {
            return false;
        }
    }
    const bool is_blocked = !peer.unsent.empty();
    if (is_blocked == was_blocked) {
        return true;
    }
    epoll_event wanted{.events = is_blocked ? EPOLLOUT : EPOLLIN, .data = {.fd = peer.socket.fd()}};
    return ::epoll_ctl(epoll, EPOLL_CTL_MOD, peer.socket.fd(), &wanted) == 0;
}

}  // namespace

int main() {
    std::string error;
    const auto local = net::resolve("127.0.0.1", 0, net::Deadline::max());
    auto listener = net::Listener::listen(local.endpoints.at(0), 512, error);
    if (!listener) {
        std::cerr << "raw_echo: " << error << '\n';
        return 1;
    }
    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event arrival{.events = EPOLLIN, .data = {.fd = listener->fd()}};
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener->fd(), &arrival);
    std::cout << "listening on tcp://" << listener->endpoint().to_string() << "/\n" << std::flush;
    std::unordered_map<int, Peer> peers;
    for (std::array<epoll_event, 64> ready;;) {
        const auto count = std::max(::epoll_wait(epoll, ready.data(), ready.size(), -1), 0);
        for (const epoll_event& event : std::span(ready).first(static_cast<unsigned>(count))) {
            const auto found = peers.find(event.data.fd);
            if (found != peers.end()) {
                if (!turn(epoll, found->second)) {
                    peers.erase(found);
                }
            } else if (auto in = listener->accept(net::Deadline::min()); in.socket.is_open()) {
                const int fd = arrival.data.fd = in.socket.fd();
                ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &arrival);
                peers.emplace(fd, Peer{std::move(in.socket), {}});
            }
        }
    }
}
