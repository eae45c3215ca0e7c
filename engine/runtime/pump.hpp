// Pump: bytes between one engine and one stream, and TCP's end as the engine wants it. The server's
// Session and the Client go round in a loop of these calls.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <wsproof/connection.hpp>
#include <wsproof/net/stream.hpp>

namespace wsproof::runtime {

class Pump {
  public:
    // A peer that takes no output for `write_time` is given up.
    Pump(net::Stream stream, Connection connection, std::chrono::milliseconds write_time);

    [[nodiscard]] Connection& connection() noexcept { return connection_; }
    [[nodiscard]] const Connection& connection() const noexcept { return connection_; }
    [[nodiscard]] net::Stream& stream() noexcept { return stream_; }
    [[nodiscard]] const net::Stream& stream() const noexcept { return stream_; }

    // next is the engine's next event from what was read.
    [[nodiscard]] std::optional<Event> next() noexcept { return connection_.next(input_); }
    [[nodiscard]] bool has_input() const noexcept { return !input_.empty(); }
    // write_output writes what the stream takes without waiting.
    void write_output();
    // follow_transport does what the engine wants done to TCP. False: the connection is over.
    [[nodiscard]] bool follow_transport();
    // wait waits until there is room for output or, if it may be read, input, which it reads; until
    // `deadline`, the engine's or that of a stuck peer. Nothing is read before the last input has
    // been taken.
    net::Status wait(net::Deadline deadline, const net::Interrupt* interrupt, bool may_read);
    // is_stuck: the peer has taken nothing for too long.
    [[nodiscard]] bool is_stuck() const noexcept;
    // deadline is the engine's, by the clock of net.
    [[nodiscard]] net::Deadline deadline() const;
    // end tells the engine that the transport has ended, and drops unread input.
    void end();

  private:
    void discard_output();
    void read_input();

    net::Stream stream_;
    Connection connection_;
    std::chrono::milliseconds write_time_;
    std::array<std::byte, 64 << 10> buffer_;
    MutableBytes input_{};  // what the engine has not taken of it
    bool input_has_ended_ = false;
    bool output_has_ended_ = false;
    bool is_writable_ = true;                        // as far as wait() knows
    net::Deadline write_by_ = net::Deadline::max();  // while something cannot be written
};

}  // namespace wsproof::runtime
