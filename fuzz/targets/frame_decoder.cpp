// Invariant: however the bytes of frame headers are cut, the same headers are decoded; each of them
// encodes to the bytes it came from; what is known of one early stays true.
#include "frame_decoder.hpp"

#include <array>
#include <wsproof/frame.hpp>

#include "input.hpp"
#include "require.hpp"

namespace {

using namespace wsproof;
using fuzz::require;
using Known = FrameDecoder::Known;

void check_round_trip(const FrameHeader& header, Bytes wire) {
    std::array<std::byte, kHeaderSizeMax> out{};
    const std::size_t size = encode(header, out);
    require(size == header_size(header) && size <= wire.size(), "a header has its size");
    require(std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size), wire.begin()),
            "encode is the inverse of decode");
}

void check_early(const FrameHeader& early, Known known, const FrameHeader& whole) {
    require(known < Known::first_two ||
                (early.fin == whole.fin && early.reserved_bits == whole.reserved_bits &&
                 early.opcode == whole.opcode && early.masked == whole.masked &&
                 early.length_form == whole.length_form),
            "the first two bytes do not change their meaning");
    require(known < Known::length || early.payload_size == whole.payload_size,
            "a length that is known stays");
}

// check_bytewise feeds the header at the front of `wire` byte by byte.
void check_bytewise(const FrameHeader& header, MutableBytes wire) {
    FrameDecoder decoder;
    for (std::size_t i = 0; i < header_size(header); ++i) {
        MutableBytes byte = wire.subspan(i, 1);
        const Known known = decoder.read(byte);
        require(byte.empty() && decoder.bytes_read() == i + 1, "each byte is taken");
        require((known == Known::everything) == (i + 1 == header_size(header)),
                "a header is complete with its last byte");
        check_early(decoder.header(), known, header);
    }
    require(!header.masked || decoder.header().key == header.key, "a key is not cut");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::array<std::byte, 64> storage;  // decoders take bytes that they may change
    size = std::min(size, storage.size());
    std::copy_n(std::as_bytes(std::span(data, size)).begin(), size, storage.begin());
    MutableBytes in(storage.data(), size);
    FrameDecoder decoder;
    while (const auto header = decode(in)) {
        check_bytewise(*header, in);
        check_round_trip(*header, in);
        MutableBytes rest = in;
        require(decoder.read(rest) == Known::everything, "decoder and decode agree");
        require(decoder.bytes_read() == header_size(*header), "the decoder counts what it read");
        in = rest.subspan(std::min<std::uint64_t>(header->payload_size, rest.size()));
    }
    MutableBytes rest = in;
    require(decoder.read(rest) != Known::everything && rest.empty(), "nothing is left of a part");
    return 0;
}
