// Stream: a Socket, in clear or within TLS, behind the calls of a Socket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <wsproof/net/socket.hpp>
#include <wsproof/net/tls.hpp>

namespace wsproof::net {

class TlsChannel;

// TlsFault is what kind of trouble Status::tls_failed stands for.
enum class TlsFault : std::uint8_t {
    none,
    certificate,  // the peer's does not convince us
    not_tls,      // what the peer sends is something else
    protocol,     // anything else, an alert of the peer's included
};

// Stream reads and writes as its Socket would. Within TLS:
// - An unfinished handshake is finished by the first read or write; handshake() does only that.
// - end_of_stream is the peer's close_notify; a FIN without one is `truncated`.
// - After a write that would block, the next one has to begin with the same bytes: a part of them
//   may be on its way.
// For one thread at a time.
class Stream {
  public:
    Stream() noexcept;
    explicit Stream(Socket socket) noexcept;  // in clear
    // within TLS, as the side that `context` is for. A client wants a certificate for `host`, a
    // DNS name or an IP address without brackets, and names it to the server (SNI) unless it is an
    // address. A server ignores it.
    Stream(Socket socket, std::shared_ptr<const TlsContext> context, const std::string& host = {});
    Stream(Stream&& other) noexcept;
    Stream& operator=(Stream&& other) noexcept;
    ~Stream();

    [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }
    [[nodiscard]] bool is_tls() const noexcept { return tls_ != nullptr; }
    [[nodiscard]] const Socket& socket() const noexcept { return socket_; }
    [[nodiscard]] std::string peer() const { return socket_.peer(); }

    // handshake waits until TLS is agreed; ok at once in clear. end_of_stream and reset: the peer
    // ended the connection instead. After anything but ok, timed_out or interrupted the stream is
    // good for close() alone.
    [[nodiscard]] Result handshake(Deadline deadline, const Interrupt* interrupt = nullptr);
    [[nodiscard]] Result try_handshake();
    // error is what was wrong, for people, once a call answered tls_failed: "certificate verify
    // failed: certificate has expired".
    [[nodiscard]] const std::string& tls_error() const noexcept;
    [[nodiscard]] TlsFault tls_fault() const noexcept;

    [[nodiscard]] Result read(std::span<std::byte> out, Deadline deadline,
                              const Interrupt* interrupt = nullptr);
    [[nodiscard]] Result write(std::span<const std::byte> in, Deadline deadline,
                               const Interrupt* interrupt = nullptr);
    [[nodiscard]] Result write(std::span<const std::span<const std::byte>> pieces,
                               Deadline deadline, const Interrupt* interrupt = nullptr);
    [[nodiscard]] Result try_read(std::span<std::byte> out);
    [[nodiscard]] Result try_write(std::span<const std::byte> in);

    // shut_down_write sends close_notify, then FIN. If close_notify does not fit the socket's
    // buffer, wait() sends both later.
    void shut_down_write() noexcept;
    void reset() noexcept;  // closes with RST
    void close() noexcept;  // sends close_notify if it fits and has not been sent

  private:
    friend Status wait(std::span<Interest> interests, Deadline deadline,
                       const Interrupt* interrupt);
    // What poll() is to look for, and whether reading need not wait for it.
    [[nodiscard]] std::int16_t events(bool read, bool write) const noexcept;
    [[nodiscard]] bool has_buffered() const noexcept;
    void take_events(Interest& interest, std::int16_t events) noexcept;

    Socket socket_;
    std::unique_ptr<TlsChannel> tls_;
    bool is_shutting_down_ = false;  // close_notify waits for room
};

}  // namespace wsproof::net
