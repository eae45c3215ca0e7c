// RFC 6455 §5.2: the header of a frame, two bytes, then the longer forms of the length, then the
// key.
#include "frame_decoder.hpp"

#include <algorithm>
#include <cstring>

namespace wsproof {

namespace {

constexpr std::size_t kFirstTwo = 2;

std::uint64_t read_big_endian(Bytes bytes) noexcept {
    std::uint64_t value = 0;
    for (const std::byte byte : bytes) {
        value = value << 8 | std::to_integer<std::uint64_t>(byte);
    }
    return value;
}

void write_big_endian(std::uint64_t value, MutableBytes out) noexcept {
    for (std::size_t i = out.size(); i > 0; --i) {
        out[i - 1] = static_cast<std::byte>(value & 0xFFU);
        value >>= 8;
    }
}

void read_first_two(Bytes bytes, FrameHeader& header) noexcept {
    const auto first = std::to_integer<std::uint8_t>(bytes[0]);
    const auto second = std::to_integer<std::uint8_t>(bytes[1]);
    header.fin = (first & 0x80U) != 0;
    header.reserved_bits = (first >> 4) & 0x7U;
    header.opcode = static_cast<Opcode>(first & 0xFU);
    header.masked = (second & 0x80U) != 0;
    const auto length = static_cast<std::uint8_t>(second & 0x7FU);
    header.payload_size = length;
    header.length_form = LengthForm::bits_7;
    if (length == 126) {
        header.length_form = LengthForm::bits_16;
    } else if (length == 127) {
        header.length_form = LengthForm::bits_64;
    }
}

void read_length(Bytes bytes, FrameHeader& header) noexcept {
    if (header.length_form != LengthForm::bits_7) {
        const std::size_t end = length_end(header.length_form);
        header.payload_size = read_big_endian(bytes.subspan(kFirstTwo, end - kFirstTwo));
    }
}

void read_key(Bytes bytes, FrameHeader& header) noexcept {
    if (header.masked) {
        std::memcpy(header.key.data(), bytes.data() + length_end(header.length_form), 4);
    }
}

}  // namespace

std::size_t encode(const FrameHeader& header, std::span<std::byte, kHeaderSizeMax> out) noexcept {
    const auto opcode = static_cast<unsigned>(header.opcode) & 0xFU;
    out[0] = static_cast<std::byte>((header.fin ? 0x80U : 0U) | (header.reserved_bits & 0x7U) << 4 |
                                    opcode);
    std::uint64_t length = header.payload_size & 0x7FU;
    if (header.length_form != LengthForm::bits_7) {
        length = header.length_form == LengthForm::bits_16 ? 126 : 127;
    }
    out[1] = static_cast<std::byte>((header.masked ? 0x80U : 0U) | length);
    const std::size_t end = length_end(header.length_form);
    write_big_endian(header.payload_size, out.subspan(kFirstTwo, end - kFirstTwo));
    if (header.masked) {
        std::memcpy(out.data() + end, header.key.data(), header.key.size());
    }
    return header_size(header);
}

std::optional<FrameHeader> decode(Bytes bytes) noexcept {
    FrameHeader header;
    header.key = {};
    if (bytes.size() < kFirstTwo) {
        return std::nullopt;
    }
    read_first_two(bytes, header);
    if (bytes.size() < header_size(header)) {
        return std::nullopt;
    }
    read_length(bytes, header);
    read_key(bytes, header);
    return header;
}

FrameDecoder::Known FrameDecoder::parse(Bytes bytes) noexcept {
    if (bytes.size() < kFirstTwo) {
        return Known::nothing;
    }
    read_first_two(bytes, header_);
    if (bytes.size() < length_end(header_.length_form)) {
        return Known::first_two;
    }
    read_length(bytes, header_);
    if (bytes.size() < header_size(header_)) {
        return Known::length;
    }
    read_key(bytes, header_);
    is_complete_ = true;
    return Known::everything;
}

FrameDecoder::Known FrameDecoder::read(MutableBytes& in) noexcept {
    if (is_complete_) {
        is_complete_ = false;
        size_ = 0;
    }
    if (size_ == 0 && in.size() >= kHeaderSizeMax) {  // the usual case: no byte needs keeping
        const Known known = parse(in);
        size_ = header_size(header_);
        in = in.subspan(size_);
        return known;
    }
    Known known = parse({bytes_.data(), size_});
    while (known != Known::everything && !in.empty()) {
        bytes_[size_] = in.front();
        ++size_;
        in = in.subspan(1);
        known = parse({bytes_.data(), size_});
    }
    return known;
}

}  // namespace wsproof
