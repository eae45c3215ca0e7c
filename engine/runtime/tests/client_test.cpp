// The blocking client, against our own server and against peers that are bare sockets.
#include <algorithm>
#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <string_view>
#include <vector>
#include <wsproof/handshake.hpp>
#include <wsproof/runtime/client.hpp>

#include "support/certificates.hpp"
#include "support/raw_client.hpp"

namespace wsproof::runtime::test {

namespace {

Client must_open(const std::string& url, const ClientOptions& options = {}) {
    OpenResult result = Client::open(url, options);
    INFO(result.error);
    REQUIRE(result.client.has_value());
    CHECK(result.stage == OpenStage::open);
    return std::move(*result.client);
}

std::string text_of(Client& client) {
    const Received received = client.receive(soon());
    REQUIRE(received.outcome == Outcome::ok);
    return std::string(received.text());
}

ServerOptions secured(const wsproof::test::Identity& identity) {
    std::string error;
    ServerOptions options;
    options.tls = net::TlsContext::server(
        {.certificate_file = identity.certificate_file, .key_file = identity.key_file}, error);
    INFO(error);
    REQUIRE(options.tls != nullptr);
    return options;
}

// Peer is a server for one connection, scripted in a thread of its own.
class Peer {
  public:
    template <class Script>
    explicit Peer(Script script) {
        done_ = std::async(std::launch::async, [this, script] {
            net::Connected accepted = listener_.accept(soon());
            socket_ = std::move(accepted.socket);
            script(*this);
            socket_.close();
        });
    }

    [[nodiscard]] std::string url() const { return "ws://" + endpoint_ + "/"; }

    void write(std::string_view text) {
        auto left = std::as_bytes(std::span(text));
        while (!left.empty()) {
            const net::Result result = socket_.write(left, soon());
            if (result.status != net::Status::ok) {
                return;
            }
            left = left.subspan(result.size);
        }
    }

    // answer reads a request and opens the connection.
    void answer(std::string_view and_then = {}) {
        const std::string head = read_until("\r\n\r\n");
        const std::string name = "Sec-WebSocket-Key: ";
        const std::string key = head.substr(head.find(name) + name.size(), 24);
        const AcceptKey accept = accept_key(key);
        write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: " +
            std::string(accept.begin(), accept.end()) + "\r\n\r\n" + std::string(and_then));
    }

    std::string read_until(std::string_view end) {
        std::string in;
        while (in.find(end) == std::string::npos) {
            std::array<std::byte, 4096> buffer{};
            const net::Result result = socket_.read(buffer, soon());
            if (result.status != net::Status::ok) {
                break;
            }
            in.append(reinterpret_cast<const char*>(buffer.data()), result.size);
        }
        return in;
    }

    void drain() { read_until("\xFF\xFF never \xFF\xFF"); }
    net::Socket& socket() { return socket_; }

  private:
    net::Listener listener_ = any_listener();
    std::string endpoint_ = listener_.endpoint().to_string();
    net::Socket socket_;
    std::future<void> done_;
};

}  // namespace

