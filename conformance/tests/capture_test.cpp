// The packets of a capture: headers, checksums, sequence numbers, the file around them.
#include "capture.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <iterator>

#include "support/bytes.hpp"

namespace wsproof::conformance::test {

namespace {

using By = CaptureFlow::By;

// sum_of is that of RFC 1071, 0xFFFF where a checksum inside is right.
std::uint32_t sum_of(const ByteString& bytes) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        sum += std::to_integer<std::uint64_t>(bytes[i]) << (i % 2 == 0 ? 8 : 0);
    }
    while (sum > 0xFFFF) {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    return static_cast<std::uint32_t>(sum);
}

ByteString part(const ByteString& bytes, std::size_t offset, std::size_t size = SIZE_MAX) {
    const ByteView view = ByteView(bytes).subspan(offset);
    const ByteView wanted = view.first(std::min(size, view.size()));
    return {wanted.begin(), wanted.end()};
}

std::uint32_t number(const ByteString& bytes, std::size_t offset, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[offset + i]);
    }
    return value;
}

net::Endpoint endpoint(const char* host, std::uint16_t port) {
    return net::resolve(host, port, net::Clock::now()).endpoints.at(0);
}

// File is a capture that is deleted in the end.
struct File {
    File() : capture(Capture::open(path, error)) {}
    ~File() { std::remove(path.c_str()); }
    // packets reads it back: IP packets.
    std::vector<ByteString> packets() {
        CHECK(capture->finish().empty());
        std::ifstream file(path, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        const ByteString all = to_bytes(text);
        const auto little = [&](std::size_t at) {
            return number(all, at, 1) | number(all, at + 1, 1) << 8 | number(all, at + 2, 1) << 16 |
                   number(all, at + 3, 1) << 24;
        };
        CHECK(part(all, 0, 8) == "d4c3b2a1 0200 0400"_hex);
        CHECK(little(20) == 101);
        std::vector<ByteString> found;
        for (std::size_t at = 24; at < all.size(); at += 16 + little(at + 8)) {
            CHECK(little(at + 4) < 1'000'000);
            CHECK(little(at + 8) == little(at + 12));
            found.push_back(part(all, at + 16, little(at + 8)));
        }
        return found;
    }
    std::string path =
        (std::filesystem::temp_directory_path() / ("wsproof-capture-" + std::to_string(::getpid())))
            .string();
    std::string error;
    std::unique_ptr<Capture> capture;
};

// line says a packet of IPv4 in a few words: "5>80 S 0/0 3".
std::string line(const ByteString& packet) {
    std::string flags;
    const char* names = "FSRPA";
    for (int bit = 0; bit < 5; ++bit) {
        flags += (number(packet, 33, 1) >> bit & 1) != 0 ? std::string(1, names[bit]) : "";
    }
    return std::to_string(number(packet, 20, 2)) + ">" + std::to_string(number(packet, 22, 2)) +
           " " + flags + " " + std::to_string(number(packet, 24, 4)) + "/" +
           std::to_string(number(packet, 28, 4)) + " " + std::to_string(packet.size() - 40);
}

std::vector<std::string> lines(const std::vector<ByteString>& packets) {
    std::vector<std::string> all;
    std::transform(packets.begin(), packets.end(), std::back_inserter(all), line);
    return all;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("Capture: a segment over IPv4") {
    const ByteString from = "7f000001"_hex;
    const ByteString to = "7f000002"_hex;
    for (const char* text : {"", "a", "ab", "abc"}) {
        const ByteString payload = to_bytes(text);
        const ByteString packet = packet_of({.from = from,
                                             .to = to,
                                             .from_port = 0x1234,
                                             .to_port = 80,
                                             .sequence = 0xFFFFFFFF,
                                             .acknowledged = 7,
                                             .flags = 24,
                                             .payload = payload});
        REQUIRE(packet.size() == 40 + payload.size());
        CHECK(part(packet, 0, 1) == "45"_hex);
        CHECK(number(packet, 2, 2) == packet.size());
        CHECK(part(packet, 9, 1) == "06"_hex);
        CHECK(part(packet, 12, 8) == from + to);
        CHECK(sum_of(part(packet, 0, 20)) == 0xFFFF);
        CHECK(part(packet, 20, 14) == "1234 0050 ffffffff 00000007 50 18"_hex);
        CHECK(part(packet, 40) == payload);
        const auto size = static_cast<std::byte>(packet.size() - 20);
        CHECK(sum_of(from + to + ByteString{std::byte{0}, std::byte{6}, std::byte{0}, size} +
                     part(packet, 20)) == 0xFFFF);
    }
}

TEST_CASE("Capture: a segment over IPv6") {
    ByteString from(16);
    from[15] = std::byte{1};
    const ByteString payload = to_bytes("abc");
    const ByteString packet = packet_of({.from = from, .to = from, .flags = 2, .payload = payload});
    REQUIRE(packet.size() == 63);
    CHECK(part(packet, 0, 8) == "60000000 0017 06 40"_hex);
    CHECK(sum_of(from + from + "00000017 00000006"_hex + part(packet, 40)) == 0xFFFF);
}

TEST_CASE("Capture: a connection of ours, from SYN to FIN") {
    File file;
    CaptureFlow flow(*file.capture,
                     {.ours = endpoint("127.0.0.1", 5), .theirs = endpoint("127.0.0.1", 9001)});
    flow.data(By::us, to_bytes("abc"));
    flow.data(By::peer, to_bytes("de"));
    flow.finish(By::peer);
    flow.data(By::us, to_bytes("f"));
    flow.finish(By::us);
    flow.finish(By::us);
    flow.data(By::us, to_bytes("too late"));
    CHECK(lines(file.packets()) == Lines{"5>9001 S 0/0 0", "9001>5 SA 0/1 0", "5>9001 A 1/1 0",
                                         "5>9001 PA 1/1 3", "9001>5 PA 1/4 2", "9001>5 FA 3/4 0",
                                         "5>9001 A 4/4 0", "5>9001 PA 4/4 1", "5>9001 FA 5/4 0",
                                         "9001>5 A 4/6 0"});
}

TEST_CASE("Capture: a connection of the peer's that it resets; within TLS the port is 80") {
    File file;
    CaptureFlow flow(*file.capture, {.ours = endpoint("127.0.0.1", 443),
                                     .theirs = endpoint("127.0.0.1", 5),
                                     .we_opened = false,
                                     .is_tls = true});
    flow.reset(By::peer);
    flow.reset(By::us);
    CHECK(lines(file.packets()) ==
          Lines{"5>80 S 0/0 0", "80>5 SA 0/1 0", "5>80 A 1/1 0", "5>80 RA 1/1 0"});
}

TEST_CASE("Capture: large writes become several packets, and a flow into no file is none") {
    File file;
    CaptureFlow flow(*file.capture,
                     {.ours = endpoint("127.0.0.1", 5), .theirs = endpoint("127.0.0.1", 6)});
    flow.data(By::us, ByteString(70'000));
    const Lines all = lines(file.packets());
    CHECK(Lines(all.begin() + 3, all.end()) ==
          Lines{"5>6 PA 1/1 32768", "5>6 PA 32769/1 32768", "5>6 PA 65537/1 4464"});
    CaptureFlow().data(By::us, to_bytes("a"));
    CaptureFlow().reset(By::us);
}

TEST_CASE("Capture: a file that cannot be written is told") {
    std::string error;
    CHECK(Capture::open("/nowhere/at/all", error) == nullptr);
    CHECK(error == "/nowhere/at/all cannot be written");
}

}  // namespace wsproof::conformance::test
