// wsproof::runtime: a blocking WebSocket client around the engine, for one connection in one
// thread. It has no thread of its own: Pings are answered, and Closes too, while a call runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <wsproof/connection.hpp>
#include <wsproof/event.hpp>
#include <wsproof/message_reader.hpp>
#include <wsproof/net/stream.hpp>
#include <wsproof/options.hpp>
#include <wsproof/payload.hpp>

namespace wsproof::runtime {

struct ClientOptions {
    Options engine{};  // Timers::handshake is `timeout`'s to say
    std::vector<std::pair<std::string, std::string>> headers{};  // after the handshake's own
    std::string origin{};
    std::vector<std::string> subprotocols{};  // in order of preference
    // For the name, TCP, TLS and the opening handshake together.
    std::chrono::milliseconds timeout{30'000};
    std::string local_address{};  // an IP address to connect from; empty: the system's choice
    net::TlsClientOptions tls{};  // of wss:// URLs: certificate and host name are checked
    const net::Interrupt* interrupt = nullptr;  // ends open() and all later calls; outlives Client
};

enum class Outcome : std::uint8_t {
    ok,
    timed_out,    // the deadline passed
    interrupted,  // ClientOptions::interrupt was triggered
    closed,       // the connection is over: Client::closed() says how
    refused,      // not done: text that is not UTF-8, a Ping over 125 bytes, a code that is not
                  // sendable
};

struct Received {
    Outcome outcome = Outcome::ok;
    // message is whole, and valid if `outcome` is ok, until the next call on the Client.
    Message message{.type = MessageType::text, .payload = {}};

    [[nodiscard]] std::string_view text() const noexcept;  // the payload
};

// CloseInfo: what the peer's Close said, or abnormal without one, and what the engine has to say.
struct CloseInfo {
    bool clean = false;
    CloseCode code = CloseCode::abnormal;
    std::string reason;
    Error error = Error::none;
};

class Client;

// OpenStage is how far open() came.
enum class OpenStage : std::uint8_t {
    arguments,  // URL, header fields, CA file, local address
    name,       // looking up the host
    connect,
    tls,
    handshake,
    open,
};

struct OpenResult;

class Client {
  public:
    // open takes a ws or wss URL (RFC 6455 §3): "wss://host:port/path?query". A name is resolved
    // and its addresses are tried in turn. Redirects are not followed.
    [[nodiscard]] static OpenResult open(std::string_view url, const ClientOptions& options = {});
    Client(Client&& other) noexcept;
    Client& operator=(Client&& other) noexcept;
    ~Client();  // ends TCP without a closing handshake, if close() has not been called

    // send waits until the socket has taken the message. After timed_out or interrupted it may be
    // under way: it leaves, in order, with later calls. What arrives meanwhile is kept for
    // receive(), up to Limits::message bytes; then nothing more is read.
    [[nodiscard]] Outcome send(std::string_view text, net::Deadline deadline);
    [[nodiscard]] Outcome send(MessageType type, Bytes payload, net::Deadline deadline,
                               SendOptions options = {});
    // receive waits for the next message. Those that came before the peer's Close are delivered
    // before `closed` is answered.
    [[nodiscard]] Received receive(net::Deadline deadline);
    // ping sends a Ping and waits for its Pong.
    [[nodiscard]] Outcome ping(Bytes payload, net::Deadline deadline);
    // close does the closing handshake (RFC 6455 §7.1.2) and drops what still comes. ok: the
    // connection is over, as closed() says; once it is, close() is ok at once. On anything else it
    // goes on with the next call, bounded by Timers::close from the first one on.
    [[nodiscard]] Outcome close(net::Deadline deadline, CloseCode code = CloseCode::normal,
                                std::string_view reason = {});

    // closed has a value once the connection is over.
    [[nodiscard]] const std::optional<CloseInfo>& closed() const noexcept;
    [[nodiscard]] const std::string& subprotocol() const noexcept;  // agreed on; empty: none
    [[nodiscard]] std::string peer() const;   // "127.0.0.1:80"; "?" once the connection is over
    [[nodiscard]] std::string local() const;  // our end of TCP, likewise
    [[nodiscard]] const Stats& stats() const noexcept;

  private:
    struct Impl;
    explicit Client(std::unique_ptr<Impl> impl) noexcept;
    std::unique_ptr<Impl> impl_;
};

struct OpenResult {
    std::optional<Client> client;  // if `stage` is open
    OpenStage stage = OpenStage::arguments;
    std::string error;  // for people: what failed, and why
    int status = 0;     // of the HTTP answer, if that refused
    net::TlsFault tls_fault = net::TlsFault::none;
};

}  // namespace wsproof::runtime
