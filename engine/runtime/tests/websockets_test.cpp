// The documented API over real sockets: handlers are called, whatever the events.
#include <catch2/catch.hpp>
#include <mutex>
#include <string>
#include <vector>
#include <wsproof/runtime/websockets.hpp>

#include "support/certificates.hpp"

namespace wsproof::runtime::test {
namespace {

using wsproof::test::certificates;
using Lines = std::vector<std::string>;

std::string text_of(Bytes bytes) {
    std::string text;
    for (const std::byte byte : bytes) {
        text.push_back(static_cast<char>(byte));
    }
    return text;
}

std::string line(const HubEvent& event) {
    constexpr std::array<std::string_view, 9> kNames = {
        "text", "binary", "ping", "pong", "connect", "disconnect", "close", "timeout", "error"};
    std::string text(kNames[static_cast<std::size_t>(event.type)]);
    if (!event.message.empty()) {
        text += " " + text_of(event.message);
    }
    return event.text.empty() ? text : text + " " + std::string(event.text);
}

class MemoryLog final : public HubLog {
  public:
    void write(LogLevel /*level*/, SocketId /*socket*/, std::string_view text) noexcept override {
        lines.emplace_back(text);
    }
    Lines lines;
};

// Echo is a server that echoes, and what its handlers heard.
struct Echo {
    explicit Echo(std::shared_ptr<const net::TlsContext> tls = nullptr)
        : server(sockets.server("127.0.0.1", 0, std::move(tls))) {
        sockets.live(server, "/echo*", [this](SocketId socket, const HubEvent& event) {
            heard.push_back(line(event));
            if (event.type == HubEventType::text) {
                sockets.send(socket, "text", text_of(event.message));
            }
        });
    }
    [[nodiscard]] std::string url(const std::string& path = "/echo", bool tls = false) const {
        return (tls ? "wss://127.0.0.1:" : "ws://127.0.0.1:") +
               std::to_string(sockets.port(server)) + path;
    }
    // run polls until `client` has heard of its disconnection, for 10 s at most.
    void run(const Lines& client) {
        const auto until = net::Clock::now() + std::chrono::seconds(10);
        while ((client.empty() || client.back() != "disconnect") && net::Clock::now() < until) {
            sockets.poll(net::Clock::now() + std::chrono::milliseconds(100));
        }
        for (int i = 0; i < 5; ++i) {  // the server's side of the end
            sockets.poll(net::Clock::now() + std::chrono::milliseconds(5));
        }
    }
    // talk says hello once it is connected, and closes after the echo.
    Lines talk(const std::string& url, const OpenOptions& options = {}) {
        Lines lines;
        sockets.open(
            url,
            [&](SocketId socket, const HubEvent& event) {
                lines.push_back(line(event));
                if (event.type == HubEventType::connect) {
                    sockets.send(socket, "text", "Hello");
                } else if (event.type == HubEventType::text) {
                    sockets.close(socket);
                }
            },
            options);
        run(lines);
        return lines;
    }

    MemoryLog log;
    WebSockets sockets{{}, &log};
    Lines heard;
    SocketId server;
};

const Lines kWhole = {"connect", "text Hello", "close Normal closure", "disconnect"};

TEST_CASE("WebSockets: open, wait for connect, send, receive the echo, close") {
    Echo echo;
    CHECK(echo.talk(echo.url()) == Lines{"connect", "text Hello", "close", "disconnect"});
    CHECK(echo.heard == kWhole);
    CHECK(echo.sockets.find().empty());
}

TEST_CASE("WebSockets: the same within TLS; whom nobody trusts is refused, and said so") {
    std::string error;
    Echo echo(net::TlsContext::server({.certificate_file = certificates().good.certificate_file,
                                       .key_file = certificates().good.key_file},
                                      error));
    OpenOptions trusting;
    trusting.ca_file = certificates().ca_file;
    CHECK(echo.talk(echo.url("/echo", true), trusting).size() == 4);
    const Lines refused = echo.talk(echo.url("/echo", true));
    REQUIRE(refused.size() == 2);
    CHECK(refused[0].find("certificate verify failed") != std::string::npos);
    CHECK(refused[1] == "disconnect");
    OpenOptions careless;
    careless.insecure = true;
    CHECK(echo.talk(echo.url("/echo", true), careless).size() == 4);
}

TEST_CASE("WebSockets: what is refused is an error, then a disconnect") {
    Echo echo;
    const Lines unknown = echo.talk(echo.url("/other"));
    CHECK(unknown == Lines{"error the server answered 404", "disconnect"});
    const std::uint16_t port = [] {
        WebSockets gone;
        return gone.port(gone.server("127.0.0.1", 0));
    }();
    const Lines dead = echo.talk("ws://127.0.0.1:" + std::to_string(port) + "/");
    const std::string where = "127.0.0.1:" + std::to_string(port);
    CHECK(dead == Lines{"error " + where + ": connection refused", "disconnect"});
}

TEST_CASE("WebSockets: an opening that nobody answers times out") {
    const net::Endpoint any = net::resolve("127.0.0.1", 0, net::Deadline::max()).endpoints.front();
    std::string error;
    const auto silent = net::Listener::listen(any, 8, error);
    REQUIRE(silent);
    WebSockets sockets;
    Lines lines;
    OpenOptions options;
    options.timeout = std::chrono::milliseconds(50);
    sockets.open(
        "ws://127.0.0.1:" + std::to_string(silent->port()) + "/",
        [&](SocketId, const HubEvent& event) { lines.push_back(line(event)); }, options);
    sockets.run();  // to the end of its only socket
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].starts_with("timeout"));
    CHECK(lines[1] == "disconnect");
}