TEST_CASE("Client: messages come back as they went") {
    EchoServer server;
    Client client = must_open(server.url());
    CHECK(client.send("Hello", soon()) == Outcome::ok);
    CHECK(text_of(client) == "Hello");
    const std::vector<std::byte> bytes(100'000, std::byte{0xA5});
    CHECK(client.send(MessageType::binary, bytes, soon()) == Outcome::ok);
    const Received received = client.receive(soon());
    CHECK(received.message.type == MessageType::binary);
    CHECK(std::ranges::equal(received.message.payload, bytes));
    CHECK(client.send("", soon()) == Outcome::ok);
    CHECK(text_of(client).empty());
    CHECK(client.peer() == server.endpoint().to_string());
    CHECK(client.stats().messages_received == 3);
}

TEST_CASE("Client: close does the closing handshake") {
    ServerOptions options;
    options.engine.timers.close = 60s;  // the client ends TCP as soon as the server has
    EchoServer server(options);
    Client client = must_open(server.url());
    CHECK_FALSE(client.closed().has_value());
    CHECK(client.close(soon(), static_cast<CloseCode>(4321), "bye") == Outcome::ok);
    REQUIRE(client.closed().has_value());
    CHECK(client.closed()->clean);
    CHECK(client.closed()->code == static_cast<CloseCode>(4321));
    const auto closed = server.closed();
    REQUIRE(closed.has_value());
    CHECK(closed->clean);
    CHECK(closed->code == static_cast<CloseCode>(4321));
    // What comes after is told so, and close() again is no error.
    CHECK(client.send("x", soon()) == Outcome::closed);
    CHECK(client.receive(soon()).outcome == Outcome::closed);
    CHECK(client.ping({}, soon()) == Outcome::closed);
    CHECK(client.close(soon()) == Outcome::ok);
}

TEST_CASE("Client: the server's stop is a Close with 1001") {
    EchoServer server;
    Client client = must_open(server.url());
    auto stopping = std::async(std::launch::async, [&] { return server.stop(); });
    CHECK(client.receive(soon()).outcome == Outcome::closed);
    CHECK(client.closed()->clean);
    CHECK(client.closed()->code == CloseCode::going_away);
    CHECK(stopping.get().status == net::Status::interrupted);
}

TEST_CASE("Client: what came before the server's Close is delivered first") {
    Peer peer([](Peer& self) {
        self.answer(
            std::string("\x81\x01"
                        "a\x81\x01"
                        "b\x88\x05\x03\xE8"
                        "end",
                        13));
        self.drain();
    });
    ClientOptions options;
    options.engine.timers.close = 100ms;
    Client client = must_open(peer.url(), options);
    CHECK(text_of(client) == "a");
    CHECK(text_of(client) == "b");
    // RFC 6455 §7.1.1: TCP is left to the server, for a while.
    CHECK(client.receive(in(10ms)).outcome == Outcome::timed_out);
    CHECK(client.close(soon()) == Outcome::ok);
    CHECK(client.closed()->code == CloseCode::normal);
    CHECK(client.closed()->reason == "end");
}

TEST_CASE("Client: a ping waits for its Pong, and keeps messages meanwhile") {
    EchoServer server;
    Client client = must_open(server.url());
    CHECK(client.send("before", soon()) == Outcome::ok);
    CHECK(client.ping(std::as_bytes(std::span("x", 1)), soon()) == Outcome::ok);
    CHECK(client.ping({}, soon()) == Outcome::ok);
    CHECK(text_of(client) == "before");
    CHECK(client.ping(std::vector<std::byte>(126), soon()) == Outcome::refused);
}

TEST_CASE("Client: another Pong than the one awaited does not count") {
    Peer peer([](Peer& self) {
        self.answer(std::string("\x8A\x01y", 3));
        self.drain();
    });
    Client client = must_open(peer.url());
    CHECK(client.ping(std::as_bytes(std::span("x", 1)), in(100ms)) == Outcome::timed_out);
}

TEST_CASE("Client: what the engine refuses is refused, and nothing is sent") {
    EchoServer server;
    Client client = must_open(server.url());
    CHECK(client.send("\xFF", soon()) == Outcome::refused);
    CHECK(client.close(soon(), CloseCode::abnormal) == Outcome::refused);
    CHECK(client.close(soon(), CloseCode::normal, std::string(124, 'x')) == Outcome::refused);
    CHECK(client.send("still open", soon()) == Outcome::ok);
    CHECK(text_of(client) == "still open");
}

TEST_CASE("Client: receiving from a silent peer times out, and the connection lives on") {
    EchoServer server;
    Client client = must_open(server.url());
    CHECK(client.receive(in(20ms)).outcome == Outcome::timed_out);
    CHECK(client.receive(net::Deadline::min()).outcome == Outcome::timed_out);
    CHECK(client.send("x", soon()) == Outcome::ok);
    CHECK(text_of(client) == "x");
}

TEST_CASE("Client: many messages out before one is read do not block both sides") {
    EchoServer server;
    Client client = must_open(server.url());
    const std::vector<std::byte> big(1 << 20, std::byte{1});
    for (int i = 0; i < 12; ++i) {
        REQUIRE(client.send(MessageType::binary, big, soon()) == Outcome::ok);
    }
    for (int i = 0; i < 12; ++i) {
        const Received received = client.receive(soon());
        REQUIRE(received.outcome == Outcome::ok);
        REQUIRE(received.message.payload.size() == big.size());
    }
}

TEST_CASE("Client: messages that nobody fetches bound what is read") {
    ClientOptions options;
    options.engine.limits.message = 1000;
    Peer peer([](Peer& self) {
        self.answer();
        for (int i = 0; i < 200; ++i) {
            self.write(std::string("\x82\x7E\x03\xE8", 4) + std::string(1000, 'x'));
        }
        self.drain();
    });
    Client client = must_open(peer.url(), options);
    CHECK(client.ping({}, in(100ms)) == Outcome::timed_out);
    for (int i = 0; i < 200; ++i) {
        REQUIRE(client.receive(soon()).message.payload.size() == 1000);
    }
}

TEST_CASE("Client: a message above the limit ends the connection") {
    EchoServer server;
    ClientOptions options;
    options.engine.limits.message = 4;
    Client client = must_open(server.url(), options);
    CHECK(client.send("12345", soon()) == Outcome::ok);
    CHECK(client.receive(soon()).outcome == Outcome::closed);
    CHECK(client.closed()->error == Error::message_too_big);
    CHECK(server.closed()->code == CloseCode::message_too_big);
}

TEST_CASE("Client: an end without a Close is abnormal") {
    const bool is_reset = GENERATE(false, true);
    Peer peer([is_reset](Peer& self) {
        self.answer();
        if (is_reset) {
            self.socket().reset();
        }
    });
    Client client = must_open(peer.url());
    CHECK(client.receive(soon()).outcome == Outcome::closed);
    CHECK_FALSE(client.closed()->clean);
    CHECK(client.closed()->code == CloseCode::abnormal);
    CHECK(client.closed()->error == Error::eof_before_close);
}

TEST_CASE("Client: a server that does not answer a Close is left after Timers::close") {
    ClientOptions options;
    options.engine.timers.close = 100ms;
    Peer peer([](Peer& self) {
        self.answer();
        self.drain();
    });
    Client client = must_open(peer.url(), options);
    CHECK(client.close(in(10ms)) == Outcome::timed_out);
    CHECK(client.close(soon()) == Outcome::ok);
    CHECK_FALSE(client.closed()->clean);
    CHECK(client.closed()->error == Error::close_timeout);
}

TEST_CASE("Client: an interrupt ends what waits") {
    net::Interrupt stop;
    ClientOptions options;
    options.interrupt = &stop;
    EchoServer server;
    Client client = must_open(server.url(), options);
    auto later = std::async(std::launch::async, [&] {
        std::this_thread::sleep_for(20ms);
        stop.trigger();
    });
    CHECK(client.receive(soon()).outcome == Outcome::interrupted);
    const OpenResult again = Client::open(server.url(), options);
    CHECK_FALSE(again.client.has_value());
    CHECK(again.error.find("interrupted") != std::string::npos);
}

TEST_CASE("Client: header fields, origin and subprotocols are sent, and the choice is known") {
    std::promise<std::string> seen;
    EchoServer server(
        {}, std::vector<Live>{
                {.subprotocol = "b",
                 .handler = {.on_request = [&](Connection&, const UpgradeRequest& request) {
                     std::string all(request.origin);
                     for (const Field& field : request.fields) {
                         all += "\n" + std::string(field.name) + ": " + std::string(field.value);
                     }
                     seen.set_value(all);
                 }}}});
    ClientOptions options;
    options.headers = {{"Authorization", "Basic eDp5"}, {"X-More", "1"}};
    options.origin = "http://example.com";
    options.subprotocols = {"a", "b"};
    Client client = must_open(server.url() + "chat?x=1", options);
    CHECK(client.subprotocol() == "b");
    const std::string all = seen.get_future().get();
    CHECK(all.starts_with("http://example.com\n"));
    CHECK(all.find("\nAuthorization: Basic eDp5") != std::string::npos);
    CHECK(all.find("\nX-More: 1") != std::string::npos);
    CHECK(all.find("\nHost: " + server.endpoint().to_string()) != std::string::npos);
}

TEST_CASE("Client: it connects from the address it is told to") {
    EchoServer server;
    ClientOptions options;
    options.local_address = "127.0.0.2";
    Client client = must_open(server.url(), options);
    CHECK(client.local().starts_with("127.0.0.2:"));
    options.local_address = "192.0.2.1";  // RFC 5737: nobody's
    const OpenResult result = Client::open(server.url(), options);
    CHECK(result.stage == OpenStage::connect);
    CHECK_FALSE(result.error.empty());
}

TEST_CASE("Client: where opening failed is told") {
    SECTION("arguments") {
        const OpenResult result = Client::open("http://localhost/");
        CHECK(result.stage == OpenStage::arguments);
        CHECK(result.error.find("ws://") != std::string::npos);
    }
    SECTION("a header field that is ours or none") {
        EchoServer server;
        for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
                 {"Sec-WebSocket-Key", "x"}, {"Bad Name", "x"}, {"Name", "a\r\nb: c"}}) {
            ClientOptions options;
            options.headers = {{name, value}};
            const OpenResult result = Client::open(server.url(), options);
            CHECK(result.stage == OpenStage::arguments);
            CHECK_FALSE(result.error.empty());
        }
    }
    SECTION("connect") {
        net::Listener listener = any_listener();
        const std::string url = "ws://" + listener.endpoint().to_string();
        listener.close();
        const OpenResult result = Client::open(url);
        CHECK(result.stage == OpenStage::connect);
        CHECK(result.error.find("refused") != std::string::npos);
    }
    SECTION("a status") {
        EchoServer server({}, std::vector<Live>{{.path = "/nowhere"}});
        const OpenResult result = Client::open(server.url());
        CHECK(result.stage == OpenStage::handshake);
        CHECK(result.status == 404);
        CHECK(result.error.find("404") != std::string::npos);
    }
    SECTION("no HTTP") {
        Peer peer([](Peer& self) {
            self.write("SSH-2.0-x\r\n\r\n");
            self.drain();
        });
        const OpenResult result = Client::open(peer.url());
        CHECK(result.stage == OpenStage::handshake);
        CHECK(result.status == 0);
        CHECK_FALSE(result.error.empty());
    }
    SECTION("silence") {
        Peer peer([](Peer& self) { self.drain(); });
        ClientOptions options;
        options.timeout = 100ms;
        const OpenResult result = Client::open(peer.url(), options);
        CHECK(result.stage == OpenStage::handshake);
        CHECK(result.error.find("in time") != std::string::npos);
    }
}

