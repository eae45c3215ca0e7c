// What a played case came to: two axes, findings with their clauses, and the transcript as
// evidence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wsproof::conformance {

// Behaviour is the first axis, from best to worst within a play (the judge keeps the worst).
enum class Behaviour : std::uint8_t {
    pass,
    info,         // the RFC leaves it open; the choice is recorded
    non_strict,   // works, but departs from a SHOULD or accepts what a strict peer refuses
    unsupported,  // an optional feature that the target does not have: not played
    fail,         // breaks a MUST in a way the wire shows
    flaky,        // failed in parallel, not always alone
    crash,  // the target died of it: exit, refused reconnect, or a canary failure reproduced alone
    hang,   // the target no longer answers anybody
    blocked,        // could not be played: the target was gone or the run ended first
    harness_error,  // our own trouble
};

// Closing is the second axis: how the connection ended.
enum class Closing : std::uint8_t {
    not_judged,
    clean,
    wrong_code,
    no_close_frame,
    unclean,
    not_closed,
};

[[nodiscard]] std::string_view name(Behaviour behaviour) noexcept;  // "non-strict"
[[nodiscard]] std::string_view name(Closing closing) noexcept;      // "no-close-frame"
// The other way; nullopt if nothing is called so.
[[nodiscard]] std::optional<Behaviour> behaviour_named(std::string_view word) noexcept;
[[nodiscard]] std::optional<Closing> closing_named(std::string_view word) noexcept;

// is_bad says whether a result of this kind makes the run's exit code 1.
[[nodiscard]] constexpr bool is_bad(Behaviour behaviour) noexcept {
    return behaviour == Behaviour::fail || behaviour == Behaviour::flaky ||
           behaviour == Behaviour::crash || behaviour == Behaviour::hang ||
           behaviour == Behaviour::blocked;
}

// Finding is one departure: what was expected, by which clause, and what came.
struct Finding {
    Behaviour verdict = Behaviour::fail;
    std::string requirement{};            // catalogue row, "6455-5.4-8"
    std::string because{};                // the ambiguity that decides, "A20"
    std::string text{};                   // one sentence
    std::string sent{};                   // what the player sent before it, for people
    std::vector<std::string> expected{};  // any of these
    std::string got{};                    // for people; how long it waited if nothing came
    std::string step{};                   // JSON pointer of the step; empty for monitors
    bool monitor = false;                 // seen by a monitor, not by a step
    std::string segment{};                // --segment that shows it; empty: none is needed
    std::optional<double> ms{};           // since the case began: when what is wrong had come
};

// Entry is one line of the transcript.
struct Entry {
    enum class Kind : std::uint8_t {
        sent,
        received,
        note,  // connect, EOF, RST, half-close, pauses, the player's remarks
    };
    Kind kind = Kind::note;
    double ms = 0;                   // since the case began
    std::string connection{};        // "main"
    std::string summary{};           // "Text FIN masked 5 bytes: \"Hello\""
    std::vector<std::byte> bytes{};  // wire bytes of the head and at most 256 bytes of payload
    std::uint64_t size = 0;          // wire bytes in all
    std::string generator{};         // recipe of a payload over 256 bytes that we sent, else empty
    std::string sha256{};            // of a payload over 256 bytes, hex
    std::optional<std::uint64_t>
        first_difference{};             // offset where an echo departs from what was sent
    std::vector<std::byte> inflated{};  // first 256 bytes of the message that ends here, if it
    std::optional<std::uint64_t> inflated_size{};  // came compressed; and how long it is
    std::string ends{};  // a note that one side has ended TCP: "player" or "peer"
};

// TcpPiece is what one read or write of the socket moved: as near to a TCP segment as a program
// sees.
struct TcpPiece {
    double ms = 0;  // since the case began
    std::string connection{};
    bool sent = false;  // else received
    std::uint64_t size = 0;
};

struct CaseResult {
    std::string id{};
    Behaviour behaviour = Behaviour::harness_error;
    Closing closing = Closing::not_judged;
    std::optional<std::uint16_t> close_code{};  // of the first Close that the peer sent
    std::vector<Finding> findings{};            // worst first
    std::vector<Entry> transcript{};
    std::vector<TcpPiece> pieces{};  // at most 500
    double ms = 0;
    int plays = 1;           // how often it was played
    int failed = 0;          // how often it failed of those
    std::string reason{};    // unsupported: the need; blocked: why; harness_error: what
    std::string known{};     // why the baseline puts up with it; empty: it does not
    bool was_reset = false;  // a connection ended with RST, or a write failed
    std::string segment{};   // --segment that shows the verdict; empty: none is needed
    // What the case came to under each --segment that it was played with.
    std::vector<std::pair<std::string, Behaviour>> segments{};
};

}  // namespace wsproof::conformance
