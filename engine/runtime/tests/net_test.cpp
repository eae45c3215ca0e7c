// wsproof::net over real loopback connections.
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>
#include <wsproof/net/socket.hpp>

namespace wsproof::net {

namespace {

using namespace std::chrono_literals;
using Pieces = std::vector<std::span<const std::byte>>;

Deadline in(Clock::duration time) {
    return Clock::now() + time;
}

Deadline soon() {
    return in(10s);
}

std::span<const std::byte> bytes(std::string_view text) {
    return std::as_bytes(std::span(text));
}

Endpoint loopback(std::string_view host = "127.0.0.1", std::uint16_t port = 0) {
    const Resolved resolved = resolve(host, port, soon());
    REQUIRE(resolved.endpoints.size() == 1);
    return resolved.endpoints.front();
}

Listener listener_on(const Endpoint& endpoint) {
    std::string error;
    auto listener = Listener::listen(endpoint, 8, error);
    INFO(error);
    REQUIRE(listener.has_value());
    return std::move(*listener);
}

bool has_ipv6() {
    std::string error;
    return Listener::listen(loopback("::1"), 1, error).has_value();
}

// Pair: two ends of one connection.
struct Pair {
    explicit Pair(std::string_view host = "127.0.0.1") : listener(listener_on(loopback(host))) {
        Connected connected = connect(listener.endpoint(), soon());
        REQUIRE(connected.result.status == Status::ok);
        Connected accepted = listener.accept(soon());
        REQUIRE(accepted.result.status == Status::ok);
        client = std::move(connected.socket);
        server = std::move(accepted.socket);
    }

