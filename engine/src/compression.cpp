#include "compression.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace wsproof {
namespace {

// RFC 7692 §7.2.1: what a sender takes off the end of a message and a receiver puts back.
constexpr std::array kTail = {std::byte{0x00}, std::byte{0x00}, std::byte{0xFF}, std::byte{0xFF}};
constexpr std::array kEmptyBlock = {std::byte{0x00}};

Error error_of(CodecStatus status) noexcept {
    return status == CodecStatus::bad_data ? Error::bad_deflate : Error::out_of_memory;
}

}  // namespace

// Filling is one inflater at work on one chunk of memory.
class Compression::Filling {
  public:
    Filling(Inflater& inflater, MutableBytes room) noexcept : inflater_(inflater), room_(room) {}

    // pour: whether all of `in` is consumed and told. If not, the room is full or status() bad.
    [[nodiscard]] bool pour(Bytes& in) noexcept {
        const Inflater::Progress progress = inflater_.inflate(in, room_.subspan(produced_));
        in = in.subspan(progress.consumed);
        produced_ += progress.produced;
        status_ = progress.status;
        return status_ == CodecStatus::ok && produced_ < room_.size();
    }
    [[nodiscard]] CodecStatus status() const noexcept { return status_; }
    [[nodiscard]] std::size_t produced() const noexcept { return produced_; }

  private:
    Inflater& inflater_;
    MutableBytes room_;
    std::size_t produced_ = 0;
    CodecStatus status_ = CodecStatus::ok;
};

Compression::Compression(Role role, const DeflateParameters& agreed,
                         const Options& options) noexcept
    : options_(options.deflate),
      message_max_(options.limits.message),
      chunk_size_(std::max<std::size_t>(options.limits.inflate_chunk, 1)) {
    const bool is_server = role == Role::server;
    const bool server_keeps =
        !agreed.server_no_context_takeover && !options_.server_no_context_takeover;
    const bool client_keeps =
        !agreed.client_no_context_takeover && !options_.client_no_context_takeover;
    // What the peer agreed to is known of the other direction; what we wish there is not.
    keeps_inflater_ =
        is_server ? !agreed.client_no_context_takeover : !agreed.server_no_context_takeover;
    keeps_deflater_ = is_server ? server_keeps : client_keeps;
    deflater_bits_ = is_server
                         ? std::min(agreed.server_max_window_bits, options_.server_max_window_bits)
                         : std::min(agreed.client_max_window_bits, options_.client_max_window_bits);
}

Compression::~Compression() {
    if (inflater_ != nullptr) {
        options_.codecs->give_back(*inflater_);
    }
    if (deflater_ != nullptr) {
        options_.codecs->give_back(*deflater_);
    }
}

Bytes Compression::empty_block() noexcept {
    return kEmptyBlock;
}

void Compression::start_message() noexcept {
    inflated_ = 0;
    has_input_ = false;
    tail_read_ = 0;
}

Compression::Inflated Compression::inflate(Bytes in, bool is_end) noexcept {
    if (inflater_ == nullptr) {
        inflater_ = options_.codecs->take_inflater(chunk_size_);
    }
    if (inflater_ == nullptr) {
        return {.error = Error::out_of_memory};
    }
    const MutableBytes chunk = inflater_->chunk();
    // One byte more than the limit allows shows that it is exceeded.
    const std::uint64_t allowed = message_max_ - inflated_;
    const std::size_t room =
        allowed < chunk.size() ? static_cast<std::size_t>(allowed) + 1 : chunk.size();
    Filling filling(*inflater_, chunk.first(room));
    Bytes rest = in;
    Inflated result;
    result.is_done = filling.pour(rest);
    result.consumed = in.size() - rest.size();
    has_input_ = has_input_ || result.consumed > 0;
    // A sender of nothing owes a block all the same (RFC 7692 §7.2.3.6). There is no harm in its
    // absence, unless the tail were taken for the beginning of the next message.
    const bool wants_tail = tail_read_ > 0 || (has_input_ && !inflater_->is_after_final_block());
    if (result.is_done && is_end && wants_tail) {
        Bytes tail = std::span(kTail).subspan(tail_read_);
        result.is_done = filling.pour(tail);
        tail_read_ = kTail.size() - tail.size();
    }
    if (filling.status() != CodecStatus::ok) {
        result.error = error_of(filling.status());
    } else if (result.is_done && is_end && has_input_ && !inflater_->is_at_block_end()) {
        result.error = Error::bad_deflate;  // the tail is there to end a block
    }
    result.bytes = chunk.first(filling.produced());
    if (filling.produced() > allowed) {
        result.bytes = chunk.first(static_cast<std::size_t>(allowed));
        result.error = Error::message_too_big;
    }
    inflated_ += result.bytes.size();
    return result;
}

void Compression::end_message() noexcept {
    if (inflater_ != nullptr && !keeps_inflater_) {
        options_.codecs->give_back(*inflater_);
        inflater_ = nullptr;
    }
}

std::optional<Bytes> Compression::deflate_part(Bytes in) noexcept {
    if (in.empty()) {
        return in;
    }
    if (deflater_ == nullptr) {
        deflater_ = options_.codecs->take_deflater(deflater_bits_);
    }
    return deflater_ == nullptr ? std::nullopt : deflater_->deflate(in);
}

std::optional<Bytes> Compression::deflate_message(Bytes in) noexcept {
    if (in.empty()) {
        return empty_block();
    }
    const auto deflated = deflate_part(in);
    end_sending();
    return deflated ? std::optional(deflated->first(deflated->size() - kTail.size())) : deflated;
}

void Compression::end_sending() noexcept {
    if (deflater_ != nullptr && !keeps_deflater_) {
        options_.codecs->give_back(*deflater_);
        deflater_ = nullptr;
    }
}

}  // namespace wsproof
