#include "frame_decoder.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "support/bytes.hpp"

namespace wsproof {
namespace {

using namespace test;
using Known = FrameDecoder::Known;

struct Row {
    Buffer bytes;
    FrameHeader header;
};

MaskKey key() {
    return {std::byte{0x37}, std::byte{0xFA}, std::byte{0x21}, std::byte{0x3D}};
}

std::vector<Row> rows() {
    return {
        {"81 05"_hex, {.payload_size = 5}},
        {"01 00"_hex, {.fin = false}},
        {"82 7d"_hex, {.opcode = Opcode::binary, .payload_size = 125}},
        {"89 85 37 fa 21 3d"_hex,
         {.opcode = Opcode::ping, .masked = true, .key = key(), .payload_size = 5}},
        {"82 7e 01 00"_hex,
         {.opcode = Opcode::binary, .length_form = LengthForm::bits_16, .payload_size = 256}},
        {"80 fe 00 05 37 fa 21 3d"_hex,  // longer than it need be: syntax does not mind
         {.opcode = Opcode::continuation,
          .masked = true,
          .length_form = LengthForm::bits_16,
          .key = key(),
          .payload_size = 5}},
        {"82 7f 00 00 00 00 00 01 00 00"_hex,
         {.opcode = Opcode::binary, .length_form = LengthForm::bits_64, .payload_size = 65536}},
        {"f3 ff ff ff ff ff ff ff ff ff 37 fa 21 3d"_hex,  // nothing of this is allowed
         {.reserved_bits = 7,
          .opcode = static_cast<Opcode>(3),
          .masked = true,
          .length_form = LengthForm::bits_64,
          .key = key(),
          .payload_size = UINT64_MAX}},
        {"c1 00"_hex, {.reserved_bits = 4}},
        {"a1 00"_hex, {.reserved_bits = 2}},
        {"91 00"_hex, {.reserved_bits = 1}},
    };
}

TEST_CASE("frame: decode reads what encode writes, and the reverse") {
    for (const Row& row : rows()) {
        CAPTURE(to_hex(row.bytes));
        CHECK(decode(row.bytes) == row.header);
        CHECK(header_size(row.header) == row.bytes.size());
        std::array<std::byte, kHeaderSizeMax> out{};
        const std::size_t size = encode(row.header, out);
        CHECK(to_hex(Bytes(out).first(size)) == to_hex(row.bytes));
    }
}

TEST_CASE("frame: decode wants the whole header") {
    for (const Row& row : rows()) {
        for (std::size_t size = 0; size < row.bytes.size(); ++size) {
            CHECK_FALSE(decode(Bytes(row.bytes).first(size)));
        }
    }
}

TEST_CASE("frame: the shortest form at its borders") {
    CHECK(shortest_form(0) == LengthForm::bits_7);
    CHECK(shortest_form(125) == LengthForm::bits_7);
    CHECK(shortest_form(126) == LengthForm::bits_16);
    CHECK(shortest_form(65535) == LengthForm::bits_16);
    CHECK(shortest_form(65536) == LengthForm::bits_64);
    CHECK(shortest_form(UINT64_MAX) == LengthForm::bits_64);
}

TEST_CASE("FrameDecoder: takes the header and leaves the payload, at every cut") {
    for (const Row& row : rows()) {
        for (const std::size_t payload : {std::size_t{0}, std::size_t{30}}) {
            for (std::size_t cut = 0; cut <= row.bytes.size(); ++cut) {
                Buffer bytes = row.bytes + Buffer(payload, std::byte{0xEE});
                FrameDecoder decoder;
                MutableBytes first = MutableBytes(bytes).first(cut);
                MutableBytes rest = MutableBytes(bytes).subspan(cut);
                Known known = decoder.read(first);
                CHECK(first.empty());
                if (known != Known::everything) {
                    known = decoder.read(rest);
                }
                CHECK(known == Known::everything);
                CHECK(decoder.header().payload_size == row.header.payload_size);
                CHECK(decoder.header().opcode == row.header.opcode);
                CHECK(decoder.header().reserved_bits == row.header.reserved_bits);
                CHECK(decoder.bytes_read() == row.bytes.size());
                CHECK(rest.size() == payload);
            }
        }
    }
}

TEST_CASE("FrameDecoder: says early what it knows") {
    Buffer bytes = "82 fe 01 00 37 fa 21 3d"_hex;
    const std::vector<Known> expected = {Known::nothing, Known::first_two, Known::first_two,
                                         Known::length,  Known::length,    Known::length,
                                         Known::length,  Known::everything};
    FrameDecoder decoder;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        MutableBytes in = MutableBytes(bytes).subspan(i, 1);
        CHECK(decoder.read(in) == expected[i]);
        CHECK(decoder.bytes_read() == i + 1);
    }
    CHECK(decoder.header().key == key());
}

TEST_CASE("FrameDecoder: headers in a row") {
    Buffer bytes = "01 00 89 00 80 7e 00 7e"_hex;
    MutableBytes in(bytes);
    FrameDecoder decoder;
    CHECK(decoder.read(in) == Known::everything);
    CHECK(decoder.header().opcode == Opcode::text);
    CHECK(decoder.read(in) == Known::everything);
    CHECK(decoder.header().opcode == Opcode::ping);
    CHECK(decoder.read(in) == Known::everything);
    CHECK(decoder.header().payload_size == 126);
    CHECK(decoder.read(in) == Known::nothing);
}

}  // namespace
}  // namespace wsproof
