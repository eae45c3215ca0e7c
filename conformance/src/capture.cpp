#include "capture.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace wsproof::conformance {

namespace {

using wire::ByteString;
using wire::ByteView;

// The classic format, in microseconds, of raw IP: LINKTYPE_RAW.
constexpr std::uint32_t kMagic = 0xA1B2C3D4;
constexpr std::uint32_t kSnapLength = 262'144;
constexpr std::uint32_t kRawIp = 101;

constexpr std::size_t kSegmentMax = 32'768;  // bytes of payload, as offloading cards make them
constexpr std::uint16_t kWindow = 65'535;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint16_t kHttpPort = 80;

enum Flag : std::uint8_t {
    kFin = 1,
    kSyn = 2,
    kRst = 4,
    kPsh = 8,
    kAck = 16,
};

void put16(ByteString& out, std::uint32_t value) {
    out.push_back(static_cast<std::byte>(value >> 8));
    out.push_back(static_cast<std::byte>(value));
}

void put32(ByteString& out, std::uint32_t value) {
    put16(out, value >> 16);
    put16(out, value & 0xFFFF);
}

void put(ByteString& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

// add_up is the sum of RFC 1071 over 16-bit words, carried on from `sum`.
std::uint32_t add_up(ByteView bytes, std::uint32_t sum) {
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        const auto high = std::to_integer<std::uint32_t>(bytes[i]) << 8;
        const auto low = i + 1 < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i + 1]) : 0;
        sum += high | low;
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    return sum;
}

void set_checksum(ByteString& bytes, std::size_t at, std::uint32_t sum) {
    const std::uint32_t checksum = ~sum & 0xFFFF;
    bytes[at] = static_cast<std::byte>(checksum >> 8);
    bytes[at + 1] = static_cast<std::byte>(checksum);
}

ByteString tcp_of(const Segment& segment) {
    ByteString tcp;
    tcp.reserve(20 + segment.payload.size());
    put16(tcp, segment.from_port);
    put16(tcp, segment.to_port);
    put32(tcp, segment.sequence);
    put32(tcp, segment.acknowledged);
    tcp.push_back(std::byte{5 << 4});  // words of header
    tcp.push_back(static_cast<std::byte>(segment.flags));
    put16(tcp, kWindow);
    put32(tcp, 0);  // checksum, urgent pointer
    put(tcp, segment.payload);
    // RFC 9293 §3.1: over addresses, protocol and length too.
    ByteString pseudo;
    put(pseudo, segment.from);
    put(pseudo, segment.to);
    put32(pseudo, static_cast<std::uint32_t>(tcp.size()));
    put32(pseudo, kTcp);
    set_checksum(tcp, 16, add_up(tcp, add_up(pseudo, 0)));
    return tcp;
}

}  // namespace

wire::ByteString packet_of(const Segment& segment) {
    const ByteString tcp = tcp_of(segment);
    ByteString packet;
    packet.reserve(40 + tcp.size());
    if (segment.from.size() == 4) {
        constexpr std::uint32_t kHeader = 20;
        packet = {std::byte{0x45}, std::byte{0}};  // version, words of header; service
        put16(packet, static_cast<std::uint32_t>(kHeader + tcp.size()));
        put32(packet, 0x4000);  // identification 0, not to be fragmented
        packet.push_back(std::byte{64});
        packet.push_back(static_cast<std::byte>(kTcp));
        put16(packet, 0);  // checksum
        put(packet, segment.from);
        put(packet, segment.to);
        set_checksum(packet, 10, add_up(packet, 0));
    } else {
        put32(packet, 0x60000000);  // version, class, flow label
        put16(packet, static_cast<std::uint32_t>(tcp.size()));
        packet.push_back(static_cast<std::byte>(kTcp));
        packet.push_back(std::byte{64});
        put(packet, segment.from);
        put(packet, segment.to);
    }
    put(packet, tcp);
    return packet;
}

Capture::Capture(const std::filesystem::path& path)
    : path_(path), file_(path, std::ios::binary | std::ios::trunc) {}

