#include "setting.hpp"

#include <chrono>

namespace wsproof::fuzz {
namespace {

using std::chrono::milliseconds;

template <typename T, std::size_t N>
T pick(std::uint8_t bits, const std::array<T, N>& of) noexcept {
    return of[bits % N];
}

void set_limits(Limits& limits, std::uint8_t first, std::uint8_t second) noexcept {
    limits.frame = pick<std::uint64_t, 4>(first & 3U, {{16U << 20, 64, 300, 70'000}});
    limits.message = pick<std::uint64_t, 4>(first >> 2 & 3U, {{1U << 20, 0, 100, 2000}});
    limits.fragments = pick<std::uint32_t, 4>(first >> 4 & 3U, {{1U << 17, 1, 3, 20}});
    limits.head = pick<std::size_t, 2>(first >> 6 & 1U, {{16U << 10, 256}});
    limits.fields = pick<std::uint32_t, 2>(first >> 7 & 1U, {{100, 7}});
    limits.output_queue = pick<std::size_t, 4>(second & 3U, {{16U << 20, 0, 100, 2000}});
    limits.inflate_chunk = pick<std::size_t, 4>(second >> 2 & 3U, {{16U << 10, 1, 7, 1000}});
}

void set_deflate(Deflate& deflate, std::uint8_t bits, Codecs& codecs) noexcept {
    if ((bits & 1U) == 0) {
        return;
    }
    deflate.codecs = &codecs;
    deflate.server_no_context_takeover = (bits & 2U) != 0;
    deflate.client_no_context_takeover = (bits & 4U) != 0;
    deflate.server_max_window_bits = pick<int, 4>(bits >> 3 & 3U, {{15, 8, 9, 12}});
    deflate.client_max_window_bits = pick<int, 4>(bits >> 5 & 3U, {{15, 8, 10, 13}});
    deflate.min_message = (bits & 0x80U) != 0 ? 64 : 0;
}

void set_timers(Timers& timers, std::uint8_t bits) noexcept {
    timers.handshake = (bits & 1U) != 0 ? std::nullopt : std::optional(milliseconds(1000));
    timers.close = pick<std::optional<Duration>, 3>(
        bits >> 1 & 3U, {{milliseconds(500), std::nullopt, Duration{0}}});
    timers.ping_after_idle = pick<std::optional<Duration>, 3>(
        bits >> 3 & 3U, {{std::nullopt, milliseconds(100), Duration{0}}});
    timers.pong = pick<std::optional<Duration>, 3>(bits >> 5 & 3U,
                                                   {{std::nullopt, milliseconds(50), Duration{0}}});
}

}  // namespace

void FixedEntropy::fill(MutableBytes out) noexcept {
    for (std::byte& byte : out) {
        next_ = static_cast<std::uint8_t>(next_ * 5U + 0x35U);
        byte = static_cast<std::byte>(next_ ^ count_ >> 8);
        ++count_;
    }
}

Options make_options(Input& input, Codecs& codecs) noexcept {
    Options options;
    const std::uint8_t first = input.byte();
    const std::uint8_t second = input.byte();
    set_limits(options.limits, first, second);
    options.automation.pong = (second & 0x10U) == 0;
    options.automation.close = (second & 0x20U) == 0;
    set_deflate(options.deflate, input.byte(), codecs);
    set_timers(options.timers, input.byte());
    return options;
}

std::optional<DeflateParameters> make_agreement(const Options& options) noexcept {
    const Deflate& deflate = options.deflate;
    if (deflate.codecs == nullptr) {
        return std::nullopt;
    }
    return DeflateParameters{deflate.server_max_window_bits, deflate.client_max_window_bits,
                             deflate.server_no_context_takeover,
                             deflate.client_no_context_takeover};
}

}  // namespace wsproof::fuzz
