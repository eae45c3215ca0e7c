#include "timers.hpp"

#include <algorithm>

namespace wsproof {

namespace {

Time saturating_sum(Time now, Duration after) noexcept {
    const Duration wait = std::max(after, Duration::zero());
    return now > Time::max() - wait ? Time::max() : now + wait;
}

std::size_t index_of(Timer timer) noexcept {
    return static_cast<std::size_t>(timer);
}

}  // namespace

void TimerTable::start(Timer timer, Time now, std::optional<Duration> after) noexcept {
    auto& deadline = deadlines_[index_of(timer)];
    deadline.reset();
    if (after) {
        deadline = saturating_sum(now, *after);
    }
}

void TimerTable::stop(Timer timer) noexcept {
    deadlines_[index_of(timer)].reset();
}

bool TimerTable::is_running(Timer timer) const noexcept {
    return deadlines_[index_of(timer)].has_value();
}

bool TimerTable::has_expired(Timer timer, Time now) const noexcept {
    const auto& deadline = deadlines_[index_of(timer)];
    return deadline && *deadline <= now;
}

std::optional<Time> TimerTable::earliest() const noexcept {
    std::optional<Time> earliest;
    for (const auto& deadline : deadlines_) {
        if (deadline && (!earliest || *deadline < *earliest)) {
            earliest = deadline;
        }
    }
    return earliest;
}

}  // namespace wsproof
