// wsproof::net: TCP with a deadline on every call that can block. No WebSocket in it. SIGPIPE is
// never raised. EOF, reset, time-out and interruption are told apart.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wsproof::net {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

enum class Status : std::uint8_t {
    ok,
    end_of_stream,  // the peer shut down writing: FIN
    reset,          // RST, or a write to a connection that the peer has closed
    timed_out,      // the deadline passed; nothing was transferred
    interrupted,    // Interrupt::trigger() was called
    refused,        // connect: nobody listens
    unreachable,    // connect: no route, no such host
    truncated,      // TLS: FIN without close_notify (RFC 8446 §6.1); the end may be an attacker's
    tls_failed,     // the TLS handshake or a record; Stream::tls_error() says why
    failed,         // anything else, see `error`
};
[[nodiscard]] std::string_view name(Status status) noexcept;

struct Result {
    Status status = Status::ok;
    std::size_t size = 0;  // bytes transferred
    int error = 0;         // errno, for messages
};

// Interrupt ends calls that wait, now and later, in every thread. trigger() may be called from a
// signal handler.
class Interrupt {
  public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;
    void trigger() noexcept;
    [[nodiscard]] bool is_triggered() const noexcept;
    [[nodiscard]] int fd() const noexcept;  // becomes readable for good

  private:
    int fd_ = -1;
};

// Endpoint is one IPv4 or IPv6 address with a port.
struct Endpoint {
    std::vector<std::byte> address;               // a sockaddr
    [[nodiscard]] std::string to_string() const;  // "127.0.0.1:80", "[::1]:80"
    [[nodiscard]] bool is_loopback() const noexcept;
    [[nodiscard]] std::vector<std::byte> octets() const;  // 4 or 16, as on the wire; else none
    [[nodiscard]] std::uint16_t port() const noexcept;    // 0 if it is no address
};

struct Resolved {
    std::vector<Endpoint> endpoints;  // in the resolver's order; empty on failure
    std::string error;                // for people
};

// resolve looks `host` up (a name, an IPv4 address or an IPv6 address without brackets) and gives
// up at `deadline`.
[[nodiscard]] Resolved resolve(std::string_view host, std::uint16_t port, Deadline deadline);

// Socket is a connected TCP stream; empty when default-constructed or closed. Nagle is off.
class Socket {
  public:
    Socket() noexcept = default;
    explicit Socket(int fd) noexcept;  // takes ownership and makes it non-blocking
    Socket(Socket&& other) noexcept;
    Socket& operator=(Socket&& other) noexcept;
    ~Socket();

    [[nodiscard]] bool is_open() const noexcept;
    [[nodiscard]] int fd() const noexcept;

    // read waits for at least one byte; write for room, and writes what fits (gathered in the
    // second form, with one system call of at most IOV_MAX pieces).
    [[nodiscard]] Result read(std::span<std::byte> out, Deadline deadline,
                              const Interrupt* interrupt = nullptr);
    [[nodiscard]] Result write(std::span<const std::byte> in, Deadline deadline,
                               const Interrupt* interrupt = nullptr);
    [[nodiscard]] Result write(std::span<const std::span<const std::byte>> pieces,
                               Deadline deadline, const Interrupt* interrupt = nullptr);
    // try_read and try_write do not wait: timed_out means "would block".
    [[nodiscard]] Result try_read(std::span<std::byte> out);
    [[nodiscard]] Result try_write(std::span<const std::byte> in);

    void shut_down_write() noexcept;               // half-close: sends FIN
    void reset() noexcept;                         // closes with RST
    void close() noexcept;                         // closes; unread input makes the kernel send RST
    void set_receive_buffer(int bytes) noexcept;   // before connect it bounds the window
    [[nodiscard]] std::string peer() const;        // "127.0.0.1:1234"; "?" once it has gone
    [[nodiscard]] std::string local() const;       // our end, likewise
    [[nodiscard]] Endpoint peer_endpoint() const;  // no address once it has gone
    [[nodiscard]] Endpoint local_endpoint() const;  // likewise

  private:
    int fd_ = -1;
};

struct Connected {
    Socket socket;
    Result result;
};

// connect opens a stream to `endpoint`, from `local` if there is one. The other form tries each of
// `endpoints` in turn and reports the last failure.
[[nodiscard]] Connected connect(const Endpoint& endpoint, Deadline deadline,
                                const Interrupt* interrupt = nullptr,
                                const Endpoint* local = nullptr);
[[nodiscard]] Connected connect(std::span<const Endpoint> endpoints, Deadline deadline,
                                const Interrupt* interrupt = nullptr,
                                const Endpoint* local = nullptr);

class Stream;    // stream.hpp
class Listener;  // below

// Interest and wait: one poll over several sockets, streams and listeners.
struct Interest {
    const Socket* socket = nullptr;      // this
    Stream* stream = nullptr;            // or this
    const Listener* listener = nullptr;  // or this, to read: a connection may be accepted
    bool read = false;
    bool write = false;
    bool readable = false;  // results; also set on EOF and errors, which the next call reports
    bool writable = false;
};
// wait returns when one is ready (ok), or timed_out, or interrupted.
[[nodiscard]] Status wait(std::span<Interest> interests, Deadline deadline,
                          const Interrupt* interrupt = nullptr);

// Listener accepts TCP streams.
class Listener {
  public:
    Listener() noexcept = default;
    Listener(Listener&& other) noexcept;
    Listener& operator=(Listener&& other) noexcept;
    ~Listener();
    // listen binds to `endpoint` (port 0: any free one) with SO_REUSEADDR.
    [[nodiscard]] static std::optional<Listener> listen(const Endpoint& endpoint, int backlog,
                                                        std::string& error);
    // accept waits for a connection. Connections that failed before they could be accepted are
    // skipped. While descriptors or memory lack it tries again a few times a second; `error` says
    // so if the deadline passes meanwhile.
    [[nodiscard]] Connected accept(Deadline deadline, const Interrupt* interrupt = nullptr);
    [[nodiscard]] Endpoint endpoint() const;  // where it listens
    [[nodiscard]] std::uint16_t port() const noexcept;
    [[nodiscard]] int fd() const noexcept { return fd_; }
    void close() noexcept;

  private:
    int fd_ = -1;
};

// fill_random fills `out` with unpredictable bytes from the system.
void fill_random(std::span<std::byte> out) noexcept;

}  // namespace wsproof::net
