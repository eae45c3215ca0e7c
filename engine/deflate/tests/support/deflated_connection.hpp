// Connections that have agreed to permessage-deflate.
#pragma once

#include <wsproof/deflate/zlib_codecs.hpp>

#include "streams.hpp"
#include "support/feed.hpp"

namespace wsproof::test {

// codecs serve all connections of the tests.
inline ZlibCodecs& codecs() {
    static ZlibCodecs instance;
    return instance;
}

inline Options deflating(Options options = {}) {
    options.deflate.codecs = &codecs();
    return options;
}

// agreed makes open connections of `role` that have agreed to `parameters`.
inline MakeConnection agreed(Role role, const DeflateParameters& parameters = {},
                             const Options& options = {}) {
    return [=](Entropy& entropy) {
        Opened opened{};
        opened.deflate = parameters;
        return Connection::adopt(role, opened, deflating(options), entropy, Time{});
    };
}

// frame is an unmasked frame: `first` is its first byte, 0xC1 for a compressed text.
inline Buffer frame(unsigned first, const Buffer& payload) {
    Buffer bytes{static_cast<std::byte>(first)};
    if (payload.size() < 126) {
        bytes.push_back(static_cast<std::byte>(payload.size()));
    } else {
        REQUIRE(payload.size() <= 65535);
        bytes.push_back(std::byte{126});
        bytes.push_back(static_cast<std::byte>(payload.size() >> 8));
        bytes.push_back(static_cast<std::byte>(payload.size() & 0xFF));
    }
    return bytes + payload;
}

using Lines = std::vector<std::string>;

}  // namespace wsproof::test
