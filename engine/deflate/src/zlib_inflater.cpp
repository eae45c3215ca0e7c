#include "zlib_inflater.hpp"

#include <array>
#include <new>

#include "zlib_memory.hpp"

namespace wsproof {
namespace {

constexpr int kRawWindow = -15;  // no zlib header or trailer around the stream
constexpr std::size_t kWindowSize = std::size_t{1} << 15;

// What z_stream::data_type says after inflate(): bits of the last byte that are not used yet, and
// whether the stream is between two blocks.
constexpr int kUnusedBits = 0x07;
constexpr int kBetweenBlocks = 0x80;

}  // namespace

ZlibInflater::ZlibInflater() noexcept : stream_(make_stream()) {}

std::unique_ptr<ZlibInflater> ZlibInflater::make(std::size_t chunk_size) noexcept {
    std::unique_ptr<ZlibInflater> made(new (std::nothrow) ZlibInflater);
    if (made == nullptr || inflateInit2(&made->stream_, kRawWindow) != Z_OK) {
        return nullptr;
    }
    made->is_made_ = true;
#ifdef __cpp_exceptions
    try {
        made->chunk_.resize(chunk_size);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
#else
    made->chunk_.resize(chunk_size);
#endif
    return made;
}

ZlibInflater::~ZlibInflater() {
    if (is_made_) {
        inflateEnd(&stream_);
    }
}

void ZlibInflater::reset() noexcept {
    inflateReset(&stream_);
    is_at_block_end_ = true;
    is_after_final_block_ = false;
}

Inflater::Progress ZlibInflater::inflate(Bytes in, MutableBytes out) noexcept {
    Bytes rest = in;
    MutableBytes room = out;
    CodecStatus status = CodecStatus::ok;
    do {
        status = run(rest, room);
    } while (status == CodecStatus::ok && !rest.empty() && !room.empty());
    return {status, in.size() - rest.size(), out.size() - room.size()};
}

// run calls zlib once.
CodecStatus ZlibInflater::run(Bytes& in, MutableBytes& out) noexcept {
    stream_.next_in = zlib_bytes(in.data());
    stream_.avail_in = zlib_size(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = zlib_size(out.size());
    const uInt in_size = stream_.avail_in;
    const uInt out_size = stream_.avail_out;
    const int result = ::inflate(&stream_, Z_SYNC_FLUSH);
    const uInt consumed = in_size - stream_.avail_in;
    const uInt produced = out_size - stream_.avail_out;
    in = in.subspan(consumed);
    out = out.subspan(produced);
    if (consumed > 0 || produced > 0) {  // a call that does nothing says nothing either
        is_at_block_end_ =
            (stream_.data_type & kBetweenBlocks) != 0 && (stream_.data_type & kUnusedBits) == 0;
        is_after_final_block_ = false;
    }
    switch (result) {
        case Z_OK:
        case Z_BUF_ERROR:  // there was nothing to do
            return CodecStatus::ok;
        case Z_STREAM_END:
            return start_over();
        case Z_MEM_ERROR:
            return CodecStatus::out_of_memory;
        default:
            return CodecStatus::bad_data;
    }
}

// start_over goes on after a block that is marked as the last (RFC 7692 §7.2.3.4): the next one
// begins with the next byte and may refer to all that was given out.
CodecStatus ZlibInflater::start_over() noexcept {
    std::array<Bytef, kWindowSize> window;
    uInt size = 0;
    inflateGetDictionary(&stream_, window.data(), &size);
    inflateReset(&stream_);
    if (size > 0 && inflateSetDictionary(&stream_, window.data(), size) != Z_OK) {
        return CodecStatus::out_of_memory;
    }
    is_at_block_end_ = true;
    is_after_final_block_ = true;
    return CodecStatus::ok;
}

}  // namespace wsproof