    Listener listener;
    Socket client;
    Socket server;
};

std::string read_text(Socket& socket) {
    std::array<std::byte, 64> buffer{};
    const Result result = socket.read(buffer, soon());
    REQUIRE(result.status == Status::ok);
    return {reinterpret_cast<const char*>(buffer.data()), result.size};
}

Status read_status(Socket& socket, Deadline deadline = soon()) {
    std::array<std::byte, 64> buffer{};
    return socket.read(buffer, deadline).status;
}

// fill writes until no more fits; returns how many bytes did.
std::size_t fill(Socket& socket) {
    const std::vector<std::byte> chunk(64 << 10);
    std::size_t written = 0;
    while (true) {
        const Result result = socket.try_write(chunk);
        if (result.status != Status::ok) {
            REQUIRE(result.status == Status::timed_out);
            return written;
        }
        written += result.size;
    }
}

}  // namespace

TEST_CASE("Net: bytes go both ways") {
    Pair pair;
    REQUIRE(pair.client.write(bytes("ping"), soon()).size == 4);
    CHECK(read_text(pair.server) == "ping");
    REQUIRE(pair.server.write(bytes("pong"), soon()).size == 4);
    CHECK(read_text(pair.client) == "pong");
    CHECK(pair.server.peer().starts_with("127.0.0.1:"));
}

TEST_CASE("Net: reading without data times out and transfers nothing") {
    Pair pair;
    CHECK(read_status(pair.client, in(20ms)) == Status::timed_out);
    CHECK(read_status(pair.client, Deadline::min()) == Status::timed_out);
    std::array<std::byte, 4> buffer{};
    CHECK(pair.client.try_read(buffer).status == Status::timed_out);
}

TEST_CASE("Net: writing to a peer that does not read times out") {
    Pair pair;
    CHECK(fill(pair.client) > 0);
    CHECK(pair.client.write(bytes("more"), in(20ms)).status == Status::timed_out);
}

TEST_CASE("Net: a FIN is the end of the stream, after the data before it") {
    Pair pair;
    REQUIRE(pair.client.write(bytes("last"), soon()).status == Status::ok);
    pair.client.close();
    CHECK_FALSE(pair.client.is_open());
    CHECK(read_text(pair.server) == "last");
    CHECK(read_status(pair.server) == Status::end_of_stream);
    CHECK(read_status(pair.server) == Status::end_of_stream);
}

TEST_CASE("Net: a RST is a reset, not an end of stream") {
    Pair pair;
    pair.client.reset();
    CHECK_FALSE(pair.client.is_open());
    CHECK(read_status(pair.server) == Status::reset);
}

TEST_CASE("Net: closing with unread input resets the connection") {
    Pair pair;
    REQUIRE(pair.client.write(bytes("unread"), soon()).status == Status::ok);
    std::array<Interest, 1> interests{Interest{.socket = &pair.server, .read = true}};
    REQUIRE(wait(interests, soon()) == Status::ok);
    pair.server.close();
    CHECK(read_status(pair.client) == Status::reset);
}

TEST_CASE("Net: either side can half-close and still read") {
    Pair pair;
    auto& [listener, client, server] = pair;
    const bool client_first = GENERATE(true, false);
    Socket& first = client_first ? client : server;
    Socket& second = client_first ? server : client;
    first.shut_down_write();
    CHECK(read_status(second) == Status::end_of_stream);
    REQUIRE(second.write(bytes("still here"), soon()).status == Status::ok);
    CHECK(read_text(first) == "still here");
    second.shut_down_write();
    CHECK(read_status(first) == Status::end_of_stream);
}

TEST_CASE("Net: writing after our own FIN or the peer's close is a reset and raises no SIGPIPE") {
    // The default action of SIGPIPE ends this program.
    REQUIRE(std::signal(SIGPIPE, SIG_DFL) != SIG_ERR);
    Pair pair;
    pair.client.shut_down_write();
    CHECK(pair.client.write(bytes("x"), soon()).status == Status::reset);
    const Pieces pieces{bytes("x"), bytes("y")};
    CHECK(pair.client.write(pieces, soon()).status == Status::reset);

    Pair other;
    other.server.reset();
    CHECK(read_status(other.client) == Status::reset);
    CHECK(other.client.write(bytes("x"), soon()).status == Status::reset);
    CHECK(other.client.try_write(bytes("x")).status == Status::reset);
}

TEST_CASE("Net: a port where nobody listens refuses") {
    Endpoint endpoint;
    {
        Listener listener = listener_on(loopback());
        endpoint = listener.endpoint();
    }
    const Connected connected = connect(endpoint, soon());
    CHECK(connected.result.status == Status::refused);
    CHECK(connected.result.error == ECONNREFUSED);
    CHECK_FALSE(connected.socket.is_open());
}

TEST_CASE("Net: a connection from a port to itself counts as refused, and leaves the port free") {
    Endpoint endpoint;
    {
        Listener listener = listener_on(loopback());
        endpoint = listener.endpoint();
    }
    const Connected connected = connect(endpoint, soon(), nullptr, &endpoint);
    CHECK(connected.result.status == Status::refused);
    CHECK_FALSE(connected.socket.is_open());
    Listener again = listener_on(endpoint);
}

TEST_CASE("Net: connect goes on to the endpoint that answers") {
    Endpoint dead;
    {
        Listener listener = listener_on(loopback());
        dead = listener.endpoint();
    }
    Listener alive = listener_on(loopback());
    const std::vector<Endpoint> endpoints{dead, alive.endpoint()};
    CHECK(connect(endpoints, soon()).result.status == Status::ok);
}

TEST_CASE("Net: connect gives up at its deadline") {
    // A full backlog makes the kernel drop further SYNs.
    std::string error;
    auto listener = Listener::listen(loopback(), 0, error);
    REQUIRE(listener.has_value());
    std::vector<Socket> waiting;
    Status status = Status::ok;
    for (int i = 0; i < 8 && status == Status::ok; ++i) {
        Connected connected = connect(listener->endpoint(), in(100ms));
        status = connected.result.status;
        waiting.push_back(std::move(connected.socket));
    }
    CHECK(status == Status::timed_out);
}

TEST_CASE("Net: IPv6 works like IPv4, with its addresses in brackets") {
    if (!has_ipv6()) {
        WARN("this host has no IPv6");
        return;
    }
    Pair pair("::1");
    REQUIRE(pair.client.write(bytes("six"), soon()).status == Status::ok);
    CHECK(read_text(pair.server) == "six");
    CHECK(pair.server.peer().starts_with("[::1]:"));
    CHECK(pair.listener.endpoint().to_string() == "[::1]:" + std::to_string(pair.listener.port()));
}

TEST_CASE("Net: endpoints print and know whether they are loopback") {
    CHECK(loopback("127.0.0.1", 80).to_string() == "127.0.0.1:80");
    CHECK(loopback("::1", 8080).to_string() == "[::1]:8080");
    CHECK(loopback("127.9.9.9").is_loopback());
    CHECK(loopback("::1").is_loopback());
    CHECK_FALSE(loopback("192.0.2.1").is_loopback());
    CHECK_FALSE(loopback("2001:db8::1").is_loopback());
    CHECK(Endpoint{}.to_string() == "?");
    CHECK_FALSE(Endpoint{}.is_loopback());
}

TEST_CASE("Net: a name that does not exist fails within its deadline") {
    const Deadline began = Clock::now();
    const Resolved resolved = resolve("no-such-host.invalid", 80, in(300ms));
    CHECK(resolved.endpoints.empty());
    CHECK_FALSE(resolved.error.empty());
    CHECK(Clock::now() - began < 5s);
}

TEST_CASE("Net: a numeric host needs no time") {
    CHECK(resolve("127.0.0.1", 1, Deadline::min()).endpoints.size() == 1);
}

TEST_CASE("Net: a taken port cannot be listened on") {
    Listener listener = listener_on(loopback());
    std::string error;
    CHECK_FALSE(Listener::listen(listener.endpoint(), 1, error).has_value());
    CHECK(error == std::strerror(EADDRINUSE));
    CHECK_FALSE(Listener::listen(loopback("192.0.2.1"), 1, error).has_value());
    CHECK(error == std::strerror(EADDRNOTAVAIL));
}

TEST_CASE("Net: accept times out") {
    Listener listener = listener_on(loopback());
    CHECK(listener.accept(in(20ms)).result.status == Status::timed_out);
}

TEST_CASE("Net: accept skips a connection that was reset before it was accepted") {
    Listener listener = listener_on(loopback());
    connect(listener.endpoint(), soon()).socket.reset();
    Connected alive = connect(listener.endpoint(), soon());
    REQUIRE(alive.socket.write(bytes("alive"), soon()).status == Status::ok);
    Connected accepted = listener.accept(soon());
    REQUIRE(accepted.result.status == Status::ok);
    if (read_status(accepted.socket) == Status::reset) {  // Linux hands it out all the same
        accepted = listener.accept(soon());
        REQUIRE(accepted.result.status == Status::ok);
        CHECK(read_text(accepted.socket) == "alive");
    }
}

TEST_CASE("Net: accept waits while there is no descriptor, without spinning, and then goes on") {
    Listener listener = listener_on(loopback());
    Connected client = connect(listener.endpoint(), soon());
    REQUIRE(client.result.status == Status::ok);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit few{.rlim_cur = 64, .rlim_max = before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
    std::vector<Socket> taken;
    for (int fd = ::dup(client.socket.fd()); fd >= 0; fd = ::dup(client.socket.fd())) {
        taken.emplace_back(fd);
    }
    const auto processor_time = std::clock();
    const Result starved = listener.accept(in(300ms)).result;
    const auto used = std::clock() - processor_time;
    taken.pop_back();
    const Result fed = listener.accept(soon()).result;
    taken.clear();
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(starved.status == Status::timed_out);
    CHECK(starved.error == EMFILE);
    CHECK(used < CLOCKS_PER_SEC / 10);
    CHECK(fed.status == Status::ok);
}

TEST_CASE("Net: an interrupt ends what waits, now and later, in every thread") {
    Pair pair;
    Interrupt interrupt;
    CHECK_FALSE(interrupt.is_triggered());
    auto reading = std::async(std::launch::async, [&] {
        std::array<std::byte, 4> buffer{};
        return pair.client.read(buffer, soon(), &interrupt).status;
    });
    auto accepting = std::async(
        std::launch::async, [&] { return pair.listener.accept(soon(), &interrupt).result.status; });
    CHECK(reading.wait_for(20ms) == std::future_status::timeout);
    interrupt.trigger();
    CHECK(reading.get() == Status::interrupted);
    CHECK(accepting.get() == Status::interrupted);
    CHECK(interrupt.is_triggered());
    CHECK(interrupt.is_triggered());
    std::array<Interest, 1> interests{Interest{.socket = &pair.server, .read = true}};
    CHECK(wait(interests, soon(), &interrupt) == Status::interrupted);
    // What need not wait is done all the same.
    CHECK(pair.server.write(bytes("x"), soon(), &interrupt).status == Status::ok);
}

TEST_CASE("Net: a signal is no reason to stop waiting") {
    struct sigaction ignored {};
    ignored.sa_handler = [](int) {};
    struct sigaction before {};
    REQUIRE(::sigaction(SIGUSR1, &ignored, &before) == 0);  // no SA_RESTART
    Pair pair;
    const pthread_t reader = ::pthread_self();
    std::thread sender([&] {
        std::this_thread::sleep_for(20ms);
        ::pthread_kill(reader, SIGUSR1);
        std::this_thread::sleep_for(20ms);
        static_cast<void>(pair.server.write(bytes("after"), soon()));
    });
    const std::string text = read_text(pair.client);
    sender.join();
    REQUIRE(::sigaction(SIGUSR1, &before, nullptr) == 0);
    CHECK(text == "after");
}

TEST_CASE("Net: a gathered write larger than the buffers arrives whole while the peer reads") {
    Pair pair;
    std::vector<std::byte> sent(8 << 20);
    fill_random(sent);
    auto received = std::async(std::launch::async, [&] {
        std::vector<std::byte> all;
        std::vector<std::byte> buffer(64 << 10);
        while (true) {
            const Result result = pair.server.read(buffer, soon());
            if (result.status != Status::ok) {
                return all;
            }
            all.insert(all.end(), buffer.begin(),
                       buffer.begin() + static_cast<std::ptrdiff_t>(result.size));
        }
    });
    std::span<const std::byte> left(sent);
    while (!left.empty()) {
        Pieces pieces;  // 200 of them: more than one call takes
        for (std::size_t at = 0; at < left.size() && pieces.size() < 200; at += 100'003) {
            pieces.push_back(left.subspan(at, std::min<std::size_t>(100'003, left.size() - at)));
        }
        const Result result = pair.client.write(pieces, soon());
        REQUIRE(result.status == Status::ok);
        left = left.subspan(result.size);
    }
    pair.client.shut_down_write();
    CHECK(received.get() == sent);
}

TEST_CASE("Net: wait tells which sockets are ready for what") {
    Pair one;
    Pair two;
    REQUIRE(two.client.write(bytes("x"), soon()).status == Status::ok);
    std::array<Interest, 2> interests{Interest{.socket = &one.server, .read = true},
                                      Interest{.socket = &two.server, .read = true}};
    REQUIRE(wait(interests, soon()) == Status::ok);
    CHECK_FALSE(interests[0].readable);
    CHECK(interests[1].readable);
    CHECK_FALSE(interests[1].writable);
    interests[0] = {.socket = &one.server, .read = true, .write = true};
    interests[1] = {.socket = &two.server};
    REQUIRE(wait(interests, soon()) == Status::ok);
    CHECK(interests[0].writable);
    CHECK_FALSE(interests[0].readable);
    CHECK_FALSE(interests[1].readable);
}

TEST_CASE("Net: wait does not spin on a dead socket that nobody asks about") {
    Pair pair;
    pair.client.reset();
    std::array<Interest, 1> interests{Interest{.socket = &pair.server}};
    CHECK(wait(interests, in(20ms)) == Status::timed_out);
    interests[0].read = true;
    CHECK(wait(interests, soon()) == Status::ok);
    CHECK(interests[0].readable);
}

TEST_CASE("Net: a moved socket is empty, and moving onto one closes it") {
    Pair one;
    Pair two;
    Socket moved = std::move(one.client);
    CHECK_FALSE(one.client.is_open());  // NOLINT(bugprone-use-after-move): that is the question
    moved = std::move(two.client);
    CHECK(read_status(one.server) == Status::end_of_stream);
}

TEST_CASE("Net: random bytes do not repeat") {
    std::set<std::array<std::byte, 16>> seen;
    for (int i = 0; i < 1000; ++i) {
        std::array<std::byte, 16> value{};
        fill_random(value);
        seen.insert(value);
    }
    CHECK(seen.size() == 1000);
}

}  // namespace wsproof::net