namespace {

// Numbers of the file's own headers are in our byte order; the magic number says which.
void write_number(std::ofstream& file, std::uint32_t value) {
    file.write(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

std::unique_ptr<Capture> Capture::open(const std::filesystem::path& path, std::string& error) {
    std::unique_ptr<Capture> capture(new Capture(path));
    constexpr std::uint16_t kVersion[2] = {2, 4};
    write_number(capture->file_, kMagic);
    capture->file_.write(reinterpret_cast<const char*>(kVersion), sizeof kVersion);
    for (const std::uint32_t field : {0U, 0U, kSnapLength, kRawIp}) {
        write_number(capture->file_, field);
    }
    error = capture->finish();
    return error.empty() ? std::move(capture) : nullptr;
}

void Capture::add(wire::ByteView packet) {
    const std::lock_guard lock(writing_);
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    write_number(file_, static_cast<std::uint32_t>(now / 1'000'000));
    write_number(file_, static_cast<std::uint32_t>(now % 1'000'000));
    write_number(file_, static_cast<std::uint32_t>(packet.size()));
    write_number(file_, static_cast<std::uint32_t>(packet.size()));
    file_.write(reinterpret_cast<const char*>(packet.data()),
                static_cast<std::streamsize>(packet.size()));
}

std::string Capture::finish() {
    const std::lock_guard lock(writing_);
    file_.flush();
    return file_ ? "" : path_.string() + " cannot be written";
}

CaptureFlow::CaptureFlow(Capture& capture, const Ends& ends) : capture_(&capture) {
    for (const auto& [to, end] : {std::pair<Side&, const net::Endpoint&>{us_, ends.ours},
                                  std::pair<Side&, const net::Endpoint&>{peer_, ends.theirs}}) {
        to.address = end.octets();
        to.port = end.port();
    }
    if (us_.address.empty() || us_.address.size() != peer_.address.size()) {
        capture_ = nullptr;  // it has gone already
        return;
    }
    const By opener = ends.we_opened ? By::us : By::peer;
    const By listener = ends.we_opened ? By::peer : By::us;
    if (ends.is_tls) {
        side(listener).port = kHttpPort;  // else it would be dissected as TLS
    }
    send(opener, kSyn);
    send(listener, kSyn | kAck);
    send(opener, kAck);
}

void CaptureFlow::send(By by, std::uint8_t flags, wire::ByteView payload) {
    Side& from = side(by);
    const Side& to = other(by);
    capture_->add(packet_of({.from = from.address,
                             .to = to.address,
                             .from_port = from.port,
                             .to_port = to.port,
                             .sequence = from.next,
                             .acknowledged = (flags & kAck) != 0 ? to.next : 0,
                             .flags = flags,
                             .payload = payload}));
    const bool takes_number = (flags & (kSyn | kFin)) != 0;
    from.next += static_cast<std::uint32_t>(payload.size()) + (takes_number ? 1 : 0);
}

void CaptureFlow::data(By by, wire::ByteView bytes) {
    if (capture_ == nullptr || is_over_ || side(by).has_finished) {
        return;
    }
    for (std::size_t offset = 0; offset < bytes.size(); offset += kSegmentMax) {
        send(by, kPsh | kAck, bytes.subspan(offset, std::min(kSegmentMax, bytes.size() - offset)));
    }
}

void CaptureFlow::finish(By by) {
    if (capture_ == nullptr || is_over_ || side(by).has_finished) {
        return;
    }
    side(by).has_finished = true;
    send(by, kFin | kAck);
    send(by == By::us ? By::peer : By::us, kAck);
}

void CaptureFlow::reset(By by) {
    if (capture_ == nullptr || is_over_) {
        return;
    }
    is_over_ = true;
    send(by, kRst | kAck);
}

CaptureFlow open_flow(Capture* capture, const net::Stream& stream, bool we_opened) {
    if (capture == nullptr) {
        return {};
    }
    return CaptureFlow(*capture, {.ours = stream.socket().local_endpoint(),
                                  .theirs = stream.socket().peer_endpoint(),
                                  .we_opened = we_opened,
                                  .is_tls = stream.is_tls()});
}

}  // namespace wsproof::conformance
