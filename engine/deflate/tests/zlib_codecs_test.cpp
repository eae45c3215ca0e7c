// The deflater, and what ZlibCodecs keeps for the next one.
#include <wsproof/deflate/zlib_codecs.hpp>

#include "support/allocations.hpp"
#include "support/streams.hpp"

namespace wsproof::test {
namespace {

Buffer bytes_of(Bytes bytes) {
    return {bytes.begin(), bytes.end()};
}

// is_inside: whether no distance in `stream` is above 2 to the power of `window_bits`. zlib's
// inflater checks that exactly if it gives out one byte at a time.
bool is_inside(const Buffer& stream, int window_bits, const Buffer& expected) {
    z_stream inflater{};
    REQUIRE(inflateInit2(&inflater, -window_bits) == Z_OK);
    inflater.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(stream.data()));
    inflater.avail_in = static_cast<uInt>(stream.size());
    Buffer out;
    int result = Z_OK;
    while (result == Z_OK) {
        Bytef byte = 0;
        inflater.next_out = &byte;
        inflater.avail_out = 1;
        result = inflate(&inflater, Z_SYNC_FLUSH);
        if (inflater.avail_out == 0) {
            out.push_back(static_cast<std::byte>(byte));
        }
    }
    inflateEnd(&inflater);
    return result == Z_BUF_ERROR && out == expected;
}

// far_repeats: the same 60 bytes again at every distance that tells windows apart.
Buffer far_repeats() {
    Buffer bytes;
    const Buffer token = random_bytes(60, 4);
    for (const std::size_t gap :
         {200U, 240U, 260U, 480U, 510U, 1000U, 2000U, 4000U, 8000U, 16000U, 20000U}) {
        bytes = bytes + token + random_bytes(gap, static_cast<unsigned>(gap));
    }
    return bytes + token;
}

TEST_CASE("deflater: ends with an empty stored block and stays inside its window, 8 to 15 bits") {
    const int window_bits = GENERATE(range(8, 16));
    INFO(window_bits);
    ZlibCodecs codecs;
    Deflater* deflater = codecs.take_deflater(window_bits);
    REQUIRE(deflater != nullptr);
    const Buffer text = far_repeats();
    const Buffer stream = bytes_of(deflater->deflate(text).value());
    CHECK(to_hex(Bytes(stream).last(4)) == "00 00 ff ff");
    CHECK(is_inside(stream, window_bits, text));
    if (window_bits < 15) {  // the check can fail
        CHECK_FALSE(is_inside(deflated(text), window_bits, text));
    }
    codecs.give_back(*deflater);
}

TEST_CASE("deflater: refers back to what came before, until it is reset") {
    ZlibCodecs codecs;
    Deflater* deflater = codecs.take_deflater(15);
    REQUIRE(deflater != nullptr);
    const Buffer text = random_bytes(5000, 5);
    const Buffer first = bytes_of(deflater->deflate(text).value());
    CHECK(first.size() > text.size());
    CHECK(deflater->deflate(text).value().size() < 200);
    deflater->reset();
    CHECK(bytes_of(deflater->deflate(text).value()) == first);
    codecs.give_back(*deflater);
}

TEST_CASE("deflater: output of any size, at every level") {
    const int level = GENERATE(0, 1, 6, 9);
    ZlibCodecs codecs({.level = level});
    Deflater* deflater = codecs.take_deflater(15);
    REQUIRE(deflater != nullptr);
    Buffer all;
    Buffer stream;
    for (const std::size_t size : {1U, 100U, 4090U, 4091U, 4096U, 65536U, 300000U}) {
        const Buffer text = random_bytes(size, static_cast<unsigned>(size));
        all = all + text;
        stream = stream + bytes_of(deflater->deflate(text).value());
    }
    CHECK(is_inside(stream, 15, all));
    codecs.give_back(*deflater);
}

TEST_CASE("codecs: what is given back serves again, reset, and costs nothing") {
    ZlibCodecs codecs({.spare_count = 1});
    const Buffer text = random_bytes(500, 6);
    const auto deflate_once = [&](int window_bits) {
        Deflater* deflater = codecs.take_deflater(window_bits);
        REQUIRE(deflater != nullptr);
        const Buffer stream = bytes_of(deflater->deflate(text).value());
        codecs.give_back(*deflater);
        return stream;
    };
    const Buffer first = deflate_once(15);
    CHECK(deflate_once(15) == first);
    const std::size_t held = memory_held();
    CHECK(deflate_once(9) != Buffer{});  // another window is another deflater; one spare is kept
    const std::size_t made_before = allocations_made();
    CHECK(deflate_once(9) != Buffer{});  // that of the last one
    CHECK(allocations_made() - made_before < 8);
    CHECK(deflate_once(15) == first);
    CHECK(memory_held() == held);
    Inflater* inflater = codecs.take_inflater(100);
    REQUIRE(inflater != nullptr);
    CHECK(inflater->chunk().size() == 100);
    codecs.give_back(*inflater);
    const std::size_t made = allocations_made();
    inflater = codecs.take_inflater(100);
    CHECK(allocations_made() == made);
    codecs.give_back(*inflater);
    inflater = codecs.take_inflater(200);
    CHECK(inflater->chunk().size() == 200);
    codecs.give_back(*inflater);
}

}  // namespace
}  // namespace wsproof::test