TEST_CASE("Client: wss checks the certificate and the name") {
    const auto& all = wsproof::test::certificates();
    ClientOptions options;
    options.tls.ca_file = all.ca_file;
    SECTION("good, by address and by name") {
        EchoServer server(secured(all.good));
        for (const std::string host : {"127.0.0.1", "localhost"}) {
            const std::string port = server.url().substr(server.url().rfind(':'));
            Client client = must_open("wss://" + host + port, options);
            CHECK(client.send("Hello", soon()) == Outcome::ok);
            CHECK(text_of(client) == "Hello");
            CHECK(client.close(soon()) == Outcome::ok);
            CHECK(client.closed()->clean);
        }
    }
    SECTION("bad") {
        for (const auto* identity : {&all.expired, &all.other_host, &all.self_signed}) {
            EchoServer server(secured(*identity));
            const OpenResult result = Client::open(server.url("wss"), options);
            CHECK(result.stage == OpenStage::tls);
            CHECK(result.tls_fault == net::TlsFault::certificate);
            CHECK(result.error.find("certificate") != std::string::npos);
            ClientOptions insecure;
            insecure.tls.insecure = true;
            CHECK(Client::open(server.url("wss"), insecure).client.has_value());
        }
    }
    SECTION("no such file") {
        options.tls.ca_file = all.path("none.pem");
        const OpenResult result = Client::open("wss://127.0.0.1:1/", options);
        CHECK(result.stage == OpenStage::arguments);
        CHECK(result.error.find("none.pem") != std::string::npos);
    }
    SECTION("a plain port") {
        EchoServer server;
        const OpenResult result = Client::open(server.url("wss"), options);
        CHECK(result.stage == OpenStage::tls);
        CHECK(result.tls_fault == net::TlsFault::not_tls);
    }
}

TEST_CASE("Client: megabytes go both ways within TLS") {
    const auto& all = wsproof::test::certificates();
    EchoServer server(secured(all.good));
    ClientOptions options;
    options.tls.ca_file = all.ca_file;
    Client client = must_open(server.url("wss"), options);
    std::string text(3 << 20, 'x');
    for (int i = 0; i < 3; ++i) {
        REQUIRE(client.send(text, soon()) == Outcome::ok);
    }
    for (int i = 0; i < 3; ++i) {
        REQUIRE(text_of(client) == text);
    }
    CHECK(client.close(soon()) == Outcome::ok);
}

}  // namespace wsproof::runtime::test
