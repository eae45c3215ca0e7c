// Connection: one endpoint of one WebSocket. Bytes, time and decisions go in, events and bytes out:
//
//   tick(now) -> next(in) until empty -> send(), close() -> output(), consume(n) -> transport()
//
// The engine owns no socket, clock, thread, global or entropy. Every call runs to completion,
// leaves the object consistent and may follow any other call. State changes happen inside the call
// that causes them, before the event that reports them is returned. Nothing throws but bad_alloc,
// from what makes a Connection. Where memory runs out later the connection ends, without a Close:
// out_of_memory. Const members may run concurrently with each other. A Connection that was moved
// from can only be assigned to or destroyed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <wsproof/error.hpp>
#include <wsproof/event.hpp>
#include <wsproof/options.hpp>
#include <wsproof/payload.hpp>
#include <wsproof/types.hpp>

namespace wsproof {

class PreparedMessage;  // prepared_message.hpp

// Stats counts since the connection was made; bytes are wire bytes, handshake included.
struct Stats {
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;  // consumed by the caller
    std::uint64_t frames_received = 0;
    std::uint64_t frames_sent = 0;  // queued
    std::uint64_t messages_received = 0;
    std::uint64_t messages_sent = 0;
};

class Connection {
  public:
    // `options` are copied; `entropy` and Options::observer outlive the Connection. A client whose
    // request cannot be sent is closed from the start: Failed says why.
    static Connection client(const Request& request, const Options& options, Entropy& entropy,
                             Time now);
    static Connection server(const Options& options, Entropy& entropy, Time now);
    // adopt is for a handshake done elsewhere (your HTTP server, RFC 8441): starts in State::open.
    // Of `agreed` only `deflate` counts, which needs Options::deflate to have codecs.
    static Connection adopt(Role role, const Opened& agreed, const Options& options,
                            Entropy& entropy, Time now);
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;
    ~Connection();

    // Time. tick() says that it is `now`: before next(), and no later than deadline(). Time that
    // goes back is ignored. One that comes a second after the last output gives back its memory,
    // which else is kept for the next.
    void tick(Time now) noexcept;

    // Input. next() takes bytes off the front of `in`, unmasking in place, and returns one event;
    // on nullopt `in` is empty, unless a decision is pending. Partial headers and control frames
    // are kept inside (139 bytes at most once open): no remainder to manage. After tick() or
    // end_of_input(), call it even if `in` is empty. Backpressure is not calling, but a peer that
    // is not listened to counts as silent (Timers::pong).
    [[nodiscard]] std::optional<Event> next(MutableBytes& in) noexcept;
    // end_of_input: EOF or reset, once next() has had all bytes before it. Idempotent.
    void end_of_input() noexcept;

    // Answers to UpgradeRequest, wrong_state without one. accept() opens the connection at once;
    // it refuses a subprotocol that was not offered (unoffered_subprotocol, RFC 6455 §4.2.2). Both
    // refuse fields that are not sendable or are ours (invalid_argument).
    [[nodiscard]] Error accept(std::string_view subprotocol = {},
                               std::span<const Field> fields = {});
    [[nodiscard]] Error reject(int status, std::span<const Field> fields = {}, Bytes body = {});

    // Messages. send() is begin() + append() + finish() in fewer frames; use the three when the
    // length is unknown. Each append() is at least one frame. Refused, with nothing changed and no
    // token taken: wrong_state (before the connection is open, after our Close), output_full (the
    // queue holds Limits::output_queue bytes or more), message_open and no_message_open (a begun
    // message is in the way, or missing), invalid_utf8_argument (RFC 6455 §5.6), invalid_argument
    // (fragment_at is 0).
    [[nodiscard]] Error send(MessageType type, const Payload& payload, SendOptions options = {});
    // A message made once for many connections, servers only (RFC 6455 §5.1); borrowed, and to be
    // kept until next_released() returns `token`.
    [[nodiscard]] Error send(const PreparedMessage& message, Token token);
    [[nodiscard]] Error begin(MessageType type, SendOptions options = {});
    [[nodiscard]] Error append(const Payload& payload);
    [[nodiscard]] Error finish();
    // The last frame with a payload, in place of append() and an empty one.
    [[nodiscard]] Error finish(const Payload& payload);
    // Control frames overtake data frames that have not started. control_too_long beyond 125 bytes.
    [[nodiscard]] Error ping(Bytes payload = {});
    [[nodiscard]] Error pong(Bytes payload = {});
    // close goes out behind all that is queued. no_status sends an empty Close. Codes that must not
    // appear on the wire and reasons over 123 bytes are refused; nothing is substituted or
    // truncated (RFC 6455 §7.4.1).
    [[nodiscard]] Error close(CloseCode code = CloseCode::normal, std::string_view reason = {});
    // abort: _Fail the WebSocket Connection_ (RFC 6455 §7.1.7) for a reason of your own. Without a
    // Close if `code` may not be sent.
    void abort(CloseCode code) noexcept;

    // Output, gathered for writev(): headers in engine memory, borrowed payloads in yours. At most
    // 64 pieces, none of them empty; empty only if nothing is queued. The list dies at the next
    // output(), the bytes in it at consume(): until then they go out in this order, whatever is
    // queued meanwhile. write() copies and consumes instead, for TLS records or io_uring.
    [[nodiscard]] std::span<const Bytes> output() noexcept;
    void consume(std::size_t bytes) noexcept;
    [[nodiscard]] std::size_t write(MutableBytes out) noexcept;
    // next_released: the token of a borrowed payload that is sent, or never will be.
    [[nodiscard]] std::optional<Token> next_released() noexcept;
    [[nodiscard]] Transport transport() const noexcept;
    [[nodiscard]] std::optional<Time> deadline() const noexcept;  // nullopt: none

    // Introspection.
    [[nodiscard]] Role role() const noexcept;
    [[nodiscard]] State state() const noexcept;
    [[nodiscard]] Error error() const noexcept;         // the first failure, or none
    [[nodiscard]] std::size_t queued() const noexcept;  // unsent bytes
    [[nodiscard]] const Stats& stats() const noexcept;

  private:
    struct Impl;  // one allocation; keeps every rule out of this header
    explicit Connection(std::unique_ptr<Impl> impl) noexcept;
    std::unique_ptr<Impl> impl_;
};

}  // namespace wsproof
