#include "verdict.hpp"

namespace wsproof::conformance {

std::string_view name(Behaviour behaviour) noexcept {
    switch (behaviour) {
        case Behaviour::pass:
            return "pass";
        case Behaviour::info:
            return "info";
        case Behaviour::non_strict:
            return "non-strict";
        case Behaviour::unsupported:
            return "unsupported";
        case Behaviour::fail:
            return "fail";
        case Behaviour::flaky:
            return "flaky";
        case Behaviour::crash:
            return "crash";
        case Behaviour::hang:
            return "hang";
        case Behaviour::blocked:
            return "blocked";
        case Behaviour::harness_error:
            return "harness-error";
    }
    return "";
}

std::string_view name(Closing closing) noexcept {
    switch (closing) {
        case Closing::not_judged:
            return "not-judged";
        case Closing::clean:
            return "clean";
        case Closing::wrong_code:
            return "wrong-code";
        case Closing::no_close_frame:
            return "no-close-frame";
        case Closing::unclean:
            return "unclean";
        case Closing::not_closed:
            return "not-closed";
    }
    return "";
}

std::optional<Behaviour> behaviour_named(std::string_view word) noexcept {
    for (int i = 0; i <= static_cast<int>(Behaviour::harness_error); ++i) {
        if (name(static_cast<Behaviour>(i)) == word) {
            return static_cast<Behaviour>(i);
        }
    }
    return std::nullopt;
}

std::optional<Closing> closing_named(std::string_view word) noexcept {
    for (int i = 0; i <= static_cast<int>(Closing::not_closed); ++i) {
        if (name(static_cast<Closing>(i)) == word) {
            return static_cast<Closing>(i);
        }
    }
    return std::nullopt;
}

}  // namespace wsproof::conformance
