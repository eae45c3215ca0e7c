// The loop of WebSockets: what it bounds, what it survives, and the verbs for sockets of others.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>
#include <wsproof/runtime/websockets.hpp>

#include "support/raw_client.hpp"
#include "support/tls_pair.hpp"

namespace wsproof::runtime::test {

namespace {

std::string text_of(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string name_of(HubEventType type) {
    static const char* const kNames[] = {"text",       "binary", "ping",    "pong", "connect",
                                         "disconnect", "close",  "timeout", "error"};
    return kNames[static_cast<std::size_t>(type)];
}

// Notes is a log for tests.
struct Notes final : HubLog {
    void write(LogLevel /*level*/, SocketId /*socket*/, std::string_view text) noexcept override {
        all += std::string(text) + "\n";
    }
    std::string all;
};

// Fixture is a loop with an echo server in it, and notes of what handlers heard.
struct Fixture {
    explicit Fixture(const Options& options = {}, const WebSocketsBounds& bounds = {})
        : sockets(options, &log, bounds),
          server(sockets.server("127.0.0.1", 0)),
          endpoint(net::resolve("127.0.0.1", sockets.port(server), soon()).endpoints.front()) {}

    void echo(std::string_view path = "*", std::string_view proto = "*") {
        sockets.live(
            server, path,
            [this](SocketId, const HubEvent& event) {
                note(event);
                if (event.type == HubEventType::text || event.type == HubEventType::binary) {
                    sockets.send(event.socket, name_of(event.type), text_of(event.message));
                }
            },
            proto);
    }

    // open connects to the server, and notes what the client hears under `name`.
    SocketId open(const std::string& path = "/", const OpenOptions& options = {}) {
        return sockets.open("ws://" + endpoint.to_string() + path, noting(), options);
    }

    WebSockets::Handler noting() {
        return [this](SocketId, const HubEvent& event) { note(event); };
    }

    void note(const HubEvent& event) {
        std::string line = name_of(event.type);
        if (!event.message.empty()) {
            line += " " + text_of(event.message);
        }
        if (event.type == HubEventType::close) {
            line += " " + std::to_string(static_cast<int>(event.code));
        }
        heard[event.socket].push_back(line + (event.text.empty() ? "" : " ") +
                                      std::string(event.text));
    }

    // until goes round until it holds; false: not in time.
    bool until(const std::function<bool()>& holds) {
        const net::Deadline deadline = soon();
        while (!holds() && net::Clock::now() < deadline) {
            sockets.poll(deadline);
        }
        return holds();
    }

    bool hears(SocketId socket, const std::string& line) {
        return until([&] {
            const auto& lines = heard[socket];
            return std::find(lines.begin(), lines.end(), line) != lines.end();
        });
    }

    Notes log;
    std::map<SocketId, std::vector<std::string>> heard;
    WebSockets sockets;
    SocketId server;
    net::Endpoint endpoint;
};

}  // namespace

TEST_CASE("WebSockets: an event's views outlive the verbs that a handler calls") {
    Fixture all;
    std::string path;
    all.sockets.live(all.server, "*", [&](SocketId socket, const HubEvent& event) {
        all.sockets.send(socket, "text", "first");
        all.sockets.configure(socket, {});
        path += text_of(event.message) + std::string(event.path) + "?" + std::string(event.query);
    });
    const SocketId socket = all.open("/a?b");
    REQUIRE(all.hears(socket, "text first"));
    CHECK(path == "/a?b");
}

TEST_CASE("WebSockets: connections above the bound wait for room") {
    WebSocketsBounds bounds;
    bounds.connections_max = 1;
    Fixture all({}, bounds);
    all.echo();
    const SocketId first = all.open();
    REQUIRE(all.hears(first, "connect"));
    const SocketId second = all.open();
    all.sockets.poll(in(50ms));
    CHECK(all.sockets.conninfo(second, "state") == "CONNECTING");
    all.sockets.close(first);
    REQUIRE(all.hears(second, "connect"));
}

TEST_CASE("WebSockets: a peer that takes nothing is dropped") {
    WebSocketsBounds bounds;
    bounds.write = 100ms;
    Fixture all({}, bounds);
    all.echo();
    RawClient silent(all.endpoint);
    silent.send_request();
    REQUIRE(all.until([&] { return !all.heard.empty(); }));
    const SocketId served = all.heard.begin()->first;
    const std::string big(1 << 20, 'x');
    for (int i = 0; i < 12; ++i) {
        all.sockets.send(served, "binary", big);
    }
    CHECK(all.hears(served, "disconnect"));
}

TEST_CASE("WebSockets: verbs may be called by handlers, whatever the event") {
    Fixture all;
    all.echo();
    SocketId second = 0;
    const SocketId first = all.sockets.open("ws://" + all.endpoint.to_string() + "/",
                                            [&](SocketId, const HubEvent& event) {
                                                if (event.type == HubEventType::connect) {
                                                    second = all.open();
                                                    all.sockets.close(event.socket);
                                                }
                                                all.note(event);
                                            });
    REQUIRE(all.hears(first, "disconnect"));
    REQUIRE(all.hears(second, "connect"));
}

TEST_CASE("WebSockets: stop closes with 1001, waits, and ends what is left") {
    Fixture all;
    all.echo();
    const SocketId socket = all.open();
    REQUIRE(all.hears(socket, "connect"));
    RawClient silent(all.endpoint);  // opens, and then does nothing
    silent.send_request();
    REQUIRE(all.until([&] {
        return std::count_if(all.heard.begin(), all.heard.end(),
                             [](const auto& each) { return each.second[0] == "connect"; }) == 3;
    }));
    const auto began = net::Clock::now();
    all.sockets.stop(200ms);
    CHECK(net::Clock::now() - began < 5s);
    CHECK(all.sockets.find().empty());
    CHECK(silent.read_head().starts_with("HTTP/1.1 101 "));
    const auto close = silent.read_frame();
    REQUIRE(close.has_value());
    CHECK(close->payload.starts_with(close_payload(CloseCode::going_away)));
    CHECK(net::connect(all.endpoint, soon()).result.status == net::Status::refused);
    all.sockets.run();  // nothing is left: it returns
}

TEST_CASE("WebSockets: a handler that opens anew at each end does not keep stop from its own") {
    Fixture all;
    all.echo();
    int refusals = 0;
    WebSockets::Handler again;
    again = [&](SocketId, const HubEvent& event) {
        all.note(event);
        if (event.type == HubEventType::disconnect) {
            ++refusals;  // unless open() succeeds
            all.sockets.open("ws://" + all.endpoint.to_string() + "/", again);
            --refusals;
        }
    };
    REQUIRE(
        all.hears(all.sockets.open("ws://" + all.endpoint.to_string() + "/", again), "connect"));
    all.sockets.stop(500ms);
    CHECK(refusals == 1);
    CHECK(all.sockets.find().empty());
}

TEST_CASE("WebSockets: many megabytes through one loop, both ways") {
    Options options;
    options.limits.output_queue = 1 << 20;
    Fixture all(options);
    all.echo();
    const SocketId socket = all.open();
    REQUIRE(all.hears(socket, "connect"));
    const std::string big(300'000, 'x');
    for (int i = 0; i < 30; ++i) {
        all.sockets.send(socket, "binary", big);
    }
    REQUIRE(all.until([&] { return all.heard[socket].size() == 31; }));
    CHECK(all.heard[socket].back() == "binary " + big);
    CHECK(all.log.all.empty());
}

TEST_CASE("WebSockets: a request that was read elsewhere is tested and upgraded") {
    Fixture all;
    all.echo("/chat");
    net::test::SocketPair pair;
    RawClient client(std::move(pair.client));
    const SocketId socket = all.sockets.attach(net::Stream(std::move(pair.server)));
    const std::vector<Field> fields = {{"Host", "a"},
                                       {"Upgrade", "websocket"},
                                       {"Connection", "Upgrade"},
                                       {"Sec-WebSocket-Version", "13"},
                                       {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    CHECK_FALSE(all.sockets.test(all.server, socket, "/other", fields).matches);
    CHECK_THROWS_AS(all.sockets.upgrade(socket), WebSocketError);
    CHECK(all.sockets.test(all.server, socket, "/chat", fields, "x=1").matches);
    const std::string early = frame(Opcode::text, "early");
    all.sockets.upgrade(socket, std::as_bytes(std::span(early)));
    REQUIRE(all.hears(socket, "text early"));
    all.sockets.poll(net::Deadline::min());
    CHECK(client.read_head().starts_with("HTTP/1.1 101 "));
    CHECK(client.read_frame() == Frame{Opcode::text, "early"});
}

TEST_CASE("WebSockets: sockets that are WebSockets already are taken over") {
    Fixture all;
    net::test::SocketPair pair;
    const SocketId one = all.sockets.attach(net::Stream(std::move(pair.client)));
    const SocketId other = all.sockets.attach(net::Stream(std::move(pair.server)));
    all.sockets.takeover(one, all.noting());
    all.sockets.takeover(other, all.noting(), true);
    all.sockets.send(one, "ping", "p");
    all.sockets.send(one, 2, std::as_bytes(std::span("\1\2", 2)));
    CHECK(all.hears(other, "ping p"));
    CHECK(all.hears(other, "binary \1\2"));
    CHECK(all.hears(one, "pong p"));
    all.sockets.close(other, CloseCode::going_away, "bye");
    CHECK(all.hears(one, "close 1001 bye"));
    CHECK(all.hears(one, "disconnect"));
    CHECK(all.hears(other, "disconnect"));
}

TEST_CASE("WebSockets: keep-alive pings go out by the loop's own clock") {
    Fixture all;
    all.echo();
    const SocketId socket = all.open();
    REQUIRE(all.hears(socket, "connect"));
    const std::vector<std::string_view> options = {"-keepalive", "1", "-ping", "alive?"};
    all.sockets.configure(socket, options);
    CHECK(all.hears(socket, "pong alive?"));
}

}  // namespace wsproof::runtime::test
