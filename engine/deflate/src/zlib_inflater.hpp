// An Inflater by zlib.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <memory>
#include <vector>
#include <wsproof/deflate.hpp>

namespace wsproof {

class ZlibInflater final : public Inflater {
  public:
    // make answers nullptr if memory ran out.
    [[nodiscard]] static std::unique_ptr<ZlibInflater> make(std::size_t chunk_size) noexcept;
    ZlibInflater(const ZlibInflater&) = delete;
    ZlibInflater& operator=(const ZlibInflater&) = delete;
    ~ZlibInflater();

    [[nodiscard]] Progress inflate(Bytes in, MutableBytes out) noexcept override;
    [[nodiscard]] bool is_at_block_end() const noexcept override { return is_at_block_end_; }
    [[nodiscard]] bool is_after_final_block() const noexcept override {
        return is_after_final_block_;
    }
    void reset() noexcept override;
    [[nodiscard]] MutableBytes chunk() noexcept override { return chunk_; }

  private:
    ZlibInflater() noexcept;
    [[nodiscard]] CodecStatus run(Bytes& in, MutableBytes& out) noexcept;
    [[nodiscard]] CodecStatus start_over() noexcept;

    z_stream stream_;
    bool is_made_ = false;
    bool is_at_block_end_ = true;
    bool is_after_final_block_ = false;
    std::vector<std::byte> chunk_;
};

}  // namespace wsproof
