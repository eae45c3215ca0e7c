// DEFLATE streams for tests, by zlib itself.
#pragma once

#include <zlib.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <random>
#include <string_view>

#include "support/bytes.hpp"

namespace wsproof::test {

enum class End {
    sync,   // 00 00 FF FF
    final,  // the last block is marked as such
};

struct Making {
    End end = End::sync;
    int window_bits = 15;
    int level = 6;
    int strategy = Z_DEFAULT_STRATEGY;
    Buffer dictionary{};  // what the stream may refer back to
};

// deflated is `bytes` as a raw DEFLATE stream.
inline Buffer deflated(const Buffer& bytes, const Making& making = {}) {
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, making.level, Z_DEFLATED, -making.window_bits, 9,
                         making.strategy) == Z_OK);
    if (!making.dictionary.empty()) {
        REQUIRE(deflateSetDictionary(&stream,
                                     reinterpret_cast<const Bytef*>(making.dictionary.data()),
                                     static_cast<uInt>(making.dictionary.size())) == Z_OK);
    }
    Buffer out(bytes.size() + bytes.size() / 100 + 1000);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, making.end == End::final ? Z_FINISH : Z_SYNC_FLUSH);
    REQUIRE(stream.avail_in == 0);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

// compressed is `bytes` as the payload of a message: without the tail (RFC 7692 §7.2.1).
inline Buffer compressed(const Buffer& bytes, const Making& making = {}) {
    Buffer out = deflated(bytes, making);
    REQUIRE(to_hex(Bytes(out).last(4)) == "00 00 ff ff");
    out.resize(out.size() - 4);
    return out;
}

inline Buffer random_bytes(std::size_t size, unsigned seed, unsigned kinds = 256) {
    std::mt19937 random(seed);
    Buffer bytes(size);
    for (std::byte& byte : bytes) {
        byte = static_cast<std::byte>(random() % kinds);
    }
    return bytes;
}

}  // namespace wsproof::test
