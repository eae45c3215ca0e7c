// wsproof::net streams over real loopback connections: who is trusted, and what ends mean.
#include <fcntl.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <vector>
#include <wsproof/net/stream.hpp>

#include "support/tls_pair.hpp"

namespace wsproof::net::test {

using namespace std::chrono_literals;
using wsproof::test::certificates;

namespace {

Deadline in(Clock::duration time) {
    return Clock::now() + time;
}

// fill writes until no more fits; returns how many bytes did.
std::size_t fill(Stream& stream) {
    const std::vector<std::byte> chunk(64 << 10);
    std::size_t written = 0;
    while (true) {
        const Result result = stream.try_write(chunk);
        if (result.status != Status::ok) {
            REQUIRE(result.status == Status::timed_out);
            return written;
        }
        written += result.size;
    }
}

void make_blocking(const Socket& socket) {
    REQUIRE(::fcntl(socket.fd(), F_SETFL, 0) == 0);
}

std::vector<std::byte> read_all(Stream& stream, Status& end) {
    std::vector<std::byte> all;
    std::vector<std::byte> buffer(64 << 10);
    while (true) {
        const Result result = stream.read(buffer, soon());
        end = result.status;
        if (result.status != Status::ok) {
            return all;
        }
        all.insert(all.end(), buffer.begin(),
                   buffer.begin() + static_cast<std::ptrdiff_t>(result.size));
    }
}

}  // namespace

TEST_CASE("Tls: bytes go both ways, by name and by address") {
    const std::string host = GENERATE("localhost", "127.0.0.1", "::1");
    TlsPair pair(server_context(certificates().good), trusting(), host);
    INFO(pair.client.tls_error());
    REQUIRE(pair.client_result.status == Status::ok);
    REQUIRE(pair.client.write(bytes("ping"), soon()).size == 4);
    CHECK(read_text(pair.server) == "ping");
    REQUIRE(pair.server.write(bytes("pong"), soon()).size == 4);
    CHECK(read_text(pair.client) == "pong");
    CHECK(pair.client.is_tls());
    CHECK(pair.client.tls_fault() == TlsFault::none);
}

TEST_CASE("Tls: a stream in clear is its socket") {
    SocketPair sockets;
    Stream client(std::move(sockets.client));
    Stream server(std::move(sockets.server));
    CHECK(client.handshake(soon()).status == Status::ok);
    REQUIRE(client.write(bytes("in clear"), soon()).size == 8);
    CHECK(read_text(server) == "in clear");
    client.shut_down_write();
    CHECK(read_status(server) == Status::end_of_stream);
    server.reset();
    CHECK(read_status(client) == Status::reset);
    CHECK_FALSE(client.is_tls());
    CHECK(client.tls_error().empty());
}

TEST_CASE("Tls: a directory of CAs is trusted like a file") {
    TlsPair pair(server_context(certificates().good),
                 client_context({.ca_directory = certificates().ca_directory}));
    CHECK(pair.client_result.status == Status::ok);
}

TEST_CASE("Tls: certificates that do not convince are refused, and the reason said") {
    struct Row {
        Identity identity;
        std::string host;
        std::string reason;
    };
    const Row row = GENERATE(
        Row{certificates().self_signed, "localhost", "self-signed certificate"},
        Row{certificates().expired, "localhost", "certificate has expired"},
        Row{certificates().other_host, "localhost", "hostname mismatch: it is not for localhost"},
        Row{certificates().other_host, "127.0.0.1", "IP address mismatch: it is not for 127.0.0.1"},
        Row{certificates().good, "127.0.0.2", "IP address mismatch: it is not for 127.0.0.2"},
        Row{certificates().good, "other.example",
            "hostname mismatch: it is not for other.example"});
    TlsPair pair(server_context(row.identity), trusting(), row.host);
    CHECK(pair.client_result.status == Status::tls_failed);
    CHECK(pair.client.tls_fault() == TlsFault::certificate);
    CHECK(pair.client.tls_error() == "certificate verify failed: " + row.reason);
    CHECK(pair.server_result.status == Status::tls_failed);  // it is told
    CHECK(pair.server.tls_fault() == TlsFault::protocol);
    CHECK(pair.server.tls_error().find("alert") != std::string::npos);
    // The failure stays: nothing goes over such a stream.
    CHECK(pair.client.try_write(bytes("secret")).status == Status::tls_failed);
    CHECK(read_status(pair.client) == Status::tls_failed);
}

TEST_CASE("Tls: without a CA of its own a client trusts the system's, which do not know ours") {
    TlsPair pair(server_context(certificates().good), client_context({}));
    CHECK(pair.client_result.status == Status::tls_failed);
    CHECK(pair.client.tls_error() ==
          "certificate verify failed: unable to get local issuer certificate");
}

TEST_CASE("Tls: insecure takes any certificate") {
    const Identity identity =
        GENERATE(certificates().self_signed, certificates().expired, certificates().other_host);
    TlsPair pair(server_context(identity), client_context({.insecure = true}));
    CHECK(pair.client_result.status == Status::ok);
}

TEST_CASE("Tls: contexts say what is wrong with their files") {
    const auto& all = certificates();
    std::string error;
    CHECK(TlsContext::client({.ca_file = all.path("none.pem")}, error) == nullptr);
    CHECK(error == "no CA certificate can be read from " + all.path("none.pem") +
                       ": No such file or directory");
    CHECK(TlsContext::client({.ca_file = all.good.key_file}, error) == nullptr);
    CHECK(error.starts_with("no CA certificate can be read from " + all.good.key_file));
    CHECK(TlsContext::server({.certificate_file = all.path("none.pem"), .key_file = "x"}, error) ==
          nullptr);
    CHECK(error.find("none.pem: No such file or directory") != std::string::npos);
    CHECK(TlsContext::server(
              {.certificate_file = all.good.certificate_file, .key_file = all.expired.key_file},
              error) == nullptr);
    CHECK(error == "no key for " + all.good.certificate_file + " can be read from " +
                       all.expired.key_file + ": key values mismatch");
}

TEST_CASE("Tls: a peer that does not speak TLS is told apart") {
    SocketPair sockets;
    Stream client(std::move(sockets.client), trusting(), "localhost");
    const std::string_view plain =
        GENERATE("HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2p1\r\n", "x");
    REQUIRE(sockets.server.write(bytes(plain), soon()).status == Status::ok);
    sockets.server.shut_down_write();
    CHECK(client.handshake(soon()).status != Status::ok);
    if (plain.size() > 5) {  // a TLS record's header
        CHECK(client.tls_fault() == TlsFault::not_tls);
        CHECK(client.tls_error() == "the peer does not speak TLS");
    }
    SocketPair others;
    Stream server(std::move(others.server), server_context(certificates().good));
    REQUIRE(others.client.write(bytes("GET / HTTP/1.1\r\n\r\n"), soon()).status == Status::ok);
    CHECK(server.handshake(soon()).status == Status::tls_failed);
    CHECK(server.tls_fault() == TlsFault::not_tls);
}

TEST_CASE("Tls: a handshake ends with the peer, at its deadline, or on interrupt") {
    SocketPair sockets;
    Stream client(std::move(sockets.client), trusting(), "localhost");
    CHECK(client.handshake(in(20ms)).status == Status::timed_out);
    Interrupt interrupt;
    interrupt.trigger();
    CHECK(client.handshake(soon(), &interrupt).status == Status::interrupted);
    SECTION("the peer closes") {
        std::array<std::byte, 4096> hello{};
        REQUIRE(sockets.server.read(hello, soon()).status == Status::ok);
        sockets.server.close();
        CHECK(client.handshake(soon()).status == Status::end_of_stream);
        CHECK(read_status(client) == Status::end_of_stream);
    }
    SECTION("the peer resets") {
        sockets.server.reset();
        CHECK(client.handshake(soon()).status == Status::reset);
    }
}

TEST_CASE("Tls: close_notify is the end of the stream, and the other direction goes on") {
    TlsPair pair;
    const bool client_first = GENERATE(true, false);
    Stream& first = client_first ? pair.client : pair.server;
    Stream& second = client_first ? pair.server : pair.client;
    REQUIRE(first.write(bytes("last"), soon()).status == Status::ok);
    first.shut_down_write();
    CHECK(first.write(bytes("more"), soon()).status == Status::reset);
    CHECK(read_text(second) == "last");
    CHECK(read_status(second) == Status::end_of_stream);
    CHECK(read_status(second) == Status::end_of_stream);
    REQUIRE(second.write(bytes("still here"), soon()).status == Status::ok);
    CHECK(read_text(first) == "still here");
    second.close();
    CHECK(read_status(first) == Status::end_of_stream);
}

TEST_CASE("Tls: a FIN without close_notify is a truncation, and a RST a reset") {
    TlsPair pair;
    REQUIRE(pair.server.write(bytes("before"), soon()).status == Status::ok);
    SECTION("FIN") {
        REQUIRE(::shutdown(pair.server.socket().fd(), SHUT_WR) == 0);
        CHECK(read_text(pair.client) == "before");
        CHECK(read_status(pair.client) == Status::truncated);
        CHECK(read_status(pair.client) == Status::truncated);
        // Writing has not ended for it.
        REQUIRE(pair.client.write(bytes("heard"), soon()).status == Status::ok);
        CHECK(read_text(pair.server) == "heard");
    }
    SECTION("FIN inside a record") {
        CHECK(read_text(pair.client) == "before");
        const std::array<char, 8> part{0x17, 0x03, 0x03, 0x00, 0x40, 1, 2, 3};
        REQUIRE(::send(pair.server.socket().fd(), part.data(), part.size(), 0) == 8);
        REQUIRE(::shutdown(pair.server.socket().fd(), SHUT_WR) == 0);
        CHECK(read_status(pair.client) == Status::truncated);
    }
    SECTION("RST") {
        CHECK(read_text(pair.client) == "before");
        pair.server.reset();
        CHECK(read_status(pair.client) == Status::reset);
        CHECK(pair.client.write(bytes("x"), soon()).status == Status::reset);
    }
}

TEST_CASE("Tls: a record that is none fails the stream") {
    TlsPair pair;
    const std::array<char, 8> junk{0x17, 0x03, 0x03, 0x00, 0x03, 1, 2, 3};
    REQUIRE(::send(pair.server.socket().fd(), junk.data(), junk.size(), 0) == 8);
    CHECK(read_status(pair.client) == Status::tls_failed);
    CHECK(pair.client.tls_fault() == TlsFault::protocol);
    CHECK(pair.client.tls_error().starts_with("TLS: "));
}

TEST_CASE("Tls: what came before a reset is still read after a write has failed") {
    REQUIRE(std::signal(SIGPIPE, SIG_DFL) != SIG_ERR);  // would end this program
    TlsPair pair;
    REQUIRE(pair.server.write(bytes("farewell"), soon()).status == Status::ok);
    pair.server.shut_down_write();
    pair.server.reset();
    Status written = Status::ok;
    for (int i = 0; i < 100 && written == Status::ok; ++i) {
        written = pair.client.write(bytes("x"), soon()).status;
    }
    CHECK(written == Status::reset);
    CHECK(read_text(pair.client) == "farewell");
}

TEST_CASE("Tls: reading without data times out, writing without room too") {
    TlsPair pair;
    CHECK(read_status(pair.client, in(20ms)) == Status::timed_out);
    CHECK(read_status(pair.client, Deadline::min()) == Status::timed_out);
    CHECK(fill(pair.client) > 0);
    CHECK(pair.client.write(bytes("more"), in(20ms)).status == Status::timed_out);
}

TEST_CASE("Tls: megabytes in odd pieces arrive whole while the peer reads") {
    TlsPair pair;
    std::vector<std::byte> sent(8 << 20);
    fill_random(sent);
    Status end = Status::ok;
    auto received = std::async(std::launch::async, [&] { return read_all(pair.server, end); });
    std::span<const std::byte> left(sent);
    std::size_t piece_size = 1;
    while (!left.empty()) {
        std::vector<std::span<const std::byte>> pieces;
        for (std::size_t at = 0; at < left.size() && pieces.size() < 20; at += piece_size) {
            pieces.push_back(left.subspan(at, std::min(piece_size, left.size() - at)));
        }
        const Result result = pair.client.write(pieces, soon());
        REQUIRE(result.status == Status::ok);
        left = left.subspan(result.size);
        piece_size = piece_size * 5 % 100'003;
    }
    pair.client.shut_down_write();
    CHECK(received.get() == sent);
    CHECK(end == Status::end_of_stream);
}

TEST_CASE("Tls: wait knows what TLS holds back") {
    TlsPair pair;
    std::array<Interest, 1> interests{Interest{.stream = &pair.client, .read = true}};
    CHECK(wait(interests, in(20ms)) == Status::timed_out);
    REQUIRE(pair.server.write(bytes("0123456789"), soon()).status == Status::ok);
    REQUIRE(wait(interests, soon()) == Status::ok);
    CHECK(interests[0].readable);
    std::array<std::byte, 4> part{};
    REQUIRE(pair.client.try_read(part).size == 4);
    // The rest is no longer in the socket, but in the record that was opened.
    REQUIRE(wait(interests, in(5s)) == Status::ok);
    CHECK(interests[0].readable);
    REQUIRE(pair.client.try_read(part).size == 4);
    REQUIRE(pair.client.try_read(part).size == 2);
    CHECK(wait(interests, in(20ms)) == Status::timed_out);
    CHECK_FALSE(interests[0].readable);
}

TEST_CASE("Tls: half a record does not make wait spin") {
    TlsPair pair;
    const std::array<char, 8> part{0x17, 0x03, 0x03, 0x00, 0x40, 1, 2, 3};
    REQUIRE(::send(pair.server.socket().fd(), part.data(), part.size(), 0) == 8);
    std::array<Interest, 1> interests{Interest{.stream = &pair.client, .read = true}};
    REQUIRE(wait(interests, soon()) == Status::ok);
    std::array<std::byte, 4> buffer{};
    CHECK(pair.client.try_read(buffer).status == Status::timed_out);
    CHECK(wait(interests, in(20ms)) == Status::timed_out);
}

TEST_CASE("Tls: wait mixes sockets, plain streams and TLS") {
    TlsPair pair;
    SocketPair sockets;
    Stream plain(std::move(sockets.server));
    REQUIRE(pair.server.write(bytes("x"), soon()).status == Status::ok);
    std::array<Interest, 3> interests{Interest{.socket = &sockets.client, .read = true},
                                      Interest{.stream = &plain, .read = true},
                                      Interest{.stream = &pair.client, .read = true}};
    REQUIRE(wait(interests, soon()) == Status::ok);
    CHECK_FALSE(interests[0].readable);
    CHECK_FALSE(interests[1].readable);
    CHECK(interests[2].readable);
}

TEST_CASE("Tls: a handshake goes on by wait alone, on both sides of one thread") {
    SocketPair sockets;
    Stream client(std::move(sockets.client), trusting(), "localhost");
    Stream server(std::move(sockets.server), server_context(certificates().good));
    Result one = client.try_handshake();
    Result other = server.try_handshake();
    for (int i = 0; i < 20 && (one.status != Status::ok || other.status != Status::ok); ++i) {
        std::array<Interest, 2> interests{
            Interest{.stream = &client, .read = one.status != Status::ok},
            Interest{.stream = &server, .read = other.status != Status::ok}};
        REQUIRE(wait(interests, soon()) == Status::ok);
        one = client.try_handshake();
        other = server.try_handshake();
    }
    CHECK(one.status == Status::ok);
    CHECK(other.status == Status::ok);
}

TEST_CASE("Tls: close_notify that does not fit goes out when there is room") {
    TlsPair pair;
    const std::size_t written = fill(pair.server);  // and a record is half out
    pair.server.shut_down_write();
    Status end = Status::ok;
    auto received = std::async(std::launch::async, [&] { return read_all(pair.client, end); });
    // wait() does it, for a stream that is only waited for.
    std::array<Interest, 1> interests{Interest{.stream = &pair.server, .read = true}};
    while (received.wait_for(0s) != std::future_status::ready) {
        static_cast<void>(wait(interests, in(10ms)));
    }
    CHECK(received.get().size() > written);
    CHECK(end == Status::end_of_stream);
    pair.client.close();
    CHECK(read_status(pair.server) == Status::end_of_stream);
}

TEST_CASE("Tls: a stream moves with its connection") {
    TlsPair pair;
    Stream moved = std::move(pair.client);
    REQUIRE(moved.write(bytes("moved"), soon()).status == Status::ok);
    CHECK(read_text(pair.server) == "moved");
    CHECK_FALSE(pair.client.is_open());  // NOLINT(bugprone-use-after-move): that is the question
    moved = Stream();
    CHECK(read_status(pair.server) == Status::end_of_stream);
}

TEST_CASE("Tls: ALPN is http/1.1, and a client that wants something else is refused") {
    const bool wants_ours = GENERATE(true, false);
    const std::string offered = wants_ours ? "\x02h2\x08http/1.1" : "\x02h2";
    SocketPair sockets;
    Stream server(std::move(sockets.server), server_context(certificates().good));
    auto accepting = std::async(std::launch::async, [&] { return server.handshake(soon()); });
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_method()),
                                                                    SSL_CTX_free);
    SSL_CTX_set_alpn_protos(context.get(), reinterpret_cast<const unsigned char*>(offered.data()),
                            static_cast<unsigned>(offered.size()));
    const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
    make_blocking(sockets.client);
    SSL_set_fd(ssl.get(), sockets.client.fd());
    const int agreed = SSL_connect(ssl.get());
    CHECK((agreed == 1) == wants_ours);
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl.get(), &chosen, &size);
    CHECK(std::string(reinterpret_cast<const char*>(chosen), size) ==
          (wants_ours ? "http/1.1" : ""));
    CHECK((accepting.get().status == Status::ok) == wants_ours);
}

}  // namespace wsproof::net::test
