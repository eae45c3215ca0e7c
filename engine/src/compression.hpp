// permessage-deflate on one connection, RFC 7692 §6 and §7.2: what DEFLATE itself does not know.
// Codecs lends the state of each direction when a message needs it first. Between messages that are
// compressed each by itself it is given back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <wsproof/deflate.hpp>
#include <wsproof/error.hpp>
#include <wsproof/options.hpp>
#include <wsproof/payload.hpp>
#include <wsproof/types.hpp>

namespace wsproof {

class Compression {
  public:
    // `options` has codecs, which outlive this.
    Compression(Role role, const DeflateParameters& agreed, const Options& options) noexcept;
    Compression(const Compression&) = delete;
    Compression& operator=(const Compression&) = delete;
    ~Compression();

    // Receiving. start_message comes before the first inflate() of a message.
    void start_message() noexcept;
    struct Inflated {
        Error error = Error::none;  // bad_deflate, message_too_big or out_of_memory
        std::size_t consumed = 0;   // bytes of `in`
        // bytes: good as far as they go, also before an error; they die at the next call.
        Bytes bytes{};
        // is_done: all of `in` is consumed and told; if not, call again with the rest of it.
        bool is_done = false;
    };
    // inflate: is_end says that the message ends with `in`.
    [[nodiscard]] Inflated inflate(Bytes in, bool is_end) noexcept;
    // end_message: nobody looks at the bytes of the last inflate() any more.
    void end_message() noexcept;

    // Sending. wants says whether a message of `size` bytes is worth it.
    [[nodiscard]] bool wants(std::size_t size, const SendOptions& how) const noexcept {
        return how.compress && size >= options_.min_message;
    }
    // deflate_message makes the payload of a whole message, deflate_part that of a fragment that is
    // not the last; the last is then empty_block(). nullopt if memory ran out. The bytes die at the
    // next call of any connection with these codecs.
    [[nodiscard]] std::optional<Bytes> deflate_message(Bytes in) noexcept;
    [[nodiscard]] std::optional<Bytes> deflate_part(Bytes in) noexcept;
    void end_sending() noexcept;

    // empty_block is a message without bytes, or its end (RFC 7692 §7.2.3.6).
    [[nodiscard]] static Bytes empty_block() noexcept;

  private:
    class Filling;

    const Deflate options_;
    std::uint64_t message_max_;  // bytes
    std::size_t chunk_size_;     // bytes
    bool keeps_inflater_;
    bool keeps_deflater_;
    int deflater_bits_;
    Inflater* inflater_ = nullptr;
    Deflater* deflater_ = nullptr;
    std::uint64_t inflated_ = 0;  // bytes of the message so far
    bool has_input_ = false;      // the message has compressed bytes
    std::size_t tail_read_ = 0;   // bytes of the tail that inflate() had
};

}  // namespace wsproof
