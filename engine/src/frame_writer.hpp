// From payloads to frames in the output queue: headers, masking, fragmentation (RFC 6455 §5.2 to
// §5.4). Whether a frame may be sent now is for the caller to say.
#pragma once

#include <cassert>
#include <cstdint>
#include <cstring>
#include <optional>
#include <wsproof/frame.hpp>
#include <wsproof/observer.hpp>
#include <wsproof/options.hpp>
#include <wsproof/payload.hpp>
#include <wsproof/types.hpp>

#include "mask.hpp"
#include "output_queue.hpp"

namespace wsproof {

// Outgoing is what a Payload holds.
struct Outgoing {
    Bytes bytes;
    MutableBytes writable;  // the same bytes, if they may be masked in place
    Token token;
    bool is_borrowed;  // bytes stay as they are until `token` is released
};

// FirstFrame says what the first frame of write_data() is.
struct FirstFrame {
    Opcode opcode;
    bool is_compressed = false;  // it begins a message that is: RFC 7692 §6.1
};

class FrameWriter {
  public:
    // frame_count is increased with each frame.
    FrameWriter(Role role, Entropy& entropy, Observer* observer, OutputQueue& queue,
                std::uint64_t& frame_count) noexcept
        : role_(role),
          entropy_(entropy),
          observer_(observer),
          queue_(queue),
          frame_count_(frame_count) {}

    // write_control: at most kControlPayloadMax bytes. A Close goes behind all data (RFC 6455
    // §5.5.1), a Ping or Pong before it.
    void write_control(Opcode opcode, Bytes payload);

    // write_data makes frames of at most `fragment_at` (at least 1) payload bytes. The others
    // continue the first, the last has FIN if `fin` says so.
    void write_data(FirstFrame first, bool fin, const Outgoing& payload, std::uint64_t fragment_at);

    // write_short is write_data() for the usual case, in fewer steps: one frame of at most
    // kShortMax bytes, which are copied. Nobody observes.
    static constexpr std::size_t kShortMax = kBlockSize / 4 - 2 * kHeaderSizeMax;  // bytes
    void write_short(Opcode opcode, Bytes payload);

    // count_frame is for a frame that was made elsewhere.
    void count_frame(const FrameHeader& header) noexcept;

  private:
    [[nodiscard]] FrameHeader make_header(FirstFrame what, bool fin, std::uint64_t size) noexcept;
    void write_whole(const FrameHeader& header, Bytes payload);
    void write_frame(FirstFrame what, bool fin, const Outgoing& payload,
                     std::optional<Token> token);

    Role role_;
    Entropy& entropy_;
    Observer* observer_;
    OutputQueue& queue_;
    std::uint64_t& frame_count_;
};

// Inline for the sake of short messages, whose bytes cost less than a call.
inline void FrameWriter::write_short(Opcode opcode, Bytes payload) {
    assert(payload.size() <= kShortMax && observer_ == nullptr);
    const std::size_t size = payload.size();
    const bool is_masked = role_ == Role::client;
    const unsigned mask_bit = is_masked ? 0x80U : 0U;
    std::byte* const frame = queue_.room_for_frame(size + kHeaderSizeMax);
    std::byte* at = frame + 2;
    frame[0] = static_cast<std::byte>(0x80U | static_cast<unsigned>(opcode));
    if (size <= 125) {
        frame[1] = static_cast<std::byte>(mask_bit | size);
    } else {
        frame[1] = static_cast<std::byte>(mask_bit | 126U);
        frame[2] = static_cast<std::byte>(size >> 8);
        frame[3] = static_cast<std::byte>(size & 0xFFU);
        at = frame + 4;
    }
    if (is_masked) {
        std::uint32_t key = 0;
        MaskKey bytes;
        entropy_.fill(bytes);  // RFC 6455 §5.3: a new key for each frame
        std::memcpy(&key, bytes.data(), sizeof key);
        std::memcpy(at, bytes.data(), bytes.size());
        at += bytes.size();
        copy_masked(payload, at, key);
    } else if (size > 0) {
        std::memcpy(at, payload.data(), size);
    }
    queue_.put_frame(frame, static_cast<std::size_t>(at - frame) + size);
    ++frame_count_;
}

}  // namespace wsproof
