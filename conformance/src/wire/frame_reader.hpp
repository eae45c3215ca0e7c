// Reads frames leniently: it hides no violation and judges none. What it yields is what was on the
// wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "frame_writer.hpp"

namespace wsproof::conformance::wire {

// Frame is one frame as it came.
struct Frame {
    bool fin = false;
    std::uint8_t rsv = 0;
    std::uint8_t opcode = 0;
    bool masked = false;
    Key key{};
    LengthForm length = LengthForm::minimal;  // minimal here means the 7-bit form
    std::uint64_t declared = 0;               // as sent, its top bit included
    ByteString head{};                        // header bytes
    ByteString payload{};                     // unmasked; at most the reader's cap is kept
    std::uint64_t offset = 0;                 // of the first header byte in the stream

    [[nodiscard]] bool is_control() const noexcept { return opcode >= 8; }
    [[nodiscard]] std::uint64_t wire_size() const noexcept { return head.size() + declared; }
    // is_minimal: RFC 6455 §5.2 wants the shortest form of the length.
    [[nodiscard]] bool is_minimal() const noexcept;
};

// FrameReader takes bytes however they are cut. A declared length allocates nothing: payloads grow
// as they arrive, and beyond `payload_cap` bytes they are counted but not kept.
class FrameReader {
  public:
    explicit FrameReader(std::uint64_t payload_cap = std::uint64_t{64} << 20) noexcept
        : cap_(payload_cap) {}

    // next takes bytes off the front of `in`, to the end of one frame at most; nullopt: `in` is
    // empty.
    [[nodiscard]] std::optional<Frame> next(ByteView& in);

    // partial is the frame in progress, nullptr at a frame boundary. Its header fields count only
    // once has_head() holds.
    [[nodiscard]] const Frame* partial() const noexcept {
        return is_at_boundary() ? nullptr : &frame_;
    }
    [[nodiscard]] bool has_head() const noexcept {
        return !frame_.head.empty() && frame_.head.size() == head_size_;
    }
    [[nodiscard]] bool is_at_boundary() const noexcept { return frame_.head.empty(); }
    [[nodiscard]] std::uint64_t payload_received() const noexcept { return received_; }

  private:
    void take_head(ByteView& in);
    void parse_head();
    void take_payload(ByteView& in);

    std::uint64_t cap_;
    Frame frame_{};
    std::size_t head_size_ = 2;
    std::uint64_t received_ = 0;
    std::uint64_t offset_ = 0;
};

}  // namespace wsproof::conformance::wire
