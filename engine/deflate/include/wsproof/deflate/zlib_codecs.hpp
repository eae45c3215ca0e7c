// permessage-deflate's DEFLATE by zlib, for Options::deflate:
//
//   ZlibCodecs codecs;
//   const Options options{.deflate = {.codecs = &codecs}};
#pragma once

#include <memory>
#include <wsproof/deflate.hpp>

namespace wsproof {

// ZlibSettings trade time and memory for size. A deflater of window `w` takes about 2^(w+2) +
// 2^(memory_level+9) bytes, an inflater 40 KiB whatever the window (zlib tells a distance beyond a
// smaller one only sometimes, and what is reported must not depend on how the input was cut).
struct ZlibSettings {
    int level = 6;         // 0 (none) to 9 (best)
    int memory_level = 8;  // 1 to 9
    // spare_count bounds how many inflaters, and how many deflaters, are kept for the next message
    // that needs one: connections without context takeover share them.
    std::size_t spare_count = 4;
};

// ZlibCodecs serves the connections of one thread and outlives them.
class ZlibCodecs final : public Codecs {
  public:
    explicit ZlibCodecs(const ZlibSettings& settings = {});
    ZlibCodecs(const ZlibCodecs&) = delete;
    ZlibCodecs& operator=(const ZlibCodecs&) = delete;
    ~ZlibCodecs();

    [[nodiscard]] Inflater* take_inflater(std::size_t chunk_size) noexcept override;
    // take_deflater: zlib has no window of 8 bits. One of 9 it uses up to 250 bytes only, because
    // it needs 262 of them to look ahead, so that it serves for both.
    [[nodiscard]] Deflater* take_deflater(int window_bits) noexcept override;
    void give_back(Inflater& inflater) noexcept override;
    void give_back(Deflater& deflater) noexcept override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace wsproof
