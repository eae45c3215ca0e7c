// One TLS connection over a Socket that its owner hands to each call.
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>
#include <wsproof/net/stream.hpp>

namespace wsproof::net {

// TlsChannel never waits: `timed_out` with EAGAIN means that the socket has to become ready first,
// for what read_events() and write_events() say.
class TlsChannel {
  public:
    TlsChannel(std::shared_ptr<const TlsContext> context, const std::string& host);
    TlsChannel(const TlsChannel&) = delete;
    TlsChannel& operator=(const TlsChannel&) = delete;
    ~TlsChannel();

    [[nodiscard]] Result handshake(Socket& socket);
    [[nodiscard]] Result read(Socket& socket, std::span<std::byte> out);
    [[nodiscard]] Result write(Socket& socket, std::span<const std::span<const std::byte>> pieces);
    // close_notify sends ours once; false: the socket has no room for it.
    [[nodiscard]] bool close_notify(Socket& socket) noexcept;

    [[nodiscard]] std::int16_t read_events() const noexcept { return read_events_; }
    [[nodiscard]] std::int16_t write_events() const noexcept { return write_events_; }
    // has_buffered: the next read may return without asking the socket.
    [[nodiscard]] bool has_buffered() const noexcept;

    [[nodiscard]] const std::string& error() const noexcept { return error_; }
    [[nodiscard]] TlsFault fault() const noexcept { return fault_; }

    // For the BIO that stands for the socket.
    [[nodiscard]] Result receive(std::span<std::byte> out);
    [[nodiscard]] Result transmit(std::span<const std::byte> in);
    [[nodiscard]] const Result& last() const noexcept { return last_; }

  private:
    [[nodiscard]] Result write_record(Socket& socket);
    [[nodiscard]] Result result_of(int returned, std::int16_t& events);
    void name_fault();
    void expect(const std::string& host);

    std::shared_ptr<const TlsContext> context_;
    ssl_st* ssl_ = nullptr;
    std::string host_;
    Socket* socket_ = nullptr;  // during a call
    Result last_{};             // what the socket answered last in this call
    bool spoke_tls_ = true;     // unless the first byte received is none of TLS
    bool heard_ = false;        // there was a first byte
    bool may_have_more_ = false;
    std::int16_t read_events_ = 0;
    std::int16_t write_events_ = 0;
    Result read_end_{};  // once it is not ok: what each further read answers
    Result write_end_{};
    std::vector<std::byte> record_;  // what a write that would block has to repeat
    std::string error_;
    TlsFault fault_ = TlsFault::none;
};

}  // namespace wsproof::net
