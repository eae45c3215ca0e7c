// zlib as a second opinion on permessage-deflate streams. The judge itself does without it.
#pragma once

#include <zlib.h>

#include <optional>
#include <stdexcept>

#include "bytes.hpp"

namespace wsproof::conformance::test {

// ZlibDeflate writes messages as zlib's users do: Z_SYNC_FLUSH, and the last four octets removed.
class ZlibDeflate {
  public:
    explicit ZlibDeflate(int bits = 15, int level = 9, int strategy = Z_DEFAULT_STRATEGY) {
        if (deflateInit2(&stream_, level, Z_DEFLATED, -bits, 9, strategy) != Z_OK) {
            throw std::runtime_error("deflateInit2");
        }
    }
    ~ZlibDeflate() { deflateEnd(&stream_); }
    ZlibDeflate(const ZlibDeflate&) = delete;
    ZlibDeflate& operator=(const ZlibDeflate&) = delete;

    ByteString message(const ByteString& data) {
        ByteString out(data.size() * 2 + 1000);
        ByteString in = data;
        stream_.next_in = reinterpret_cast<Bytef*>(in.data());
        stream_.avail_in = static_cast<uInt>(in.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        deflate(&stream_, Z_SYNC_FLUSH);
        out.resize(out.size() - stream_.avail_out - 4);
        return out;
    }

  private:
    z_stream stream_{};
};

// ZlibInflate reads them; nullopt if it reports an error.
class ZlibInflate {
  public:
    explicit ZlibInflate(int bits = 15) {
        if (inflateInit2(&stream_, -bits) != Z_OK) {
            throw std::runtime_error("inflateInit2");
        }
    }
    ~ZlibInflate() { inflateEnd(&stream_); }
    ZlibInflate(const ZlibInflate&) = delete;
    ZlibInflate& operator=(const ZlibInflate&) = delete;

    std::optional<ByteString> message(ByteString payload, std::size_t most = 1 << 20) {
        payload = payload + "00 00 ff ff"_hex;
        ByteString out(most);
        stream_.next_in = reinterpret_cast<Bytef*>(payload.data());
        stream_.avail_in = static_cast<uInt>(payload.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        const int result = inflate(&stream_, Z_SYNC_FLUSH);
        if ((result != Z_OK && result != Z_BUF_ERROR) || stream_.avail_in != 0) {
            return std::nullopt;
        }
        out.resize(out.size() - stream_.avail_out);
        return out;
    }

  private:
    z_stream stream_{};
};

}  // namespace wsproof::conformance::test
