#include "port_probe.hpp"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <wsproof/net/stream.hpp>

namespace wsproof::conformance {

namespace {

constexpr std::chrono::milliseconds kTime{1'000};

}  // namespace

bool speaks_tls(std::span<const net::Endpoint> endpoints, const net::Interrupt& interrupt) {
    const net::Deadline deadline = net::Clock::now() + kTime;
    net::Connected connected = net::connect(endpoints, deadline, &interrupt);
    std::string ignored;
    const auto anybody = net::TlsContext::client({.insecure = true}, ignored);
    if (connected.result.status != net::Status::ok || anybody == nullptr) {
        return false;
    }
    net::Stream stream(std::move(connected.socket), anybody);
    const net::Result result = stream.handshake(deadline, &interrupt);
    // An alert is TLS too: a server may want a name, a version or a certificate of ours.
    return result.status == net::Status::ok || stream.tls_fault() == net::TlsFault::protocol;
}

bool speaks_http(std::span<const net::Endpoint> endpoints, const net::Interrupt& interrupt) {
    const net::Deadline deadline = net::Clock::now() + kTime;
    net::Connected connected = net::connect(endpoints, deadline, &interrupt);
    if (connected.result.status != net::Status::ok) {
        return false;
    }
    constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: wsproof\r\n\r\n";
    std::array<std::byte, 1024> answer;
    const net::Result written =
        connected.socket.write(std::as_bytes(std::span(kRequest)), deadline, &interrupt);
    const net::Result read = connected.socket.read(answer, deadline, &interrupt);
    return written.status == net::Status::ok && read.status == net::Status::ok &&
           std::string_view(reinterpret_cast<const char*>(answer.data()), read.size)
               .starts_with("HTTP/");
}

}  // namespace wsproof::conformance
