#include "frame_writer.hpp"

#include <cstring>

namespace wsproof::conformance::wire {

namespace {

void append_big_endian(ByteString& out, std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        out.push_back(static_cast<std::byte>(value >> shift));
    }
}

void append_length(ByteString& out, LengthForm form, std::uint64_t length, std::byte mask_bit) {
    if (form == LengthForm::minimal) {
        form = length > 0xFFFF ? LengthForm::bits64 : LengthForm::bits16;
        if (length <= 125) {
            out.push_back(mask_bit | static_cast<std::byte>(length));
            return;
        }
    }
    out.push_back(mask_bit | static_cast<std::byte>(form == LengthForm::bits16 ? 126 : 127));
    append_big_endian(out, length, form == LengthForm::bits16 ? 2 : 8);
}

}  // namespace

void mask(std::span<std::byte> data, const Key& key, std::uint64_t offset) noexcept {
    std::size_t i = 0;
    // Eight octets at a time from where the key begins anew; the rest one by one.
    for (; i < data.size() && (offset + i) % 4 != 0; ++i) {
        data[i] ^= key[(offset + i) % 4];
    }
    std::uint64_t wide = 0;
    const std::array<Key, 2> twice{key, key};
    std::memcpy(&wide, twice.data(), 8);
    for (; i + 8 <= data.size(); i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, &data[i], 8);
        word ^= wide;
        std::memcpy(&data[i], &word, 8);
    }
    for (; i < data.size(); ++i) {
        data[i] ^= key[(offset + i) % 4];
    }
}

void append_frame(ByteString& out, const RawFrame& frame) {
    const int first = (frame.fin ? 0x80 : 0) | ((frame.rsv & 7) << 4) | (frame.opcode & 15);
    out.push_back(static_cast<std::byte>(first));
    append_length(out, frame.length, frame.declared.value_or(frame.payload.size()),
                  static_cast<std::byte>(frame.key ? 0x80 : 0));
    if (!frame.key) {
        out.insert(out.end(), frame.payload.begin(), frame.payload.end());
        return;
    }
    out.insert(out.end(), frame.key->begin(), frame.key->end());
    const std::size_t begin = out.size();
    out.insert(out.end(), frame.payload.begin(), frame.payload.end());
    mask(std::span(out).subspan(begin), *frame.key, 0);
}

}  // namespace wsproof::conformance::wire
