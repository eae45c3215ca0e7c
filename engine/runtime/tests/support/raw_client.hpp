// A server under test, and a client that is nothing but a socket: it sends what it is told, in
// whatever order, and reports what comes, FIN and RST included.
#pragma once

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>
#include <wsproof/frame.hpp>
#include <wsproof/net/socket.hpp>
#include <wsproof/runtime/server.hpp>

namespace wsproof::runtime::test {

using namespace std::chrono_literals;

inline net::Deadline in(net::Clock::duration time) {
    return net::Clock::now() + time;
}

inline net::Deadline soon() {
    return in(10s);
}

inline net::Listener any_listener() {
    const net::Resolved local = net::resolve("127.0.0.1", 0, soon());
    std::string error;
    auto listener = net::Listener::listen(local.endpoints.front(), 64, error);
    INFO(error);
    REQUIRE(listener.has_value());
    return std::move(*listener);
}

// EchoServer runs until it is destroyed, and notes how connections ended.
class EchoServer {
  public:
    explicit EchoServer(const ServerOptions& options = {}, Handler handler = {})
        : endpoint_(listener_.endpoint()) {
        if (!handler.on_message) {
            handler.on_message = [this](Connection& connection, const Message& message) {
                const Error error = connection.send(message.type, Payload::copy(message.payload));
                const std::lock_guard lock(mutex_);
                refused_ += error == Error::output_full ? 1 : 0;
            };
        }
        handler.on_close = [this](const Closed& closed) {
            const std::lock_guard lock(mutex_);
            closed_.push_back(closed);
            changed_.notify_all();
        };
        lives_.push_back({.handler = std::move(handler)});
        start(options);
    }
    // or something else than an echo
    EchoServer(const ServerOptions& options, std::vector<Live> lives)
        : endpoint_(listener_.endpoint()), lives_(std::move(lives)) {
        start(options);
    }

    ~EchoServer() { stop(); }

    // stop returns what serve() did.
    net::Result stop() {
        stop_.trigger();
        if (thread_.joinable()) {
            thread_.join();
        }
        return result_;
    }

    // closed waits for the first connection to end.
    std::optional<Closed> closed() {
        std::unique_lock lock(mutex_);
        changed_.wait_until(lock, soon(), [this] { return !closed_.empty(); });
        return closed_.empty() ? std::nullopt : std::optional(closed_.front());
    }

    std::size_t closed_count() {
        const std::lock_guard lock(mutex_);
        return closed_.size();
    }

    int refused() {  // echoes that send() did not take
        const std::lock_guard lock(mutex_);
        return refused_;
    }

    [[nodiscard]] const net::Endpoint& endpoint() const { return endpoint_; }

    [[nodiscard]] std::string url(std::string_view scheme = "ws") const {
        return std::string(scheme) + "://" + endpoint_.to_string() + "/";
    }

  private:
    void start(const ServerOptions& options) {
        thread_ =
            std::thread([this, options] { result_ = serve(listener_, options, lives_, stop_); });
    }

    net::Listener listener_ = any_listener();
    net::Endpoint endpoint_;
    net::Interrupt stop_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Closed> closed_;
    int refused_ = 0;
    std::vector<Live> lives_;
    net::Result result_;
    std::thread thread_;
};

struct Frame {
    Opcode opcode = Opcode::continuation;
    std::string payload;
    bool operator==(const Frame&) const = default;
};

// frame is one masked frame; the key is zero, which leaves the payload legible.
inline std::string frame(Opcode opcode, std::string_view payload, bool fin = true) {
    const FrameHeader header{.fin = fin,
                             .opcode = opcode,
                             .masked = true,
                             .length_form = shortest_form(payload.size()),
                             .payload_size = payload.size()};
    std::array<std::byte, kHeaderSizeMax> head{};
    const std::size_t size = encode(header, head);
    std::string out(reinterpret_cast<const char*>(head.data()), size);
    return out.append(payload);
}

// close_payload is the body of a Close.
inline std::string close_payload(CloseCode code) {
    const auto value = static_cast<std::uint16_t>(code);
    return {static_cast<char>(value >> 8), static_cast<char>(value & 0xFF)};
}

class RawClient {
  public:
    explicit RawClient(const EchoServer& server) : RawClient(server.endpoint()) {}
    explicit RawClient(net::Socket connected) : socket(std::move(connected)) {}
    explicit RawClient(const net::Endpoint& endpoint) {
        net::Connected connected = net::connect(endpoint, soon());
        REQUIRE(connected.result.status == net::Status::ok);
        socket = std::move(connected.socket);
    }

    // write waits until all is written or the connection refuses; returns why it stopped.
    net::Status write(std::string_view text, net::Deadline deadline = soon()) {
        auto left = std::as_bytes(std::span(text));
        while (!left.empty()) {
            const net::Result result = socket.write(left, deadline);
            if (result.status != net::Status::ok) {
                return result.status;
            }
            left = left.subspan(result.size);
        }
        return net::Status::ok;
    }

    // open does the handshake, and returns the response's head.
    std::string open(std::string_view fields = {}) {
        send_request(fields);
        return read_head();
    }

    void send_request(std::string_view fields = {}) {
        const net::Status status = write(
            "GET /chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
            std::string(fields) + "\r\n");
        CHECK(status == net::Status::ok);
    }

    std::string read_head() {
        while (input_.find("\r\n\r\n") == std::string::npos && fill()) {
        }
        const std::size_t end = input_.find("\r\n\r\n");
        return end == std::string::npos ? take(input_.size()) : take(end + 4);
    }

    // read_frame is nullopt if the stream ends first.
    std::optional<Frame> read_frame() {
        while (true) {
            const auto header = decode(std::as_bytes(std::span(input_)));
            if (header && input_.size() >= header_size(*header) + header->payload_size) {
                CHECK_FALSE(header->masked);
                static_cast<void>(take(header_size(*header)));
                return Frame{header->opcode, take(header->payload_size)};
            }
            if (!fill()) {
                return std::nullopt;
            }
        }
    }

    // read_end is how the stream ends; timed_out if it does not. `unread` is what came before.
    net::Status read_end(net::Deadline deadline = soon()) {
        while (fill(deadline)) {
        }
        return status_;
    }

    [[nodiscard]] const std::string& unread() const { return input_; }

    net::Socket socket;

  private:
    bool fill(net::Deadline deadline = soon()) {
        std::vector<std::byte> buffer(64 << 10);
        const net::Result result = socket.read(buffer, deadline);
        status_ = result.status;
        input_.append(reinterpret_cast<const char*>(buffer.data()), result.size);
        return result.status == net::Status::ok;
    }

    std::string take(std::size_t size) {
        std::string front = input_.substr(0, size);
        input_.erase(0, size);
        return front;
    }

    std::string input_;
    net::Status status_ = net::Status::ok;
};

}  // namespace wsproof::runtime::test
