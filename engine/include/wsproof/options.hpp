// What an embedder can set: limits, timers, automation, deflate, and what a client asks for.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <wsproof/types.hpp>

namespace wsproof {

inline constexpr std::uint64_t kUnlimited = UINT64_MAX;  // 0 means zero

// Limits: wire size and application size are different axes; each member says which it bounds.
struct Limits {
    std::uint64_t frame = 16U << 20;        // wire payload bytes of one data frame
    std::uint64_t message = 16U << 20;      // bytes of one message after inflation
    std::uint32_t fragments = 1U << 17;     // frames of one message; empty ones count
    std::size_t head = 16U << 10;           // bytes of a request or response head
    std::uint32_t fields = 100;             // header fields in a head
    std::size_t output_queue = 16U << 20;   // unsent bytes from which on send() is refused
    std::size_t inflate_chunk = 16U << 10;  // most bytes that one MessageData can inflate to
};

// Timers: nullopt disables, zero means zero. Any received byte is activity, our own sends are not.
struct Timers {
    // handshake: from the start until the connection is open, decisions included.
    std::optional<Duration> handshake = std::chrono::seconds(10);
    // close: how long a peer may do nothing about our Close, and then about the transport's end.
    // Starts again as long as it takes our output, whatever it sends.
    std::optional<Duration> close = std::chrono::seconds(5);
    // ping_after_idle: one Ping after this time without a byte, and none after it until one comes.
    std::optional<Duration> ping_after_idle{};
    // pong: how long the peer may stay silent after that Ping.
    std::optional<Duration> pong{};
};

// Automation is switched off by proxies and test peers that answer by hand.
struct Automation {
    bool pong = true;   // RFC 6455 §5.5.2; beyond 16 unsent Pongs a newer one replaces the oldest
    bool close = true;  // RFC 6455 §5.5.1: echo the peer's code
};

class Observer;      // observer.hpp
class Codecs;        // deflate.hpp
class OutputMemory;  // output_memory.hpp

inline constexpr int kWindowBitsMin = 8;   // RFC 7692 §7.1.2
inline constexpr int kWindowBitsMax = 15;  // what a side uses of which nothing is said

// Deflate is permessage-deflate (RFC 7692): offered by a client, and accepted by a server, that
// has codecs. A server gives way to what an offer asks for beyond this, and takes the first offer
// that is valid.
struct Deflate {
    Codecs* codecs = nullptr;  // nullptr: no compression; outlives Connection
    // The largest windows, in bits, 8 to 15. One's own is a promise; the client's is something
    // that a server can ask for only if the client's offer says so (§7.1.2.2).
    int server_max_window_bits = kWindowBitsMax;
    int client_max_window_bits = kWindowBitsMax;
    // Each message by itself: worse ratios, and no memory held between messages.
    bool server_no_context_takeover = false;
    bool client_no_context_takeover = false;
    std::size_t min_message = 64;  // bytes; shorter messages are sent as they are
};

// DeflateParameters is what both sides agreed to (RFC 7692 §7.1).
struct DeflateParameters {
    int server_max_window_bits = kWindowBitsMax;
    int client_max_window_bits = kWindowBitsMax;
    bool server_no_context_takeover = false;
    bool client_no_context_takeover = false;

    friend bool operator==(const DeflateParameters&, const DeflateParameters&) = default;
};

struct Options {
    Limits limits{};
    Timers timers{};
    Automation automation{};
    Deflate deflate{};
    Observer* observer = nullptr;  // sees every frame header, both directions; outlives Connection
    // output_memory: shared by the connections of one thread; outlives them. nullptr: each its own.
    OutputMemory* output_memory = nullptr;
};

// Field is one header field; views into storage that its owner describes.
struct Field {
    std::string_view name;
    std::string_view value;
};

// Request is what a client asks for; Connection::client() copies it.
struct Request {
    std::string host{};        // goes into Host: with the port if it is not the default
    std::string target = "/";  // origin-form, RFC 6455 §3 resource name
    std::string origin{};      // empty: no Origin field
    std::vector<std::string> subprotocols{};
    std::span<const Field> fields{};  // sent as they are, after ours
};

// Entropy gives keys and masks: unpredictable outside tests (RFC 6455 §5.3). It outlives
// Connection.
class Entropy {
  public:
    virtual void fill(MutableBytes out) noexcept = 0;

  protected:
    ~Entropy() = default;
};

}  // namespace wsproof
