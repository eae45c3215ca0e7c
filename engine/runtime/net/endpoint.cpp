// Endpoints and the resolver.
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>
#include <wsproof/net/socket.hpp>

#include "address.hpp"

namespace wsproof::net {

namespace {

Endpoint endpoint_of(const sockaddr* address, std::size_t size) {
    Endpoint endpoint;
    endpoint.address.resize(size);
    std::memcpy(endpoint.address.data(), address, size);
    return endpoint;
}

// look_up blocks for as long as the system's resolver does.
Resolved look_up(const std::string& host, const std::string& service, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int error = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &list);
    Resolved resolved;
    if (error != 0) {
        resolved.error = ::gai_strerror(error);
        return resolved;
    }
    for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
        resolved.endpoints.push_back(endpoint_of(entry->ai_addr, entry->ai_addrlen));
    }
    ::freeaddrinfo(list);
    return resolved;
}

// Lookup outlives resolve() when the resolver is slower than the deadline.
struct Lookup {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<Resolved> result;
};

}  // namespace

std::string Endpoint::to_string() const {
    const sockaddr_storage storage = storage_of(*this);
    char text[INET6_ADDRSTRLEN] = "";
    if (storage.ss_family == AF_INET) {
        sockaddr_in ipv4{};
        std::memcpy(&ipv4, &storage, sizeof ipv4);
        ::inet_ntop(AF_INET, &ipv4.sin_addr, text, sizeof text);
        return std::string(text) + ":" + std::to_string(ntohs(ipv4.sin_port));
    }
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 ipv6{};
        std::memcpy(&ipv6, &storage, sizeof ipv6);
        ::inet_ntop(AF_INET6, &ipv6.sin6_addr, text, sizeof text);
        return "[" + std::string(text) + "]:" + std::to_string(ntohs(ipv6.sin6_port));
    }
    return "?";
}

bool Endpoint::is_loopback() const noexcept {
    const sockaddr_storage storage = storage_of(*this);
    if (storage.ss_family == AF_INET) {
        sockaddr_in ipv4{};
        std::memcpy(&ipv4, &storage, sizeof ipv4);
        return (ntohl(ipv4.sin_addr.s_addr) >> 24) == 127;
    }
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 ipv6{};
        std::memcpy(&ipv6, &storage, sizeof ipv6);
        return IN6_IS_ADDR_LOOPBACK(&ipv6.sin6_addr) != 0;
    }
    return false;
}

std::vector<std::byte> Endpoint::octets() const {
    const sockaddr_storage storage = storage_of(*this);
    std::vector<std::byte> octets;
    if (storage.ss_family == AF_INET) {
        sockaddr_in ipv4{};
        std::memcpy(&ipv4, &storage, sizeof ipv4);
        octets.resize(sizeof ipv4.sin_addr);
        std::memcpy(octets.data(), &ipv4.sin_addr, octets.size());
    } else if (storage.ss_family == AF_INET6) {
        sockaddr_in6 ipv6{};
        std::memcpy(&ipv6, &storage, sizeof ipv6);
        octets.resize(sizeof ipv6.sin6_addr);
        std::memcpy(octets.data(), &ipv6.sin6_addr, octets.size());
    }
    return octets;
}

std::uint16_t Endpoint::port() const noexcept {
    const sockaddr_storage storage = storage_of(*this);
    if (storage.ss_family == AF_INET) {
        sockaddr_in ipv4{};
        std::memcpy(&ipv4, &storage, sizeof ipv4);
        return ntohs(ipv4.sin_port);
    }
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 ipv6{};
        std::memcpy(&ipv6, &storage, sizeof ipv6);
        return ntohs(ipv6.sin6_port);
    }
    return 0;
}

// getaddrinfo() knows no deadline, so a name is looked up in a thread of its own that is left
// behind if it is late; numeric hosts need no thread.
Resolved resolve(std::string_view host, std::uint16_t port, Deadline deadline) {
    const std::string name(host);
    const std::string service = std::to_string(port);
    if (Resolved numeric = look_up(name, service, AI_NUMERICHOST); !numeric.endpoints.empty()) {
        return numeric;
    }
    auto lookup = std::make_shared<Lookup>();
    std::thread([lookup, name, service] {
        Resolved result = look_up(name, service, 0);
        const std::lock_guard lock(lookup->mutex);
        lookup->result = std::move(result);
        lookup->done.notify_all();
    }).detach();
    std::unique_lock lock(lookup->mutex);
    if (!lookup->done.wait_until(lock, deadline, [&] { return lookup->result.has_value(); })) {
        return {.endpoints = {}, .error = "the resolver did not answer in time"};
    }
    return *lookup->result;
}

}  // namespace wsproof::net
