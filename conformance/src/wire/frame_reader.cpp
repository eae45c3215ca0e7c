#include "frame_reader.hpp"

#include <algorithm>
#include <utility>

namespace wsproof::conformance::wire {

bool Frame::is_minimal() const noexcept {
    switch (length) {
        case LengthForm::minimal:
            return true;
        case LengthForm::bits16:
            return declared > 125;
        case LengthForm::bits64:
            return declared > 0xFFFF;
    }
    return false;
}

std::optional<Frame> FrameReader::next(ByteView& in) {
    take_head(in);
    if (!has_head()) {
        return std::nullopt;
    }
    take_payload(in);
    if (received_ < frame_.declared) {
        return std::nullopt;
    }
    offset_ += frame_.wire_size();
    Frame done = std::exchange(frame_, Frame{});
    head_size_ = 2;
    received_ = 0;
    frame_.offset = offset_;
    return done;
}

// The header grows as its second byte tells how long it is.
void FrameReader::take_head(ByteView& in) {
    while (!in.empty() && frame_.head.size() < head_size_) {
        frame_.head.push_back(in.front());
        in = in.subspan(1);
        if (frame_.head.size() == 2) {
            const auto second = std::to_integer<unsigned>(frame_.head[1]);
            const unsigned length = second & 0x7F;
            head_size_ = 2 +
                         (length == 126   ? 2U
                          : length == 127 ? 8U
                                          : 0U) +
                         ((second & 0x80) != 0 ? 4U : 0U);
        }
        if (frame_.head.size() == head_size_) {
            parse_head();
        }
    }
}

void FrameReader::parse_head() {
    const auto octet = [this](std::size_t i) {
        return std::to_integer<std::uint8_t>(frame_.head[i]);
    };
    frame_.fin = (octet(0) & 0x80) != 0;
    frame_.rsv = static_cast<std::uint8_t>((octet(0) >> 4) & 7);
    frame_.opcode = octet(0) & 15;
    frame_.masked = (octet(1) & 0x80) != 0;
    const unsigned length = octet(1) & 0x7FU;
    const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
    frame_.length = extra == 2   ? LengthForm::bits16
                    : extra == 8 ? LengthForm::bits64
                                 : LengthForm::minimal;
    frame_.declared = extra == 0 ? length : 0;
    for (std::size_t i = 0; i < extra; ++i) {
        frame_.declared = frame_.declared << 8 | octet(2 + i);
    }
    if (frame_.masked) {
        std::copy_n(frame_.head.begin() + static_cast<std::ptrdiff_t>(2 + extra), 4,
                    frame_.key.begin());
    }
}

void FrameReader::take_payload(ByteView& in) {
    const std::uint64_t wanted = std::min<std::uint64_t>(frame_.declared - received_, in.size());
    const auto size = static_cast<std::size_t>(wanted);
    const auto kept = static_cast<std::size_t>(
        std::min<std::uint64_t>(size, cap_ > received_ ? cap_ - received_ : 0));
    const std::size_t begin = frame_.payload.size();
    frame_.payload.insert(frame_.payload.end(), in.begin(),
                          in.begin() + static_cast<std::ptrdiff_t>(kept));
    if (frame_.masked) {
        mask(std::span(frame_.payload).subspan(begin), frame_.key, received_);
    }
    received_ += size;
    in = in.subspan(size);
}

}  // namespace wsproof::conformance::wire
