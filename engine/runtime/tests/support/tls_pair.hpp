// Two ends of one TLS connection over loopback.
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <wsproof/net/stream.hpp>

#include "certificates.hpp"

namespace wsproof::net::test {

using wsproof::test::Identity;
using Context = std::shared_ptr<const TlsContext>;

inline Deadline soon() {
    return Clock::now() + std::chrono::seconds(10);
}

inline Context must(Context context, const std::string& error) {
    INFO(error);
    REQUIRE(context != nullptr);
    return context;
}

inline Context server_context(const Identity& identity) {
    std::string error;
    auto made = TlsContext::server(
        {.certificate_file = identity.certificate_file, .key_file = identity.key_file}, error);
    return must(std::move(made), error);
}

inline Context client_context(const TlsClientOptions& options) {
    std::string error;
    auto made = TlsContext::client(options, error);
    return must(std::move(made), error);
}

inline Context trusting() {
    return client_context({.ca_file = wsproof::test::certificates().ca_file});
}

// SocketPair: two ends of a TCP connection.
struct SocketPair {
    SocketPair() {
        std::string error;
        const Resolved local = resolve("127.0.0.1", 0, soon());
        auto listener = Listener::listen(local.endpoints.front(), 8, error);
        REQUIRE(listener.has_value());
        Connected connected = connect(listener->endpoint(), soon());
        Connected accepted = listener->accept(soon());
        REQUIRE(connected.result.status == Status::ok);
        REQUIRE(accepted.result.status == Status::ok);
        client = std::move(connected.socket);
        server = std::move(accepted.socket);
    }

    Socket client;
    Socket server;
};

// TlsPair does the handshake from both ends, and notes how it went.
struct TlsPair {
    TlsPair(Context server_side, Context client_side, const std::string& host = "localhost") {
        SocketPair sockets;
        server = Stream(std::move(sockets.server), std::move(server_side));
        client = Stream(std::move(sockets.client), std::move(client_side), host);
        auto accepting =
            std::async(std::launch::async, [this] { return server.handshake(soon()); });
        client_result = client.handshake(soon());
        server_result = accepting.get();
    }

    TlsPair() : TlsPair(server_context(wsproof::test::certificates().good), trusting()) {
        INFO(client.tls_error() << server.tls_error());
        REQUIRE(client_result.status == Status::ok);
        REQUIRE(server_result.status == Status::ok);
    }

    Stream client;
    Stream server;
    Result client_result;
    Result server_result;
};

inline std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}

inline std::string read_text(Stream& stream) {
    std::array<std::byte, 64> buffer{};
    const Result result = stream.read(buffer, soon());
    INFO(stream.tls_error());
    REQUIRE(result.status == Status::ok);
    return {reinterpret_cast<const char*>(buffer.data()), result.size};
}

inline Status read_status(Stream& stream, Deadline deadline = soon()) {
    std::array<std::byte, 64> buffer{};
    return stream.read(buffer, deadline).status;
}

}  // namespace wsproof::net::test
