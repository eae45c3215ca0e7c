// Hub: many WebSockets by id, the documented API of tcllib's `websocket` package, sans-I/O. Its
// owner moves the bytes and calls the handlers:
//
//   tick(now) -> next(socket, in) until empty -> output(), consume() -> transport()
//   for each of next_ready(): next() with nothing to read, output(), transport()
//
// Nothing throws: what the package raises as an error is a HubError here. A Hub is for one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <wsproof/connection.hpp>

namespace wsproof {

// SocketId is a WebSocket, a transport that may become one, or a server. 0 is none.
using SocketId = std::uint64_t;
// HandlerId is the owner's name of what it calls back.
using HandlerId = std::uint64_t;

enum class HubErrorKind : std::uint8_t {
    none,
    unknown_socket,  // never was one, or is disconnected
    unknown_name,  // of an option, a key, a level or a message type; the text lists the valid ones
    bad_argument,
    wrong_state,  // not connected yet, not tested before, already taken over
    output_full,  // Limits::output_queue; the message was not taken
    out_of_memory,
};

struct HubError {
    HubErrorKind kind = HubErrorKind::none;
    std::string text{};  // for people; what is wrong and what would be right

    explicit operator bool() const noexcept { return kind != HubErrorKind::none; }
};

// HubResult is a value, or the error in its place.
template <typename T>
struct HubResult {
    T value{};
    HubError error{};

    explicit operator bool() const noexcept { return !error; }
};

// End is one end of a transport, as far as its owner knows it.
struct End {
    std::string name{};     // preferred for people; may be empty
    std::string address{};  // "192.0.2.1"
    std::uint16_t port = 0;
};

struct OpenOptions {
    std::vector<std::pair<std::string, std::string>> headers{};  // merged with the handshake's own
    std::vector<std::string> protocols{};                        // in order of preference
    std::optional<Duration> timeout{};  // until connected; without it Timers::handshake
    std::string local_address{};
    std::string origin{};
    std::string ca_file{};  // wss: whom to trust; empty: the system's
    bool insecure = false;  // wss: trust anybody
    Options engine{};
};

// set_open_option sets what is named as in the package: -headers "Name: value" and -protocol "a b",
// which add, -timeout in milliseconds, -myaddr. unknown_name: any other; bad_argument: -validate,
// -handler, -command, which are not for callers, and values that are none.
[[nodiscard]] HubError set_open_option(OpenOptions& options, std::string_view name,
                                       std::string_view value) noexcept;

// Destination is where the transport of an opened WebSocket is to be connected to. Views last as
// long as its SocketId.
struct Destination {
    std::string_view host;  // without the brackets of an IPv6 address
    std::uint16_t port;
    bool tls;
    std::string_view local_address;  // empty: any
    std::string_view ca_file;
    bool insecure;
};

enum class HubEventType : std::uint8_t {
    text,
    binary,
    ping,
    pong,
    connect,
    disconnect,  // the last event of a socket
    close,       // the peer's Close: the connection is about to end
    timeout,     // the opening handshake took too long
    error,
};

// HubEvent is what a handler is called with. Views die at the next call on the Hub.
struct HubEvent {
    SocketId socket = 0;
    HandlerId handler = 0;
    HubEventType type = HubEventType::error;
    Bytes message{};                        // of text, binary, ping and pong
    CloseCode code = CloseCode::no_status;  // of close
    std::string_view text{};                // the reason of close; what happened, of error
    std::string_view path{};                // of a server's connect
    std::string_view query{};               // of a server's connect, without the "?"
    std::string_view subprotocol{};         // of connect
};

// TestResult is what test() says of a request.
struct TestResult {
    bool matches = false;
    Error reason = Error::none;     // what is wrong with the request; none: no handler matches
    int status = 0;                 // 101, or that of the refusal: 400, 404, 405, 426, 505
    std::vector<Field> response{};  // of the refusal; views last until the next call on the socket
};

struct KeepAlive {                           // times of zero and less are none
    std::optional<Duration> interval{};      // without a byte received; nullopt: no pings
    std::string ping{};                      // at most 125 bytes
    std::optional<Duration> pong_timeout{};  // silence after a ping that ends the connection
};

enum class LogLevel : std::uint8_t {
    debug,
    info,
    notice,
    warn,
    error
};

class HubLog {  // gets what is of the level that is set or above
  public:
    virtual void write(LogLevel level, SocketId socket, std::string_view text) noexcept = 0;

  protected:
    ~HubLog() = default;
};

// default_reason is the text that goes with a close code if none is given; empty if there is none.
[[nodiscard]] std::string_view default_reason(CloseCode code) noexcept;

class Hub {
  public:
    // `options` are those of the servers' connections. `entropy` and `log` (which may be nullptr)
    // outlive the Hub. bad_alloc from here alone.
    Hub(const Options& options, Entropy& entropy, Time now, HubLog* log = nullptr);
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;
    ~Hub();

    // ---- The documented verbs -------------------------------------------------------------

    // open begins a WebSocket to a ws: or wss: URL. Its owner connects to destination() and says
    // connected() or connect_failed(). bad_argument: the URL, a header, a protocol.
    [[nodiscard]] HubResult<SocketId> open(std::string_view url, HandlerId handler,
                                           const OpenOptions& options = {}) noexcept;

