// What `wsproof limits` sends, read back.
#include "limits_script.hpp"

#include <zlib.h>

#include <catch2/catch.hpp>

#include "wire/frame_reader.hpp"

using namespace wsproof::conformance;

namespace {

wire::ByteString written(const Script& script) {
    wire::ByteString bytes;
    for (const Piece& piece : script) {
        for (std::uint64_t at = 0; at < piece.size; ++at) {
            bytes.push_back(piece.bytes[static_cast<std::size_t>(at % piece.bytes.size())]);
        }
    }
    return bytes;
}

std::vector<wire::Frame> frames_in(const Script& script) {
    const wire::ByteString bytes = written(script);
    REQUIRE(bytes.size() == size_of(script));
    wire::FrameReader reader;
    wire::ByteView in = bytes;
    std::vector<wire::Frame> frames;
    while (auto frame = reader.next(in)) {
        CHECK(frame->masked);
        frames.push_back(std::move(*frame));
    }
    CHECK(reader.is_at_boundary());
    return frames;
}

// message_in checks that the frames are one message of the letter w; its size.
std::uint64_t message_in(const std::vector<wire::Frame>& frames) {
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        REQUIRE(frames[i].opcode == (i == 0 ? 1 : 0));
        REQUIRE(frames[i].fin == (i + 1 == frames.size()));
        for (const std::byte octet : frames[i].payload) {
            REQUIRE(octet == std::byte{'w'});
        }
        size += frames[i].payload.size();
    }
    return size;
}

// inflated_size is zlib's opinion.
std::uint64_t inflated_size(wire::ByteString stream) {
    for (const int octet : {0x00, 0x00, 0xFF, 0xFF}) {
        stream.push_back(static_cast<std::byte>(octet));
    }
    z_stream state{};
    REQUIRE(::inflateInit2(&state, -15) == Z_OK);
    std::vector<unsigned char> out(std::size_t{1} << 16);
    state.next_in = reinterpret_cast<unsigned char*>(stream.data());
    state.avail_in = static_cast<unsigned>(stream.size());
    do {
        state.next_out = out.data();
        state.avail_out = static_cast<unsigned>(out.size());
        REQUIRE(::inflate(&state, Z_SYNC_FLUSH) >= Z_BUF_ERROR);
    } while (state.avail_out == 0);
    const std::uint64_t size = state.total_out;
    ::inflateEnd(&state);
    return size;
}

}  // namespace

TEST_CASE("Limits: a frame is one frame of the size asked for") {
    for (const std::uint64_t size : {1U, 125U, 126U, 65'535U, 65'536U, 200'001U}) {
        const auto frames = frames_in(frame_of(1, size));
        REQUIRE(frames.size() == 1);
        CHECK(message_in(frames) == size);
        CHECK(frames[0].is_minimal());
    }
}

TEST_CASE("Limits: a message comes in fragments of the size asked for, two at least") {
    for (const std::uint64_t size : {2U, 3U, 100U, 65'536U, 200'001U}) {
        const auto frames = frames_in(message_of(1, size, 65'536));
        CHECK(frames.size() >= 2);
        CHECK(message_in(frames) == size);
    }
    CHECK(frames_in(message_of(1, 1, 65'536)).size() == 1);
    const auto frames = frames_in(message_of(1, 1'001, 10));
    CHECK(frames.size() == 101);
    CHECK(message_in(frames) == 1'001);
    for (const wire::Frame& frame : frames) {
        CHECK(frame.payload.size() <= 10);
    }
}

TEST_CASE("Limits: fragments are as many as asked for, with a byte each or one in all") {
    for (const std::uint64_t count : {1U, 2U, 3U, 10'000U, 20'001U}) {
        const auto frames = frames_in(fragments_of(1, count, false));
        CHECK(frames.size() == count);
        CHECK(message_in(frames) == count);
        const auto empty = frames_in(fragments_of(1, count, true));
        CHECK(empty.size() == count);
        CHECK(message_in(empty) == 1);
    }
}

TEST_CASE("Limits: a compressed message inflates to the size asked for and is small on the wire") {
    for (const std::uint64_t size : {1U, 2U, 257U, 258U, 259U, 260U, 1'000'003U, 64U << 20U}) {
        const Script script = inflating(1, size);
        const auto frames = frames_in(script);
        REQUIRE(frames.size() == 1);
        CHECK(frames[0].rsv == 4);
        CHECK(inflated_size(frames[0].payload) == size);
        CHECK(size_of(script) <= 400 + size / 1'000);
    }
}
