// What is behind Hub:
//   hub.cpp       its life, and its calls handed on
//   open.cpp      the client's side until it is connected
//   serve.cpp     the servers' side: live, test, upgrade, accept, takeover
//   send.cpp      send and close
//   inspect.cpp   conninfo, find, loglevel
//   keep_alive.cpp  configure, pings, time
//   events.cpp    what handlers are called with
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wsproof/handshake.hpp>
#include <wsproof/hub.hpp>
#include <wsproof/message_reader.hpp>

#include "../memory_guard.hpp"

namespace wsproof {

[[nodiscard]] HubError hub_error(HubErrorKind kind, std::string text);

// LiveHandler is one call of live().
struct LiveHandler {
    std::string path;  // glob
    std::string proto;
    HandlerId handler;
};

// TestedRequest is the context that test() makes, and its views.
struct TestedRequest {
    explicit TestedRequest(const Deflate& deflate) : negotiation(deflate) {}

    std::string target;
    std::string path;
    std::string query;
    std::vector<std::pair<std::string, std::string>> storage;
    std::vector<Field> fields;
    Negotiation negotiation;
    HandlerId handler = 0;
    std::string_view subprotocol;  // one of the request's
    bool matches = false;
};

struct HubSocket {
    enum class Kind : std::uint8_t {
        server,
        attached,
        client,
        served
    };

    SocketId id = 0;
    Kind kind = Kind::attached;
    HandlerId handler = 0;
    End remote{};
    End local{};

    // A server's.
    std::vector<LiveHandler> lives{};

    // Of a client before it is connected.
    std::string host{};
    std::string local_address{};
    std::string ca_file{};
    std::uint16_t port = 0;
    bool tls = false;
    bool insecure = false;

    // Of an upgrade.
    std::unique_ptr<TestedRequest> tested{};
    SocketId server = 0;  // of accept()
    std::string head{};   // the 101, as far as it is not consumed
    std::vector<Bytes> head_output{};
    std::string path{};
    std::string query{};
    std::string subprotocol{};
    bool has_deflate = false;
    bool connect_is_pending = false;

    std::optional<Connection> connection{};
    std::optional<MessageReader> reader{};
    std::optional<MessageType> open_message{};  // type of the fragments sent so far
    bool is_closed = false;                     // close() was called, or the peer's Close came
    bool is_gone = false;                       // `disconnect` was told
    bool is_ready = false;                      // in Impl::ready
    std::string connect_failure{};
    CloseCode close_code = CloseCode::no_status;
    std::string close_reason{};
    std::string text{};  // of the last event

    KeepAlive keep_alive{};
    std::optional<Time> ping_at{};
    std::optional<Time> pong_by{};
    std::optional<Time> pinged_at{};  // a pong to it has not come
    std::string pinged_with{};
    std::optional<Duration> latency{};
};

struct Hub::Impl {
    Impl(const Options& chosen, Entropy& source, Time start, HubLog* sink)
        : options(chosen), entropy(source), now(start), log_sink(sink) {}

    [[nodiscard]] HubSocket* find_socket(SocketId id) const noexcept;
    // find_known: one that the documented verbs know; `error` says if not.
    [[nodiscard]] HubSocket* find_known(SocketId id, HubError& error) const;
    [[nodiscard]] HubSocket& add(HubSocket::Kind kind);
    void make_ready(HubSocket& socket);
    void log(LogLevel level, SocketId socket, std::string_view text) const noexcept;

    [[nodiscard]] HubResult<SocketId> open(std::string_view url, HandlerId handler,
                                           const OpenOptions& chosen);
    [[nodiscard]] HubError connected(SocketId id, const End& remote, const End& local);
    [[nodiscard]] HubError connect_failed(SocketId id, std::string_view why);

    [[nodiscard]] HubError live(SocketId server, std::string_view path, HandlerId handler,
                                std::string_view proto);
    [[nodiscard]] HubResult<TestResult> test(SocketId server, SocketId id, std::string_view path,
                                             std::span<const Field> headers,
                                             std::string_view query);
    [[nodiscard]] HubError upgrade(SocketId id);
    [[nodiscard]] HubError accept(SocketId server, SocketId id);
    [[nodiscard]] HubError takeover(SocketId id, HandlerId handler, bool is_server);
    [[nodiscard]] HubSocket* find_attached(SocketId id, HubError& error) const;
    void start(HubSocket& socket, HandlerId handler, Connection connection, Role role,
               const Limits& limits);
    void answer(HubSocket& socket, const UpgradeRequest& request);

    [[nodiscard]] HubResult<std::int64_t> send(SocketId id, std::string_view type, Bytes message,
                                               bool is_final);
    [[nodiscard]] HubResult<std::int64_t> send(SocketId id, int opcode, Bytes message,
                                               bool is_final);
    [[nodiscard]] HubError close(SocketId id, CloseCode code, std::string_view reason);

    [[nodiscard]] HubResult<std::string> conninfo(SocketId id, std::string_view what) const;
    [[nodiscard]] HubResult<std::vector<SocketId>> find(std::string_view host,
                                                        std::string_view port) const;
    [[nodiscard]] HubResult<std::string> loglevel(std::string_view name);

    [[nodiscard]] HubError configure(SocketId id, std::span<const std::string_view> options);
    [[nodiscard]] HubError configure(SocketId id, const KeepAlive& keep_alive);
    void tick(Time time);
    void tick(HubSocket& socket);
    [[nodiscard]] std::optional<Time> deadline() const noexcept;
    void note_activity(HubSocket& socket) const;

    [[nodiscard]] std::optional<HubEvent> next(SocketId id, MutableBytes& in);
    [[nodiscard]] std::optional<HubEvent> pending_event(HubSocket& socket);
    [[nodiscard]] std::optional<HubEvent> translate(HubSocket& socket, const Event& event);
    [[nodiscard]] HubEvent disconnect(HubSocket& socket);

    Options options;
    Entropy& entropy;
    Time now;
    HubLog* log_sink;
    LogLevel level = LogLevel::error;
    SocketId last_id = 0;
    std::map<SocketId, std::unique_ptr<HubSocket>> sockets;  // in the order of their creation
    std::vector<SocketId> ready;
};

}  // namespace wsproof
