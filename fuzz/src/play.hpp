// Plays bytes to a connection that nobody talks through, and keeps what it reported and said.
#pragma once

#include <cstdint>
#include <optional>
#include <wsproof/connection.hpp>

#include "event_log.hpp"
#include "input.hpp"

namespace wsproof::fuzz {

struct Heard {
    EventLog log;
    Buffer output;
    State state = State::connecting;
    Transport transport = Transport::keep;
    Error error = Error::none;
    std::uint64_t bytes_received = 0;
    std::uint64_t frames_received = 0;
    std::uint64_t open_at = 0;  // bytes received when it opened
    std::optional<DeflateParameters> deflate;

    friend bool operator==(const Heard&, const Heard&) = default;
};

// Cutter chops a stream: 0 not at all, 1 after each byte, others at random.
class Cutter {
  public:
    explicit Cutter(std::uint8_t kind) noexcept : kind_(kind), draws_(kind) {}
    [[nodiscard]] std::size_t next(std::size_t left) noexcept;

  private:
    std::uint8_t kind_;
    Draws draws_;
};

// play feeds `input` as `cuts` says. Requests are accepted, output is taken at the end.
[[nodiscard]] Heard play(Connection& connection, Bytes input, std::uint8_t cuts);

// take_output takes all there is, a few bytes at a time if `is_slow`, and appends it to `out`.
void take_output(Connection& connection, Buffer& out, bool is_slow = false);

}  // namespace wsproof::fuzz
