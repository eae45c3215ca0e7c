#include "timers.hpp"

#include <catch2/catch.hpp>

namespace wsproof {
namespace {

using std::chrono::seconds;

TEST_CASE("timers: none runs at first") {
    const TimerTable timers;
    CHECK_FALSE(timers.earliest());
    CHECK_FALSE(timers.has_expired(Timer::close, Time::max()));
}

TEST_CASE("timers: a deadline expires when it is reached, not before") {
    TimerTable timers;
    timers.start(Timer::close, Time{seconds(3)}, seconds(5));
    CHECK(timers.is_running(Timer::close));
    CHECK_FALSE(timers.is_running(Timer::pong));
    CHECK_FALSE(timers.has_expired(Timer::close, Time{seconds(8)} - Duration(1)));
    CHECK(timers.has_expired(Timer::close, Time{seconds(8)}));
    CHECK_FALSE(timers.has_expired(Timer::pong, Time{seconds(8)}));
}

TEST_CASE("timers: zero is now, nullopt is never") {
    TimerTable timers;
    timers.start(Timer::close, Time{seconds(3)}, Duration::zero());
    CHECK(timers.has_expired(Timer::close, Time{seconds(3)}));
    timers.start(Timer::close, Time{seconds(3)}, std::nullopt);
    CHECK_FALSE(timers.is_running(Timer::close));
}

TEST_CASE("timers: the earliest of several counts") {
    TimerTable timers;
    timers.start(Timer::idle, Time{}, seconds(9));
    timers.start(Timer::pong, Time{}, seconds(4));
    timers.start(Timer::handshake, Time{}, seconds(7));
    CHECK(timers.earliest() == Time{seconds(4)});
    timers.stop(Timer::pong);
    CHECK(timers.earliest() == Time{seconds(7)});
    timers.stop_all();
    CHECK_FALSE(timers.earliest());
}

TEST_CASE("timers: sums past the end of time, and negative waits") {
    TimerTable timers;
    timers.start(Timer::close, Time{seconds(3)}, Duration::max());
    CHECK(timers.earliest() == Time::max());
    timers.start(Timer::close, Time{seconds(3)}, -seconds(1));
    CHECK(timers.earliest() == Time{seconds(3)});
    timers.start(Timer::close, Time{-seconds(3)}, seconds(1));
    CHECK(timers.earliest() == Time{-seconds(2)});
}

}  // namespace
}  // namespace wsproof
