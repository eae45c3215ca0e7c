// The life of a connection, RFC 6455 §4.1 and §7.1, as data.
//
// A closing handshake is complete once a Close has gone each way, in either order: closing_local is
// the half where ours went first, closing_remote the half where the peer's did. Whoever fails the
// connection goes to draining at once: it has nothing to say but its Close and listens no more, but
// it reads on to the end of the stream, because a transport closed with unread bytes may destroy
// the Close on its way (TCP answers them with a reset).
#include "state.hpp"

#include <array>

namespace wsproof {

namespace {

// clang-format off
constexpr std::array kTransitions = {
    Transition{State::connecting,     Signal::opened,     State::open,           "RFC 6455 §4.1"},
    Transition{State::connecting,     Signal::refused,    State::draining,       "RFC 6455 §4.2.2"},
    Transition{State::connecting,     Signal::failed,     State::draining,       "RFC 6455 §7.1.7"},
    Transition{State::connecting,     Signal::eof,        State::closed,         "RFC 6455 §7.1.4"},

    Transition{State::open,           Signal::sent_close, State::closing_local,  "RFC 6455 §7.1.2"},
    Transition{State::open,           Signal::got_close,  State::closing_remote, "RFC 6455 §7.1.3"},
    Transition{State::open,           Signal::failed,     State::draining,       "RFC 6455 §7.1.7"},
    Transition{State::open,           Signal::eof,        State::closed,         "RFC 6455 §7.1.5"},

    Transition{State::closing_local,  Signal::got_close,  State::draining,       "RFC 6455 §7.1.1"},
    Transition{State::closing_local,  Signal::failed,     State::draining,       "RFC 6455 §7.1.7"},
    Transition{State::closing_local,  Signal::timed_out,  State::closed,         "RFC 6455 §7.1.1"},
    Transition{State::closing_local,  Signal::eof,        State::closed,         "RFC 6455 §7.1.5"},

    Transition{State::closing_remote, Signal::sent_close, State::draining,       "RFC 6455 §5.5.1"},
    Transition{State::closing_remote, Signal::failed,     State::draining,       "RFC 6455 §7.1.7"},
    Transition{State::closing_remote, Signal::eof,        State::closed,         "RFC 6455 §7.1.5"},

    Transition{State::draining,       Signal::timed_out,  State::closed,         "RFC 6455 §7.1.1"},
    Transition{State::draining,       Signal::eof,        State::closed,         "RFC 6455 §7.1.4"},
};
// clang-format on

constexpr std::optional<State> look_up(State from, Signal signal) {
    for (const Transition& row : kTransitions) {
        if (row.from == from && row.signal == signal) {
            return row.to;
        }
    }
    return std::nullopt;
}

consteval bool no_pair_is_listed_twice() {
    for (std::size_t i = 0; i < kTransitions.size(); ++i) {
        for (std::size_t j = i + 1; j < kTransitions.size(); ++j) {
            if (kTransitions[i].from == kTransitions[j].from &&
                kTransitions[i].signal == kTransitions[j].signal) {
                return false;
            }
        }
    }
    return true;
}
static_assert(no_pair_is_listed_twice());

// Whatever happens, the end of the transport is the end of the connection, and only the end.
consteval bool every_state_survives_eof() {
    for (std::size_t i = 0; i < kStateCount; ++i) {
        const auto state = static_cast<State>(i);
        const bool is_closed = look_up(state, Signal::eof) == State::closed;
        if (is_closed != (state != State::closed)) {
            return false;
        }
    }
    return true;
}
static_assert(every_state_survives_eof());

// Every state that still has something to say can fail, and then says no more.
consteval bool every_live_state_can_fail() {
    for (std::size_t i = 0; i < kStateCount; ++i) {
        const auto state = static_cast<State>(i);
        const bool is_live = state != State::draining && state != State::closed;
        if (look_up(state, Signal::failed).has_value() != is_live) {
            return false;
        }
    }
    return true;
}
static_assert(every_live_state_can_fail());

// States only go forward, in the order of their enumerators: no connection opens twice.
consteval bool nothing_goes_back() {
    for (const Transition& row : kTransitions) {
        if (row.to <= row.from) {
            return false;
        }
    }
    return true;
}
static_assert(nothing_goes_back());

}  // namespace

std::span<const Transition> transitions() noexcept {
    return kTransitions;
}

std::optional<State> next_state(State from, Signal signal) noexcept {
    return look_up(from, signal);
}

std::string_view name(State state) noexcept {
    switch (state) {
        case State::connecting:
            return "connecting";
        case State::open:
            return "open";
        case State::closing_local:
            return "closing_local";
        case State::closing_remote:
            return "closing_remote";
        case State::draining:
            return "draining";
        case State::closed:
            return "closed";
    }
    return "";
}

std::string_view name(Signal signal) noexcept {
    switch (signal) {
        case Signal::opened:
            return "opened";
        case Signal::refused:
            return "refused";
        case Signal::sent_close:
            return "sent_close";
        case Signal::got_close:
            return "got_close";
        case Signal::failed:
            return "failed";
        case Signal::timed_out:
            return "timed_out";
        case Signal::eof:
            return "eof";
    }
    return "";
}

}  // namespace wsproof
