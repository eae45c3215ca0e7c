// wsproof::runtime: the documented API (wsproof/hub.hpp) with handlers that are called, over one
// poll loop in one thread:
//
//   WebSockets sockets;
//   sockets.open("ws://127.0.0.1:8080/", [&](SocketId socket, const HubEvent& event) { … });
//   sockets.run();
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>
#include <wsproof/hub.hpp>
#include <wsproof/net/stream.hpp>

namespace wsproof::runtime {

// WebSocketError is what the package raises: what() says what is wrong and what would be right.
class WebSocketError : public std::runtime_error {
  public:
    WebSocketError(HubErrorKind kind, const std::string& what)
        : std::runtime_error(what), kind_(kind) {}
    [[nodiscard]] HubErrorKind kind() const noexcept { return kind_; }

  private:
    HubErrorKind kind_;
};

struct WebSocketsBounds {
    std::chrono::milliseconds write{60'000};  // a peer that takes nothing for so long is dropped
    std::size_t connections_max = 512;        // of servers; more wait in the system's backlog
};

// WebSockets is for one thread. A peer is not read from while Limits::output_queue bytes for it are
// unsent. Its handlers may call any verb, but none of poll(), run() and stop(). What a
// handler throws is logged as an error, and the connection lives on.
class WebSockets {
  public:
    // The event's views last as long as the call, whatever is called from within.
    using Handler = std::function<void(SocketId, const HubEvent&)>;

    // `options` are those of servers' connections; `log`, if there is one, outlives this.
    explicit WebSockets(const Options& options = {}, HubLog* log = nullptr,
                        const WebSocketsBounds& bounds = {});
    WebSockets(const WebSockets&) = delete;
    WebSockets& operator=(const WebSockets&) = delete;
    ~WebSockets();  // ends all transports as they are; see stop()

    // open looks the host up and waits for TCP, up to OpenOptions::timeout or 30 s; TLS and the
    // handshake are poll()'s.
    // What fails, but for bad arguments, is told to the handler: error or timeout, then disconnect.
    SocketId open(std::string_view url, Handler handler, const OpenOptions& options = {});
    std::int64_t send(SocketId socket, std::string_view type, std::string_view message = {},
                      bool is_final = true);
    std::int64_t send(SocketId socket, int opcode, Bytes message, bool is_final = true);

    // server listens; with a server's context within TLS. Throws WebSocketError if it cannot.
    SocketId server(std::string_view host, std::uint16_t port,
                    std::shared_ptr<const net::TlsContext> tls = nullptr);
    [[nodiscard]] std::uint16_t port(SocketId server) const;  // that it listens on
    void live(SocketId server, std::string_view path, Handler handler,
              std::string_view proto = "*");

    // attach, test, upgrade: for requests that another HTTP server has read from `stream`.
    // `already_read` is what came behind the request's head.
    SocketId attach(net::Stream stream);
    TestResult test(SocketId server, SocketId socket, std::string_view path,
                    std::span<const Field> headers, std::string_view query = {});
    void upgrade(SocketId socket, Bytes already_read = {});
    void takeover(SocketId socket, Handler handler, bool is_server = false,
                  Bytes already_read = {});

    [[nodiscard]] std::string conninfo(SocketId socket, std::string_view what) const;
    [[nodiscard]] std::vector<SocketId> find(std::string_view host = "*",
                                             std::string_view port = "*") const;
    void configure(SocketId socket, std::span<const std::string_view> options);
    std::string loglevel(std::string_view level = {});
    void close(SocketId socket, CloseCode code = CloseCode::normal, std::string_view reason = {});

    // poll moves what can be moved, once, and calls handlers; it waits for something until
    // `deadline`. False once there is neither a server nor a WebSocket.
    bool poll(net::Deadline deadline, const net::Interrupt* interrupt = nullptr);
    // run polls until there is neither, or until `interrupt` is triggered.
    void run(const net::Interrupt* interrupt = nullptr);
    // shut_down ends a server's listening; its connections live on.
    void shut_down(SocketId server);
    // stop ends all listening, closes every connection with 1001, and ends what is left of them
    // after `time`. Until it returns open() throws: wrong_state.
    void stop(std::chrono::milliseconds time);

    [[nodiscard]] Hub& hub() noexcept;

  private:
    struct Loop;
    std::unique_ptr<Loop> loop_;
};

}  // namespace wsproof::runtime
