#include "load.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "../inputs.hpp"

namespace wsproof::bench {

namespace {

constexpr std::size_t kBufferSize = std::size_t{256} << 10;

// recv_some returns 0 if there is nothing yet.
std::size_t recv_some(int fd, char* to, std::size_t room) {
    const ssize_t size = ::recv(fd, to, room, MSG_DONTWAIT);
    if (size == 0) {
        throw std::runtime_error("the server closed the connection");
    }
    if (size < 0 && errno != EAGAIN && errno != EINTR) {
        throw std::runtime_error(std::string("recv: ") + std::strerror(errno));
    }
    return static_cast<std::size_t>(std::max<ssize_t>(size, 0));
}

}  // namespace

Traffic make_traffic(bool is_raw, std::size_t size, std::size_t in_flight) {
    Traffic traffic;
    traffic.is_raw = is_raw;
    traffic.message = make_message(Content::binary, size);
    traffic.frame = make_frame(Content::binary, traffic.message);
    traffic.in_flight = in_flight;
    for (std::size_t i = 0; i < in_flight; ++i) {
        traffic.frames.append(traffic.frame);
    }
    return traffic;
}

Peer::Peer(std::uint16_t port, const Traffic& traffic) : traffic_(traffic) {
    const net::Deadline deadline = net::Clock::now() + std::chrono::seconds(10);
    auto connected = net::connect(net::resolve("127.0.0.1", port, deadline).endpoints, deadline);
    if (connected.result.status != net::Status::ok) {
        throw std::runtime_error("cannot connect");
    }
    socket_ = std::move(connected.socket);
    const int yes = 1;
    ::setsockopt(socket_.fd(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (!traffic_.is_raw) {
        shake_hands();
    }
}

void Peer::shake_hands() {
    const net::Deadline deadline = net::Clock::now() + std::chrono::seconds(10);
    const std::string request = make_request(157);
    const auto sent = socket_.write(std::as_bytes(std::span(request)), deadline);
    std::string response;
    while (sent.status == net::Status::ok && !response.ends_with("\r\n\r\n")) {
        std::array<std::byte, 1> byte{};  // nothing behind the response is to be lost
        if (socket_.read(byte, deadline).status != net::Status::ok) {
            break;
        }
        response.push_back(static_cast<char>(byte[0]));
    }
    if (!response.starts_with("HTTP/1.1 101") || !response.ends_with("\r\n\r\n")) {
        throw std::runtime_error("no WebSocket: " + response);
    }
}

void Peer::fill() {
    unsent_ = traffic_.frames.size();
}

bool Peer::send_some() {
    while (unsent_ > 0) {
        const std::size_t size = std::min(unsent_, traffic_.frames.size() - sent_in_frame_);
        const ssize_t sent = ::send(socket_.fd(), traffic_.frames.data() + sent_in_frame_, size,
                                    MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            return true;
        }
        if (sent < 0) {
            throw std::runtime_error(std::string("send: ") + std::strerror(errno));
        }
        unsent_ -= static_cast<std::size_t>(sent);
        sent_in_frame_ = (sent_in_frame_ + static_cast<std::size_t>(sent)) % traffic_.frame.size();
    }
    return false;
}

std::size_t Peer::receive() {
    static std::array<char, kBufferSize> buffer;
    const std::size_t size = recv_some(socket_.fd(), buffer.data(), buffer.size());
    const std::size_t count =
        traffic_.is_raw ? take_raw(buffer.data(), size) : take_frames(buffer.data(), size);
    unsent_ += count * traffic_.frame.size();
    return count;
}

void Peer::check(const char* data, std::size_t size, const std::string& expected) {
    if (received_ + size > expected.size() ||
        std::memcmp(data, expected.data() + received_, size) != 0) {
        throw std::runtime_error("a wrong echo");
    }
    received_ += size;
}

std::size_t Peer::take_raw(const char* data, std::size_t size) {
    std::size_t count = 0;
    while (size > 0) {
        const std::size_t part = std::min(size, traffic_.frame.size() - received_);
        check(data, part, traffic_.frame);
        data += part;
        size -= part;
        if (received_ == traffic_.frame.size()) {
            received_ = 0;
            ++count;
        }
    }
    return count;
}

void Peer::take_header_byte(unsigned char byte) {
    if (header_read_ == 0) {
        if ((byte & 0x0FU) > 2) {
            throw std::runtime_error("a control frame");
        }
        is_last_frame_ = (byte & 0x80U) != 0;
    } else if (header_read_ == 1) {
        const unsigned form = byte & 0x7FU;
        header_size_ = form < 126 ? 2 : form == 126 ? 4 : 10;
        payload_left_ = form < 126 ? form : 0;
    } else {
        payload_left_ = payload_left_ << 8U | byte;
    }
    ++header_read_;
}

std::size_t Peer::take_frames(const char* data, std::size_t size) {
    std::size_t count = 0;
    while (size > 0) {
        if (header_read_ < header_size_) {
            take_header_byte(static_cast<unsigned char>(*data));
            ++data;
            --size;
        } else {
            const auto part =
                static_cast<std::size_t>(std::min<std::uint64_t>(size, payload_left_));
            check(data, part, traffic_.message);
            data += part;
            size -= part;
            payload_left_ -= part;
        }
        if (header_read_ < header_size_ || payload_left_ > 0) {
            continue;
        }
        header_read_ = 0;
        header_size_ = 2;
        if (is_last_frame_) {
            if (received_ != traffic_.message.size()) {
                throw std::runtime_error("a short echo");
            }
            received_ = 0;
            ++count;
        }
    }
    return count;
}

}  // namespace wsproof::bench
