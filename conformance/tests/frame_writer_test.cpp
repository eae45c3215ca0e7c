#include "wire/frame_writer.hpp"

#include "support/bytes.hpp"

namespace wsproof::conformance::test {

namespace {

constexpr wire::Key kKey{std::byte{0x37}, std::byte{0xFA}, std::byte{0x21}, std::byte{0x3D}};

ByteString encode(const wire::RawFrame& frame) {
    ByteString out;
    wire::append_frame(out, frame);
    return out;
}

}  // namespace

TEST_CASE("Frame writer: the examples of RFC 6455 §5.7") {
    const ByteString hello = to_bytes("Hello");
    CHECK(encode({.payload = hello}) == "81 05 48 65 6c 6c 6f"_hex);
    CHECK(encode({.key = kKey, .payload = hello}) == "81 85 37fa213d 7f9f4d5158"_hex);
    CHECK(encode({.fin = false, .payload = to_bytes("Hel")}) == "01 03 48 65 6c"_hex);
    CHECK(encode({.opcode = 0, .payload = to_bytes("lo")}) == "80 02 6c 6f"_hex);
    CHECK(encode({.opcode = 10, .key = kKey, .payload = hello}) == "8a 85 37fa213d 7f9f4d5158"_hex);
}

TEST_CASE("Frame writer: the shortest length at every boundary") {
    const auto head = [](std::size_t size) {
        const ByteString payload(size);
        ByteString out = encode({.opcode = 2, .payload = payload});
        out.resize(out.size() - size);
        return out;
    };
    CHECK(head(0) == "82 00"_hex);
    CHECK(head(125) == "82 7d"_hex);
    CHECK(head(126) == "82 7e 007e"_hex);
    CHECK(head(65535) == "82 7e ffff"_hex);
    CHECK(head(65536) == "82 7f 0000000000010000"_hex);
}

TEST_CASE("Frame writer: header bits stand as they are told") {
    CHECK(encode({.fin = false, .rsv = 4, .opcode = 3}) == "43 00"_hex);
    CHECK(encode({.rsv = 2, .opcode = 15}) == "af 00"_hex);
    CHECK(encode({.rsv = 1, .opcode = 8}) == "98 00"_hex);
    CHECK(encode({.fin = false, .rsv = 7, .opcode = 9}) == "79 00"_hex);
}

TEST_CASE("Frame writer: lengths that are too long for what they say") {
    const ByteString payload = to_bytes("Hello");
    CHECK(encode({.length = wire::LengthForm::bits16, .payload = payload}) ==
          "81 7e 0005 48656c6c6f"_hex);
    CHECK(encode({.key = kKey, .length = wire::LengthForm::bits64, .payload = payload}) ==
          "81 ff 0000000000000005 37fa213d 7f9f4d5158"_hex);
}

TEST_CASE("Frame writer: lengths that lie") {
    const ByteString payload = to_bytes("Hi");
    CHECK(encode({.declared = 5, .payload = payload}) == "81 05 4869"_hex);
    CHECK(encode({.declared = 0, .payload = payload}) == "81 00 4869"_hex);
    CHECK(encode({.opcode = 2, .declared = 0x8000000000000000}) == "82 7f 8000000000000000"_hex);
    CHECK(encode({.opcode = 2, .declared = UINT64_MAX}) == "82 7f ffffffffffffffff"_hex);
    CHECK(encode({.length = wire::LengthForm::bits16, .declared = 0x12345}) == "81 7e 2345"_hex);
}

TEST_CASE("Frame writer: a zero key is a key") {
    CHECK(encode({.key = wire::Key{}, .payload = to_bytes("Hi")}) == "81 82 00000000 4869"_hex);
}

TEST_CASE("Frame writer: frames are appended to what is there") {
    ByteString out = "ff"_hex;
    wire::append_frame(out, {.opcode = 9});
    wire::append_frame(out, {.opcode = 10});
    CHECK(out == "ff 89 00 8a 00"_hex);
}

TEST_CASE("Mask: every offset and size agrees with the formula of RFC 6455 §5.3") {
    for (std::size_t size = 0; size <= 40; ++size) {
        for (std::uint64_t offset = 0; offset < 8; ++offset) {
            ByteString data(size);
            for (std::size_t i = 0; i < size; ++i) {
                data[i] = static_cast<std::byte>(i * 7);
            }
            ByteString expected = data;
            for (std::size_t i = 0; i < size; ++i) {
                expected[i] ^= kKey[(offset + i) % 4];
            }
            wire::mask(data, kKey, offset);
            CAPTURE(size, offset);
            REQUIRE(data == expected);
        }
    }
}

}  // namespace wsproof::conformance::test
