// Writes connections as a packet capture (pcap) that Wireshark reads. The packets are made up: the
// bytes of each read and write, in order and with their times, between a TCP handshake and its end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <wsproof/net/stream.hpp>

#include "wire/frame_writer.hpp"

namespace wsproof::conformance {

// Capture is the file. For any threads.
class Capture {
  public:
    // open begins the file; nullptr: `error` says why it cannot be written.
    [[nodiscard]] static std::unique_ptr<Capture> open(const std::filesystem::path& path,
                                                       std::string& error);
    // add writes one IP packet, now.
    void add(wire::ByteView packet);
    // finish writes what is buffered; the result says what went wrong, ever. Empty: nothing.
    [[nodiscard]] std::string finish();

  private:
    explicit Capture(const std::filesystem::path& path);

    std::filesystem::path path_;
    std::mutex writing_;
    std::ofstream file_;
};

// CaptureFlow is one connection in a capture. One that is default-constructed writes nothing.
class CaptureFlow {
  public:
    enum class By : std::uint8_t {
        us,
        peer,
    };
    struct Ends {
        net::Endpoint ours;
        net::Endpoint theirs;
        bool we_opened = true;
        bool is_tls = false;  // the bytes are those inside, and the listener's port is 80
    };

    CaptureFlow() = default;
    // The capture outlives the flow. The TCP handshake is written at once.
    CaptureFlow(Capture& capture, const Ends& ends);

    void data(By by, wire::ByteView bytes);
    void finish(By by);  // FIN; later ones of this side are left out
    void reset(By by);   // RST; nothing comes behind it

  private:
    struct Side {
        wire::ByteString address{};  // 4 or 16 octets
        std::uint16_t port = 0;
        std::uint32_t next = 0;  // sequence number
        bool has_finished = false;
    };
    [[nodiscard]] Side& side(By by) noexcept { return by == By::us ? us_ : peer_; }
    [[nodiscard]] Side& other(By by) noexcept { return by == By::us ? peer_ : us_; }
    void send(By by, std::uint8_t flags, wire::ByteView payload = {});

    Capture* capture_ = nullptr;
    Side us_{};
    Side peer_{};
    bool is_over_ = false;
};

// open_flow begins the flow of a connection that is there; of none if `capture` is nullptr.
[[nodiscard]] CaptureFlow open_flow(Capture* capture, const net::Stream& stream, bool we_opened);

// packet_of is an IP packet with a TCP segment, checksums included.
struct Segment {
    wire::ByteView from;  // addresses, 4 or 16 octets each
    wire::ByteView to;
    std::uint16_t from_port = 0;
    std::uint16_t to_port = 0;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;
    std::uint8_t flags = 0;  // FIN 1, SYN 2, RST 4, PSH 8, ACK 16 (RFC 9293 §3.1)
    wire::ByteView payload;
};
[[nodiscard]] wire::ByteString packet_of(const Segment& segment);

}  // namespace wsproof::conformance
