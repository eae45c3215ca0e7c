#include "zlib_deflater.hpp"

#include <algorithm>
#include <new>

#include "zlib_memory.hpp"

namespace wsproof {

ZlibDeflater::ZlibDeflater(int window_bits, std::vector<std::byte>& scratch) noexcept
    : stream_(make_stream()), window_bits_(window_bits), scratch_(scratch) {}

std::unique_ptr<ZlibDeflater> ZlibDeflater::make(int window_bits, const ZlibSettings& settings,
                                                 std::vector<std::byte>& scratch) noexcept {
    std::unique_ptr<ZlibDeflater> made(new (std::nothrow) ZlibDeflater(window_bits, scratch));
    if (made == nullptr || deflateInit2(&made->stream_, settings.level, Z_DEFLATED, -window_bits,
                                        settings.memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
        return nullptr;
    }
    made->is_made_ = true;
    return made;
}

ZlibDeflater::~ZlibDeflater() {
    if (is_made_) {
        deflateEnd(&stream_);
    }
}

void ZlibDeflater::reset() noexcept {
    deflateReset(&stream_);
}

// has_room: whether there is memory behind the first `used` bytes of the scratch.
bool ZlibDeflater::has_room(std::size_t used) noexcept {
    if (scratch_.size() > used) {
        return true;
    }
    constexpr std::size_t kLeast = 4096;
#ifdef __cpp_exceptions
    try {
        scratch_.resize(std::max(kLeast, 2 * used));
    } catch (const std::bad_alloc&) {
        return false;
    }
#else
    scratch_.resize(std::max(kLeast, 2 * used));
#endif
    return true;
}

std::optional<Bytes> ZlibDeflater::deflate(Bytes in) noexcept {
    std::size_t produced = 0;
    bool is_done = false;
    while (!is_done) {
        if (!has_room(produced)) {
            return std::nullopt;
        }
        stream_.next_in = zlib_bytes(in.data());
        stream_.avail_in = zlib_size(in.size());
        stream_.next_out = reinterpret_cast<Bytef*>(scratch_.data() + produced);
        stream_.avail_out = zlib_size(scratch_.size() - produced);
        const uInt in_size = stream_.avail_in;
        const uInt out_size = stream_.avail_out;
        const bool is_rest = in_size == in.size();
        ::deflate(&stream_, is_rest ? Z_SYNC_FLUSH : Z_NO_FLUSH);  // cannot fail
        in = in.subspan(in_size - stream_.avail_in);
        produced += out_size - stream_.avail_out;
        // zlib has more to give exactly if it has filled the room.
        is_done = is_rest && in.empty() && stream_.avail_out > 0;
    }
    return Bytes(scratch_).first(produced);
}

}  // namespace wsproof
