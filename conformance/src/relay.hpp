// A relay passes the bytes of one connection between a client and a server, unchanged behind the
// opening handshake, and lets a recording hear them.
#pragma once

#include <chrono>
#include <string>
#include <wsproof/net/stream.hpp>

#include "capture.hpp"
#include "recording.hpp"
#include "target.hpp"

namespace wsproof::conformance {

class Relay {
  public:
    // All outlive the relay. With a `target` whose resource is "/" the client's request target is
    // kept; else the target's own is asked for. The Host field is always the target's.
    Relay(net::Socket client, const Target& target, const net::Interrupt& interrupt,
          Recording& recording);
    // capture writes the client's connection to a file too.
    void capture(Capture& capture) { flow_ = open_flow(&capture, client_, false); }

    enum class Outcome : std::uint8_t {
        relayed,      // to the end of the connection, or to an interrupt and what was due then
        not_asked,    // the client sent no request
        not_reached,  // the server; the client got a 502. why() says more
        not_ours,     // relayed, but the request was none for a WebSocket: nothing is recorded
    };
    // run returns when both sides have ended TCP, or a moment after an interrupt.
    [[nodiscard]] Outcome run();
    [[nodiscard]] const std::string& why() const noexcept { return why_; }

  private:
    // Direction is what one side says to the other.
    struct Direction {
        Role by;
        net::Stream* from;
        net::Stream* to;
        wire::ByteString held{};  // read and not yet written
        bool has_ended = false;   // nothing more will be read
        bool is_done = false;     // and the other side knows
    };
    [[nodiscard]] bool take_request();
    [[nodiscard]] bool reach_server();
    void relay_bytes();
    void read(Direction& direction);
    void write(Direction& direction);
    void finish(Direction& direction, net::Status status);
    void show(Role by, wire::ByteView bytes);
    [[nodiscard]] double elapsed_ms() const;

    net::Stream client_;
    net::Stream server_{};
    CaptureFlow flow_{};  // of the client's connection
    const Target& target_;
    const net::Interrupt& interrupt_;
    Recording& recording_;
    net::Clock::time_point began_ = net::Clock::now();
    wire::HttpRequest request_{};
    wire::ByteString behind_head_{};  // of the client's first bytes
    bool is_ours_ = false;
    bool was_reset_ = false;  // one side has reset the connection, and so did we towards the other
    std::string why_{};
};

// readdressed is the head with another request target and Host; all else stays as it was sent.
[[nodiscard]] wire::ByteString readdressed(const wire::HttpRequest& request,
                                           const std::string& target, const std::string& host);

}  // namespace wsproof::conformance