TEST_CASE("WebSockets: what a handler throws is logged, and the connection lives on") {
    Echo echo;
    Lines lines;
    echo.sockets.open(echo.url(), [&](SocketId socket, const HubEvent& event) {
        lines.push_back(line(event));
        if (event.type == HubEventType::connect) {
            echo.sockets.send(socket, "text", "one");
            throw std::runtime_error("oops");
        }
        if (event.type == HubEventType::text) {
            echo.sockets.close(socket);
        }
    });
    echo.run(lines);
    CHECK(lines.size() == 4);
    CHECK(echo.log.lines == Lines{"a handler threw: oops"});
}

TEST_CASE("WebSockets: many at a time, and big messages") {
    Echo echo;
    const std::string big(3'000'000, 'x');
    int closed = 0;
    for (int i = 0; i < 20; ++i) {
        echo.sockets.open(echo.url(), [&](SocketId socket, const HubEvent& event) {
            if (event.type == HubEventType::connect) {
                echo.sockets.send(socket, "text", big);
            } else if (event.type == HubEventType::text) {
                CHECK(event.message.size() == big.size());
                echo.sockets.close(socket);
            } else if (event.type == HubEventType::disconnect) {
                ++closed;
            }
        });
    }
    CHECK(echo.sockets.find("127.0.0.1").size() == 20);
    const auto until = net::Clock::now() + std::chrono::seconds(60);
    while (closed < 20 && net::Clock::now() < until) {
        echo.sockets.poll(net::Clock::now() + std::chrono::milliseconds(100));
    }
    CHECK(closed == 20);
}

TEST_CASE("WebSockets: raised errors say what would be right") {
    WebSockets sockets;
    CHECK_THROWS_WITH(sockets.open("http://a/", nullptr), "url: it begins with ws:// or wss://");
    CHECK_THROWS_AS(sockets.send(1, "text"), WebSocketError);
    CHECK_THROWS_AS(sockets.conninfo(1, "state"), WebSocketError);
    CHECK_THROWS_AS(sockets.configure(1, {}), WebSocketError);
    CHECK_THROWS_AS(sockets.close(1), WebSocketError);
    CHECK_THROWS_AS(sockets.live(1, "*", nullptr), WebSocketError);
    CHECK_THROWS_AS(sockets.port(1), WebSocketError);
    CHECK_THROWS_AS(sockets.shut_down(1), WebSocketError);
    CHECK_THROWS_AS(sockets.server("no.such.host.invalid", 0), WebSocketError);
    CHECK_THROWS_AS(sockets.loglevel("loud"), WebSocketError);
    CHECK(sockets.loglevel() == "error");
    CHECK_FALSE(sockets.poll(net::Deadline::min()));
}

TEST_CASE("WebSockets: introspection, keep-alive and the end of listening") {
    Echo echo;
    Lines lines;
    const SocketId socket = echo.sockets.open(
        echo.url(), [&](SocketId, const HubEvent& event) { lines.push_back(line(event)); });
    CHECK(echo.sockets.conninfo(socket, "state") == "CONNECTING");
    while (lines.empty()) {
        echo.sockets.poll(net::Clock::now() + std::chrono::seconds(1));
    }
    CHECK(echo.sockets.conninfo(socket, "state") == "CONNECTED");
    CHECK(echo.sockets.conninfo(socket, "peername") == "127.0.0.1");
    CHECK(echo.sockets.find("*", std::to_string(echo.sockets.port(echo.server))).size() == 1);
    const std::vector<std::string_view> options = {"-keepalive", "3600", "-ping", "hi"};
    echo.sockets.configure(socket, options);
    echo.sockets.shut_down(echo.server);
    echo.sockets.send(socket, "ping", "p");
    echo.sockets.close(socket, CloseCode::going_away, "bye");
    echo.run(lines);
    CHECK(lines == Lines{"connect", "pong p", "close", "disconnect"});
    CHECK(echo.heard.back() == "disconnect");
    CHECK_FALSE(echo.sockets.poll(net::Deadline::min()));
}

}  // namespace
}  // namespace wsproof::runtime::test
