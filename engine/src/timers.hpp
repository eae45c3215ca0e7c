// A table of deadlines. It knows no clock: time is told.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <wsproof/types.hpp>

namespace wsproof {

enum class Timer : std::uint8_t {
    handshake,  // Timers::handshake
    close,      // Timers::close
    idle,       // Timers::ping_after_idle
    pong,       // Timers::pong
};
inline constexpr std::size_t kTimerCount = static_cast<std::size_t>(Timer::pong) + 1;

class TimerTable {
  public:
    // start sets `timer` to expire `after` past `now`, or stops it if `after` is nullopt. A sum
    // past the end of time is the end of time; a negative `after` counts as zero.
    void start(Timer timer, Time now, std::optional<Duration> after) noexcept;
    void stop(Timer timer) noexcept;
    void stop_all() noexcept { deadlines_ = {}; }

    [[nodiscard]] bool is_running(Timer timer) const noexcept;
    [[nodiscard]] bool has_expired(Timer timer, Time now) const noexcept;
    [[nodiscard]] std::optional<Time> earliest() const noexcept;

  private:
    std::array<std::optional<Time>, kTimerCount> deadlines_{};
};

}  // namespace wsproof
