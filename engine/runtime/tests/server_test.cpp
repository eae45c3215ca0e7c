// The blocking server, judged over TCP by a client that is a bare socket.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <ctime>
#include <filesystem>
#include <future>
#include <iterator>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>
#include <wsproof/runtime/server.hpp>
#include <wsproof/runtime/system.hpp>

#include "support/raw_client.hpp"

namespace wsproof::runtime::test {

namespace {

using net::Status;

const Frame kClose1000{Opcode::close, close_payload(CloseCode::normal)};

ServerOptions with_queue(std::size_t output_queue) {
    ServerOptions options;
    options.engine.limits.output_queue = output_queue;
    return options;
}

// becomes_idle: whether this program comes to spend next to no processor time.
bool becomes_idle() {
    for (int i = 0; i < 100; ++i) {
        const auto before = std::clock();
        std::this_thread::sleep_for(100ms);
        if (std::clock() - before < CLOCKS_PER_SEC / 100) {
            return true;
        }
    }
    return false;
}

bool is_status(const std::string& head, int status) {
    return head.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
}

}  // namespace

TEST_CASE("Server: messages come back as they went") {
    EchoServer server;
    RawClient client(server);
    CHECK(is_status(client.open(), 101));
    const std::string large(200'000, 'x');
    REQUIRE(client.write(frame(Opcode::text, "Hello") + frame(Opcode::binary, "") +
                         frame(Opcode::text, "Hel", false) +
                         frame(Opcode::continuation, "lo again") + frame(Opcode::binary, large)) ==
            Status::ok);
    CHECK(client.read_frame() == Frame{Opcode::text, "Hello"});
    CHECK(client.read_frame() == Frame{Opcode::binary, ""});
    CHECK(client.read_frame() == Frame{Opcode::text, "Hello again"});
    CHECK(client.read_frame() == Frame{Opcode::binary, large});
}

TEST_CASE("Server: a ping is answered, between fragments too") {
    EchoServer server;
    RawClient client(server);
    client.open();
    REQUIRE(client.write(frame(Opcode::text, "a", false) + frame(Opcode::ping, "p")) == Status::ok);
    CHECK(client.read_frame() == Frame{Opcode::pong, "p"});
    REQUIRE(client.write(frame(Opcode::continuation, "b")) == Status::ok);
    CHECK(client.read_frame() == Frame{Opcode::text, "ab"});
}

TEST_CASE("Server: it answers a Close, and ends TCP first") {
    EchoServer server;
    RawClient client(server);
    client.open();
    REQUIRE(client.write(frame(Opcode::close, kClose1000.payload)) == Status::ok);
    CHECK(client.read_frame() == kClose1000);
    CHECK(client.read_end() == Status::end_of_stream);  // we have not closed yet
    client.socket.close();
    const auto closed = server.closed();
    REQUIRE(closed.has_value());
    CHECK(closed->clean);
    CHECK(closed->code == CloseCode::normal);
}

TEST_CASE("Server: a Close on failure arrives in spite of what is still being sent") {
    EchoServer server;
    RawClient client(server);
    client.open();
    // The offence, and more behind it than anybody looks at.
    REQUIRE(client.write(frame(static_cast<Opcode>(0x3), "bad")) == Status::ok);
    const std::string more = frame(Opcode::binary, std::string(100'000, 'x'));
    for (int i = 0; i < 50; ++i) {
        REQUIRE(client.write(more) == Status::ok);  // a RST would show here
    }
    const auto close = client.read_frame();
    REQUIRE(close.has_value());
    CHECK(close->opcode == Opcode::close);
    CHECK(close->payload.starts_with(close_payload(CloseCode::protocol_error)));
    CHECK(client.read_end() == Status::end_of_stream);
    CHECK(client.write(more) == Status::ok);  // it reads on to our FIN
    client.socket.shut_down_write();
    CHECK(client.read_end() == Status::end_of_stream);
    const auto closed = server.closed();
    REQUIRE(closed.has_value());
    CHECK(closed->error == Error::reserved_opcode);
}

TEST_CASE("Server: who is failed and does not close is cut off after Timers::close") {
    ServerOptions options;
    options.engine.timers.close = 50ms;
    EchoServer server(options);
    RawClient client(server);
    client.open();
    REQUIRE(client.write(frame(static_cast<Opcode>(0x3), "bad")) == Status::ok);
    REQUIRE(client.read_frame().has_value());
    CHECK(client.read_end() == Status::end_of_stream);
    CHECK(server.closed().has_value());
    // The socket is gone: what we send now draws a RST.
    Status status = Status::ok;
    for (int i = 0; i < 1'000 && status == Status::ok; ++i) {
        status = client.write("x");
        std::this_thread::sleep_for(1ms);
    }
    CHECK(status == Status::reset);
}

TEST_CASE("Server: one connection too many is answered with 503 and closed in order") {
    ServerOptions options;
    options.connections_max = 1;
    EchoServer server(options);
    RawClient first(server);
    CHECK(is_status(first.open(), 101));
    RawClient second(server);
    const std::string head = second.open();
    CHECK(is_status(head, 503));
    CHECK(head.find("Retry-After: 1\r\n") != std::string::npos);
    CHECK(second.read_end() == Status::end_of_stream);
    CHECK(second.unread().empty());
    // The one that was there is not disturbed, and its place is free once it is gone.
    REQUIRE(first.write(frame(Opcode::text, "still")) == Status::ok);
    CHECK(first.read_frame() == Frame{Opcode::text, "still"});
    first.socket.close();
    bool is_free = false;
    for (int i = 0; i < 200 && !is_free; ++i) {
        RawClient next(server);
        is_free = is_status(next.open(), 101);
    }
    CHECK(is_free);
}

TEST_CASE("Server: many too many who say nothing cost few threads, and do not stop it for long") {
    ServerOptions options;
    options.connections_max = 1;
    EchoServer server(options);
    RawClient first(server);
    CHECK(is_status(first.open(), 101));
    std::vector<RawClient> silent;
    for (int i = 0; i < 40; ++i) {
        silent.emplace_back(server);
    }
    std::this_thread::sleep_for(100ms);
    using Entries = std::filesystem::directory_iterator;
    CHECK(std::distance(Entries("/proc/self/task"), Entries()) < 25);
    while (silent.size() > 17) {
        silent.pop_back();
    }
    RawClient last(server);  // behind more than can be turned away at a time
    CHECK(is_status(last.open(), 503));
}

TEST_CASE("Server: stop closes connections with 1001 and accepts no more") {
    EchoServer server;
    RawClient client(server);
    client.open();
    auto stopping = std::async(std::launch::async, [&] { return server.stop(); });
    const Frame going_away{Opcode::close, close_payload(CloseCode::going_away)};
    CHECK(client.read_frame() == going_away);
    REQUIRE(client.write(frame(Opcode::close, going_away.payload)) == Status::ok);
    CHECK(client.read_end() == Status::end_of_stream);
    client.socket.close();
    CHECK(stopping.get().status == Status::interrupted);
    CHECK(server.closed()->clean);
    CHECK(net::connect(server.endpoint(), soon()).result.status == Status::refused);
}

TEST_CASE("Server: stop waits only so long for peers that do nothing") {
    ServerOptions options = with_queue(1 << 20);
    options.stop = 100ms;
    EchoServer server(options);
    RawClient silent(server);
    silent.open();
    RawClient greedy(server);  // takes nothing of what it is owed
    greedy.open();
    REQUIRE(greedy.write(frame(Opcode::binary, std::string(16 << 20, 'x'))) == Status::ok);
    std::this_thread::sleep_for(50ms);
    const auto began = net::Clock::now();
    server.stop();
    CHECK(net::Clock::now() - began < 4s);  // Timers::close alone would be 5 s
    CHECK(silent.read_frame()->opcode == Opcode::close);
}

TEST_CASE("Server: stop does not wait for peers that have not opened") {
    ServerOptions options;
    options.stop = 60s;
    EchoServer server(options);
    RawClient unopened(server);
    REQUIRE(unopened.write("GET / HT") == Status::ok);
    std::this_thread::sleep_for(20ms);
    const auto began = net::Clock::now();
    server.stop();
    CHECK(net::Clock::now() - began < 9s);
}

TEST_CASE("Server: a peer may write all that the queue takes before it reads") {
    EchoServer server(with_queue(32 << 20));
    RawClient client(server);
    client.socket.set_receive_buffer(64 << 10);
    client.open();
    // More than the buffers of the sockets hold.
    constexpr int kCount = 240;
    for (int i = 0; i < kCount; ++i) {
        REQUIRE(client.write(frame(Opcode::text, std::to_string(i) + std::string(100'000, ' '))) ==
                Status::ok);
    }
    for (int i = 0; i < kCount; ++i) {
        const auto echo = client.read_frame();
        REQUIRE(echo.has_value());
        REQUIRE(echo->payload.starts_with(std::to_string(i) + " "));
    }
}

TEST_CASE("Server: what does not fit the queue waits, and nothing is lost") {
    EchoServer server(with_queue(1 << 20));
    RawClient client(server);
    client.open();
    // The first echo alone is more than the queue and the buffers of both sockets hold; the tail
    // comes in the same read as the end of the first message.
    const std::string large(12 << 20, 'x');
    REQUIRE(client.write(frame(Opcode::binary, large) + frame(Opcode::text, "one") +
                         frame(Opcode::text, "two")) == Status::ok);
    std::this_thread::sleep_for(100ms);
    CHECK(client.read_frame() == Frame{Opcode::binary, large});
    CHECK(client.read_frame() == Frame{Opcode::text, "one"});
    CHECK(client.read_frame() == Frame{Opcode::text, "two"});
    CHECK(server.refused() == 0);
}

TEST_CASE("Server: a peer that reads nothing is dropped after ServerOptions::write") {
    ServerOptions options = with_queue(1 << 20);
    options.write = 100ms;
    EchoServer server(options);
    RawClient client(server);
    client.open();
    const std::string message = frame(Opcode::binary, std::string(1 << 20, 'x'));
    Status status = Status::ok;
    for (int i = 0; i < 200 && status == Status::ok; ++i) {
        status = client.write(message);
    }
    CHECK(status == Status::reset);
    const auto closed = server.closed();
    REQUIRE(closed.has_value());
    CHECK_FALSE(closed->clean);
}

TEST_CASE("Server: after the peer's FIN it sends what it owes, and does not spin meanwhile") {
    EchoServer server;
    RawClient client(server);
    client.open();
    const std::string large(15 << 20, 'x');  // more than the buffers of both sockets hold
    REQUIRE(client.write(frame(Opcode::binary, large)) == Status::ok);
    client.socket.shut_down_write();
    CHECK(becomes_idle());
    CHECK(client.read_frame() == Frame{Opcode::binary, large});
    CHECK(client.read_end() == Status::end_of_stream);
    const auto closed = server.closed();
    REQUIRE(closed.has_value());
    CHECK(closed->code == CloseCode::abnormal);
    CHECK(closed->error == Error::eof_before_close);
}

TEST_CASE("Server: a reset ends one connection, and no other") {
    EchoServer server;
    RawClient victim(server);
    victim.open();
    RawClient other(server);
    other.open();
    victim.socket.reset();
    const auto closed = server.closed();
    REQUIRE(closed.has_value());
    CHECK_FALSE(closed->clean);
    REQUIRE(other.write(frame(Opcode::text, "here")) == Status::ok);
    CHECK(other.read_frame() == Frame{Opcode::text, "here"});
}

TEST_CASE("Server: what was sent before a reset is still heard") {
    std::mutex mutex;
    std::size_t heard = 0;
    Handler handler;
    handler.on_message = [&](Connection& connection, const Message& message) {
        const std::lock_guard lock(mutex);
        ++heard;
        if (message.type == MessageType::binary) {
            std::this_thread::sleep_for(100ms);  // meanwhile the peer says the rest and is gone
        }
        static_cast<void>(connection.send(MessageType::text, Payload::copy("noted")));
    };
    EchoServer server({}, handler);
    RawClient client(server);
    client.open();
    REQUIRE(client.write(frame(Opcode::binary, "slow")) == Status::ok);
    std::this_thread::sleep_for(20ms);
    REQUIRE(client.write(frame(Opcode::text, "one") + frame(Opcode::text, "two")) == Status::ok);
    client.socket.reset();  // the first "noted" can not be written
    REQUIRE(server.closed().has_value());
    const std::lock_guard lock(mutex);
    CHECK(heard == 3);
}

TEST_CASE("Server: a handshake that does not come in time is ended") {
    ServerOptions options;
    options.engine.timers.handshake = 50ms;
    EchoServer server(options);
    RawClient client(server);
    REQUIRE(client.write("GET / HTTP/1.1\r\nHost: a\r\n") == Status::ok);
    CHECK(client.read_end() == Status::end_of_stream);
}

TEST_CASE("Server: the handler chooses a subprotocol, or rejects") {
    Handler handler;
    handler.on_request = [](Connection& connection, const UpgradeRequest& request) {
        static_cast<void>(request.subprotocols.empty()
                              ? connection.reject(403)
                              : connection.accept(request.subprotocols.back()));
    };
    EchoServer server({}, handler);
    RawClient chosen(server);
    const std::string head = chosen.open("Sec-WebSocket-Protocol: a, b\r\n");
    CHECK(is_status(head, 101));
    CHECK(head.find("Sec-WebSocket-Protocol: b\r\n") != std::string::npos);
    RawClient rejected(server);
    CHECK(is_status(rejected.open(), 403));
    CHECK(rejected.read_end() == Status::end_of_stream);
    chosen.socket.close();
    rejected.socket.close();
    server.stop();
    CHECK(server.closed_count() == 1);  // on_close is for what was open
}

TEST_CASE("Server: what a handler throws is told, and the connection lives on") {
    std::promise<std::string> told;
    ServerOptions options;
    options.on_handler_error = [&](std::string_view what) { told.set_value(std::string(what)); };
    Handler handler;
    handler.on_message = [](Connection&, const Message&) { throw std::runtime_error("mine"); };
    EchoServer server(options, handler);
    RawClient client(server);
    client.open();
    REQUIRE(client.write(frame(Opcode::text, "x") + frame(Opcode::ping, "y")) == Status::ok);
    CHECK(client.read_frame() == Frame{Opcode::pong, "y"});
    CHECK(told.get_future().get() == "mine");
}

TEST_CASE("Server: a handler that throws over a request answers 500") {
    Handler handler;
    handler.on_request = [](Connection&, const UpgradeRequest&) { throw 1; };
    EchoServer server({}, handler);
    RawClient client(server);
    CHECK(is_status(client.open(), 500));
    CHECK(client.read_end() == Status::end_of_stream);
}

TEST_CASE("Server: a message above the limit is answered with 1009") {
    ServerOptions options;
    options.engine.limits.message = 10;
    EchoServer server(options);
    RawClient client(server);
    client.open();
    REQUIRE(client.write(frame(Opcode::text, "0123456789") + frame(Opcode::text, "01234567890")) ==
            Status::ok);
    CHECK(client.read_frame() == Frame{Opcode::text, "0123456789"});
    const auto close = client.read_frame();
    REQUIRE(close.has_value());
    CHECK(close->payload.starts_with(close_payload(CloseCode::message_too_big)));
}

TEST_CASE("SystemEntropy: no key comes twice, across the ends of its pool") {
    SystemEntropy entropy;
    std::set<std::vector<std::byte>> seen;
    for (int i = 0; i < 500; ++i) {
        std::vector<std::byte> key(17);
        entropy.fill(key);
        seen.insert(key);
    }
    CHECK(seen.size() == 500);
    std::vector<std::byte> much(5'000);
    entropy.fill(much);
    CHECK(std::count(much.begin(), much.end(), std::byte{0}) < 100);
}

TEST_CASE("SystemEntropy: a child does not get its parent's keys") {
    SystemEntropy entropy;
    std::array<std::byte, 16> own{};
    entropy.fill(own);  // from here on there is something left that a child could get
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    entropy.fill(own);
    if (child == 0) {
        ::_exit(::write(ends[1], own.data(), own.size()) == ssize_t{own.size()} ? 0 : 1);
    }
    std::array<std::byte, 16> childs{};
    CHECK(::read(ends[0], childs.data(), childs.size()) == ssize_t{childs.size()});
    int status = -1;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    CHECK(childs != own);
    ::close(ends[0]);
    ::close(ends[1]);
}

}  // namespace wsproof::runtime::test
