// A Deflater by zlib.
#pragma once

#include <zlib.h>

#include <memory>
#include <optional>
#include <vector>
#include <wsproof/deflate.hpp>
#include <wsproof/deflate/zlib_codecs.hpp>

namespace wsproof {

class ZlibDeflater final : public Deflater {
  public:
    // make answers nullptr if memory ran out. `scratch` outlives it and holds what deflate()
    // returns.
    [[nodiscard]] static std::unique_ptr<ZlibDeflater> make(
        int window_bits, const ZlibSettings& settings, std::vector<std::byte>& scratch) noexcept;
    ZlibDeflater(const ZlibDeflater&) = delete;
    ZlibDeflater& operator=(const ZlibDeflater&) = delete;
    ~ZlibDeflater();

    [[nodiscard]] std::optional<Bytes> deflate(Bytes in) noexcept override;
    void reset() noexcept override;
    [[nodiscard]] int window_bits() const noexcept { return window_bits_; }

  private:
    ZlibDeflater(int window_bits, std::vector<std::byte>& scratch) noexcept;
    [[nodiscard]] bool has_room(std::size_t used) noexcept;

    z_stream stream_;
    int window_bits_;
    bool is_made_ = false;
    std::vector<std::byte>& scratch_;
};

}  // namespace wsproof
