#include "frame_writer.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "mask.hpp"

namespace wsproof {

FrameHeader FrameWriter::make_header(FirstFrame what, bool fin, std::uint64_t size) noexcept {
    FrameHeader header{.fin = fin,
                       .reserved_bits = what.is_compressed ? kCompressedBit : std::uint8_t{0},
                       .opcode = what.opcode,
                       .masked = role_ == Role::client,
                       .length_form = shortest_form(size),
                       .payload_size = size};
    if (header.masked) {
        entropy_.fill(header.key);  // RFC 6455 §5.3: a new key for each frame
    }
    return header;
}

void FrameWriter::count_frame(const FrameHeader& header) noexcept {
    ++frame_count_;
    if (observer_ != nullptr) {
        observer_->sent(header);
    }
}

void FrameWriter::write_control(Opcode opcode, Bytes payload) {
    assert(payload.size() <= kControlPayloadMax);
    const FrameHeader header = make_header({opcode}, true, payload.size());
    std::array<std::byte, kHeaderSizeMax + kControlPayloadMax> frame;
    const std::size_t start = encode(header, std::span(frame).first<kHeaderSizeMax>());
    if (!payload.empty()) {
        copy_masked(payload, frame.data() + start, header.key,
                    0);  // a key of zeros changes nothing
    }
    const Bytes bytes(frame.data(), start + payload.size());
    if (opcode == Opcode::close) {
        queue_.copy(bytes, FrameEnd::yes);
    } else if (opcode == Opcode::pong) {
        queue_.put_pong(bytes);
    } else {
        queue_.put_control(bytes);
    }
    count_frame(header);
}

// write_whole: header and payload in one piece of memory, of which at most a quarter is wasted.
void FrameWriter::write_whole(const FrameHeader& header, Bytes payload) {
    const std::size_t size = header_size(header) + payload.size();
    // Of what lies behind the header none is lost: room_for_frame() gives more than is asked for.
    std::byte* const frame = queue_.room_for_frame(size + kHeaderSizeMax);
    std::byte* const at =
        frame + encode(header, std::span<std::byte, kHeaderSizeMax>(frame, kHeaderSizeMax));
    if (header.masked) {
        copy_masked(payload, at, header.key, 0);
    } else if (!payload.empty()) {
        std::memcpy(at, payload.data(), payload.size());
    }
    queue_.put_frame(frame, size);
    count_frame(header);
}

void FrameWriter::write_frame(FirstFrame what, bool fin, const Outgoing& payload,
                              std::optional<Token> token) {
    const FrameHeader header = make_header(what, fin, payload.bytes.size());
    if (!payload.is_borrowed && payload.bytes.size() <= kShortMax) {
        write_whole(header, payload.bytes);
        return;
    }
    std::array<std::byte, kHeaderSizeMax> bytes;
    const std::size_t size = encode(header, bytes);
    const bool is_empty = payload.bytes.empty();
    queue_.copy({bytes.data(), size}, is_empty ? FrameEnd::yes : FrameEnd::no);
    count_frame(header);
    if (is_empty) {
        if (token) {
            queue_.release(*token);
        }
    } else if (!payload.is_borrowed) {
        if (header.masked) {
            queue_.copy_masked(payload.bytes, header.key, FrameEnd::yes);
        } else {
            queue_.copy(payload.bytes, FrameEnd::yes);
        }
    } else if (!header.masked) {
        queue_.lend(payload.bytes, token, FrameEnd::yes);
    } else if (!payload.writable.empty()) {
        apply_mask(payload.writable, header.key, 0);
        queue_.lend(payload.bytes, token, FrameEnd::yes);
    } else {
        queue_.lend_masked(payload.bytes, header.key, token, FrameEnd::yes);
    }
}

void FrameWriter::write_data(FirstFrame first, bool fin, const Outgoing& payload,
                             std::uint64_t fragment_at) {
    assert(fragment_at > 0);
    if (payload.bytes.size() <= fragment_at) {
        write_frame(first, fin, payload,
                    payload.is_borrowed ? std::optional(payload.token) : std::nullopt);
        return;
    }
    Outgoing rest = payload;
    bool is_last = false;
    while (!is_last) {
        Outgoing piece = rest;
        is_last = rest.bytes.size() <= fragment_at;
        if (!is_last) {
            const auto size = static_cast<std::size_t>(fragment_at);  // less than a size_t holds
            piece.bytes = rest.bytes.first(size);
            rest.bytes = rest.bytes.subspan(size);
            if (!rest.writable.empty()) {
                piece.writable = rest.writable.first(size);
                rest.writable = rest.writable.subspan(size);
            }
        }
        const bool has_token = is_last && piece.is_borrowed;
        write_frame(first, fin && is_last, piece,
                    has_token ? std::optional(piece.token) : std::nullopt);
        first = {Opcode::continuation};
    }
}

}  // namespace wsproof