    // send sends a message, a fragment of one (final = false), a ping or a pong. `type` is text,
    // binary, ping or pong in any case, or as much of it as tells it apart. Returns the bytes that
    // were queued, headers included, or -1 once the connection is closing or closed. All fragments
    // have the same type; a text may be cut within a character, but not end there.
    [[nodiscard]] HubResult<std::int64_t> send(SocketId socket, std::string_view type,
                                               Bytes message = {}, bool is_final = true) noexcept;
    // The same by opcode: 1, 2, 9, 10, or 0 for more of the message that is open.
    [[nodiscard]] HubResult<std::int64_t> send(SocketId socket, int opcode, Bytes message = {},
                                               bool is_final = true) noexcept;

    // server registers a listening socket.
    [[nodiscard]] HubResult<SocketId> server() noexcept;
    // live has `handler` called for upgrade requests to `server` whose path, and one of whose
    // subprotocols, match these globs (Tcl's: * ? [a-z] \x). In the order of registration. "*"
    // accepts without choosing a subprotocol; a request without any matches every `proto`.
    [[nodiscard]] HubError live(SocketId server, std::string_view path, HandlerId handler,
                                std::string_view proto = "*") noexcept;
    // attach introduces a transport that is connected: a client of a server, or what takeover()
    // gets.
    [[nodiscard]] HubResult<SocketId> attach(const End& remote, const End& local) noexcept;
    // test says whether a GET request, whose head its owner has read, is an upgrade that a live
    // handler matches. `path` is without the query. Nothing is sent. A socket can be tested again.
    [[nodiscard]] HubResult<TestResult> test(SocketId server, SocketId socket,
                                             std::string_view path, std::span<const Field> headers,
                                             std::string_view query = {}) noexcept;
    // upgrade sends the 101 to a request that test() found to match, and takes the socket over.
    [[nodiscard]] HubError upgrade(SocketId socket) noexcept;
    // accept does both for a request that next() is to read; 404 without a match.
    [[nodiscard]] HubError accept(SocketId server, SocketId socket) noexcept;
    // takeover: the handshake is done. Bytes read past it are the first input of next().
    [[nodiscard]] HubError takeover(SocketId socket, HandlerId handler,
                                    bool is_server = false) noexcept;

    // conninfo: peername, sockname or name, closed, client, server, type, handler, state; and
    // subprotocol, extensions, bytes_in, bytes_out, frames_in, frames_out, close_code,
    // close_reason, latency (of the last ping, in microseconds; empty without one).
    [[nodiscard]] HubResult<std::string> conninfo(SocketId socket,
                                                  std::string_view what) const noexcept;
    // find: WebSockets by the name or address and the port of their remote end, in order of age.
    [[nodiscard]] HubResult<std::vector<SocketId>> find(std::string_view host = "*",
                                                        std::string_view port = "*") const noexcept;
    // configure takes pairs of -keepalive seconds (0 or less: off), -ping text and -timeout seconds
    // (for the pong; 0 or less: none), or as much of a name as tells it apart. All or nothing.
    [[nodiscard]] HubError configure(SocketId socket,
                                     std::span<const std::string_view> options) noexcept;
    [[nodiscard]] HubError configure(SocketId socket, const KeepAlive& keep_alive) noexcept;
    [[nodiscard]] HubResult<KeepAlive> keep_alive(SocketId socket) const noexcept;
    // loglevel sets the level, unless it is empty, and returns it: debug, info, notice, warn, error
    [[nodiscard]] HubResult<std::string> loglevel(std::string_view level = {}) noexcept;
    // close begins the closing handshake, with default_reason() if `reason` is empty; of a longer
    // one as many characters go as fit 123 bytes. Closed already: nothing happens. bad_argument: a
    // code that may not be sent; no_status sends an empty Close.
    [[nodiscard]] HubError close(SocketId socket, CloseCode code = CloseCode::normal,
                                 std::string_view reason = {}) noexcept;

    // ---- Transports ----------------------------------------------------------------------

    [[nodiscard]] HubResult<Destination> destination(SocketId socket) const noexcept;
    [[nodiscard]] HubError connected(SocketId socket, const End& remote, const End& local) noexcept;
    // connect_failed: events `error` with this text and `disconnect` are next.
    [[nodiscard]] HubError connect_failed(SocketId socket, std::string_view why) noexcept;

    // next takes bytes off the front of `in`, as Connection::next() does.
    [[nodiscard]] std::optional<HubEvent> next(SocketId socket, MutableBytes& in) noexcept;
    void end_of_input(SocketId socket) noexcept;
    [[nodiscard]] std::span<const Bytes> output(SocketId socket) noexcept;
    void consume(SocketId socket, std::size_t bytes) noexcept;
    [[nodiscard]] std::size_t queued(SocketId socket) const noexcept;  // unsent bytes
    // transport: what to do with it once its output is empty; close for one that is unknown.
    [[nodiscard]] Transport transport(SocketId socket) const noexcept;
    // drop forgets a socket, or a server; handlers hear nothing of it.
    void drop(SocketId socket) noexcept;

    // tick says that it is `now`; no later than deadline(), if there is one.
    void tick(Time now) noexcept;
    [[nodiscard]] std::optional<Time> deadline() const noexcept;
    // next_ready: a socket that has events or output for other reasons than its input; each once.
    [[nodiscard]] std::optional<SocketId> next_ready() noexcept;

    // log writes to the log what `level` allows; for handlers that fail, as `error`.
    void log(LogLevel level, SocketId socket, std::string_view text) const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace wsproof
