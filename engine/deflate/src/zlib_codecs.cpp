#include <algorithm>
#include <vector>
#include <wsproof/deflate/zlib_codecs.hpp>

#include "zlib_deflater.hpp"
#include "zlib_inflater.hpp"

namespace wsproof {
namespace {

constexpr int kZlibWindowBitsMin = 9;

// take_spare takes one that fits out of `spares`; nullptr if there is none.
template <typename Codec, typename Fits>
Codec* take_spare(std::vector<std::unique_ptr<Codec>>& spares, Fits fits) noexcept {
    const auto found =
        std::find_if(spares.begin(), spares.end(), [&](const auto& codec) { return fits(*codec); });
    if (found == spares.end()) {
        return nullptr;
    }
    Codec* codec = found->release();
    spares.erase(found);
    return codec;
}

// keep_spare keeps `codec` in place of the oldest, unless none is kept at all. Those that fit
// nobody any more make way for those in use.
template <typename Codec>
void keep_spare(std::vector<std::unique_ptr<Codec>>& spares, std::size_t most,
                Codec& codec) noexcept {
    std::unique_ptr<Codec> owned(&codec);
    if (most == 0) {
        return;
    }
    if (spares.size() == most) {
        spares.erase(spares.begin());
    }
    codec.reset();
    spares.push_back(std::move(owned));  // there is room: see ZlibCodecs()
}

}  // namespace

struct ZlibCodecs::Impl {
    ZlibSettings settings;
    std::vector<std::byte> scratch;  // of all deflaters
    std::vector<std::unique_ptr<ZlibInflater>> inflaters;
    std::vector<std::unique_ptr<ZlibDeflater>> deflaters;
};

ZlibCodecs::ZlibCodecs(const ZlibSettings& settings) : impl_(std::make_unique<Impl>()) {
    impl_->settings = settings;
    impl_->inflaters.reserve(settings.spare_count);
    impl_->deflaters.reserve(settings.spare_count);
}

ZlibCodecs::~ZlibCodecs() = default;

Inflater* ZlibCodecs::take_inflater(std::size_t chunk_size) noexcept {
    ZlibInflater* spare = take_spare(impl_->inflaters, [=](ZlibInflater& inflater) {
        return inflater.chunk().size() == chunk_size;
    });
    return spare != nullptr ? spare : ZlibInflater::make(chunk_size).release();
}

Deflater* ZlibCodecs::take_deflater(int window_bits) noexcept {
    const int bits = std::max(window_bits, kZlibWindowBitsMin);
    ZlibDeflater* spare = take_spare(
        impl_->deflaters, [=](ZlibDeflater& deflater) { return deflater.window_bits() == bits; });
    return spare != nullptr ? spare
                            : ZlibDeflater::make(bits, impl_->settings, impl_->scratch).release();
}

void ZlibCodecs::give_back(Inflater& inflater) noexcept {
    keep_spare(impl_->inflaters, impl_->settings.spare_count, static_cast<ZlibInflater&>(inflater));
}

void ZlibCodecs::give_back(Deflater& deflater) noexcept {
    keep_spare(impl_->deflaters, impl_->settings.spare_count, static_cast<ZlibDeflater&>(deflater));
}

}  // namespace wsproof
