#include "wire/frame_reader.hpp"

#include "support/bytes.hpp"

namespace wsproof::conformance::test {

namespace {

using wire::Frame;
using wire::FrameReader;
using wire::LengthForm;

std::vector<Frame> read(FrameReader& reader, const std::vector<ByteView>& pieces) {
    std::vector<Frame> frames;
    for (ByteView piece : pieces) {
        while (!piece.empty()) {
            if (auto frame = reader.next(piece)) {
                frames.push_back(std::move(*frame));
            }
        }
    }
    return frames;
}

std::vector<Frame> read_whole(const ByteString& in) {
    FrameReader reader;
    return read(reader, {ByteView(in)});
}

}  // namespace

TEST_CASE("Frame reader: a stream of frames, legal and not, under every cut") {
    const ByteString in = "01 03 48656c"_hex +         // Text without FIN
                          "89 00"_hex +                // Ping
                          "f0 82 00000000 6c6f"_hex +  // masked, RSV1-3, continuation
                          "83 7e 0001 ff"_hex +        // unknown opcode, length in 16 bits
                          "81 ff 0000000000000002 01020304 4849"_hex +  // masked, length in 64 bits
                          "08 01 03"_hex;  // Close without FIN, one byte
    for_each_cut(in, [&](const std::vector<ByteView>& pieces) {
        FrameReader reader;
        const auto frames = read(reader, pieces);
        REQUIRE(frames.size() == 6);
        REQUIRE(reader.is_at_boundary());
        REQUIRE(reader.partial() == nullptr);

        REQUIRE_FALSE(frames[0].fin);
        REQUIRE(frames[0].opcode == 1);
        REQUIRE(frames[0].rsv == 0);
        REQUIRE_FALSE(frames[0].masked);
        REQUIRE(to_text(frames[0].payload) == "Hel");
        REQUIRE(frames[0].head == "01 03"_hex);

        REQUIRE(frames[1].fin);
        REQUIRE(frames[1].is_control());
        REQUIRE(frames[1].offset == 5);

        REQUIRE(frames[2].rsv == 7);
        REQUIRE(frames[2].opcode == 0);
        REQUIRE(frames[2].masked);
        REQUIRE(to_text(frames[2].payload) == "lo");

        REQUIRE(frames[3].opcode == 3);
        REQUIRE(frames[3].length == LengthForm::bits16);
        REQUIRE(frames[3].declared == 1);
        REQUIRE_FALSE(frames[3].is_minimal());

        REQUIRE(frames[4].length == LengthForm::bits64);
        REQUIRE(frames[4].head == "81 ff 0000000000000002 01020304"_hex);
        REQUIRE(frames[4].key[3] == std::byte{4});
        REQUIRE(frames[4].payload == "49 4b"_hex);
        REQUIRE(frames[4].offset == 20);
        REQUIRE(frames[4].wire_size() == 16);

        REQUIRE_FALSE(frames[5].fin);
        REQUIRE(frames[5].opcode == 8);
        REQUIRE(frames[5].payload == "03"_hex);
        REQUIRE(frames[5].offset == 36);
    });
}

TEST_CASE("Frame reader: RSV bits are told apart") {
    CHECK(read_whole("c1 00"_hex).at(0).rsv == 4);
    CHECK(read_whole("a1 00"_hex).at(0).rsv == 2);
    CHECK(read_whole("91 00"_hex).at(0).rsv == 1);
}

TEST_CASE("Frame reader: what is the shortest form") {
    const auto is_minimal = [](std::uint64_t size, LengthForm form) {
        Frame frame;
        frame.declared = size;
        frame.length = form;
        return frame.is_minimal();
    };
    CHECK(is_minimal(0, LengthForm::minimal));
    CHECK(is_minimal(125, LengthForm::minimal));
    CHECK_FALSE(is_minimal(125, LengthForm::bits16));
    CHECK(is_minimal(126, LengthForm::bits16));
    CHECK(is_minimal(65535, LengthForm::bits16));
    CHECK_FALSE(is_minimal(65535, LengthForm::bits64));
    CHECK(is_minimal(65536, LengthForm::bits64));
    CHECK(is_minimal(UINT64_MAX, LengthForm::bits64));
}

TEST_CASE("Frame reader: a length beyond reason is reported and allocates nothing") {
    const ByteString in = "82 7f ffffffffffffffff 0102"_hex;
    for_each_cut(in, [](const std::vector<ByteView>& pieces) {
        FrameReader reader;
        REQUIRE(read(reader, pieces).empty());
        REQUIRE_FALSE(reader.is_at_boundary());
        REQUIRE(reader.has_head());
        REQUIRE(reader.partial() != nullptr);
        REQUIRE(reader.partial()->declared == UINT64_MAX);
        REQUIRE(reader.partial()->payload == "01 02"_hex);
        REQUIRE(reader.partial()->payload.capacity() < 1024);
        REQUIRE(reader.payload_received() == 2);
    });
}

TEST_CASE("Frame reader: where a stream stops inside a frame") {
    const ByteString in = "81 fe 0080 01020304 00"_hex;
    FrameReader reader;
    CHECK(reader.is_at_boundary());
    for (std::size_t i = 0; i < in.size(); ++i) {
        ByteView piece = ByteView(in).subspan(i, 1);
        CHECK_FALSE(reader.next(piece));
        CAPTURE(i);
        CHECK_FALSE(reader.is_at_boundary());
        CHECK(reader.has_head() == (i >= 7));
    }
    CHECK(reader.partial()->declared == 128);
    CHECK(reader.payload_received() == 1);
}

TEST_CASE("Frame reader: next stops at the end of one frame") {
    const ByteString in = "81 01 41 81 01 42"_hex;
    FrameReader reader;
    ByteView rest(in);
    const auto first = reader.next(rest);
    REQUIRE(first);
    CHECK(to_text(first->payload) == "A");
    CHECK(rest.size() == 3);
    CHECK(reader.is_at_boundary());
    const auto second = reader.next(rest);
    REQUIRE(second);
    CHECK(second->offset == 3);
    CHECK(rest.empty());
    CHECK_FALSE(reader.next(rest));
}

TEST_CASE("Frame reader: beyond its cap a payload is counted and not kept") {
    const ByteString in = "82 86 01020304 010203040506 89 00"_hex;
    for_each_cut(in, [](const std::vector<ByteView>& pieces) {
        FrameReader reader(4);
        const auto frames = read(reader, pieces);
        REQUIRE(frames.size() == 2);
        REQUIRE(frames[0].declared == 6);
        REQUIRE(frames[0].payload == "00 00 00 00"_hex);
        REQUIRE(frames[0].wire_size() == 12);
        REQUIRE(frames[1].offset == 12);
    });
}

TEST_CASE("Frame reader: a cap of nothing still tells the boundaries of our own output") {
    ByteString in;
    wire::append_frame(in, {.key = wire::Key{}, .payload = to_bytes("Hello")});
    FrameReader reader(0);
    ByteView rest = ByteView(in).first(in.size() - 1);
    CHECK_FALSE(reader.next(rest));
    CHECK_FALSE(reader.is_at_boundary());
    rest = ByteView(in).last(1);
    CHECK(reader.next(rest));
    CHECK(reader.is_at_boundary());
}

TEST_CASE("Frame reader: what the writer makes comes back") {
    const wire::Key key{std::byte{9}, std::byte{8}, std::byte{7}, std::byte{6}};
    for (const std::size_t size : {0U, 1U, 125U, 126U, 65535U, 65536U}) {
        const ByteString payload(size, std::byte{0x5A});
        ByteString in;
        wire::append_frame(in,
                           {.fin = false, .rsv = 3, .opcode = 2, .key = key, .payload = payload});
        const auto frames = read_whole(in);
        REQUIRE(frames.size() == 1);
        CHECK(frames[0].payload == payload);
        CHECK(frames[0].is_minimal());
        CHECK(frames[0].rsv == 3);
        CHECK(frames[0].key == key);
        CHECK(frames[0].wire_size() == in.size());
    }
}

}  // namespace wsproof::conformance::test
