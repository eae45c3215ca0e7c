// The scenario model: what a suite file says, after parameters are filled in. scenario_load.cpp
// makes it, player.cpp plays it. The language is described in scenarios/LANGUAGE.md.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "scenario_sends.hpp"
#include "verdict.hpp"

namespace wsproof::conformance {

struct Step;
// DeflateStep agrees on permessage-deflate, or ends the case as unsupported.
struct DeflateStep {
    std::vector<Step> negotiation;  // with a server: our request, and the answers it may give
    // With a client: the parameters of our answer, and what has to hold for it. The names are those
    // that the scenario would offer to a server: ours are the client's and theirs the server's.
    std::vector<std::pair<std::string, std::optional<std::string>>> parameters;
    std::vector<HeaderRule> agreed;
};

struct ConnectStep {};
struct FenceStep {
    bool echo = false;  // else ping
};
struct CloseStep {
    std::optional<std::uint16_t> code{};  // nullopt: an empty Close
    PayloadSpec reason{};
};
struct HalfCloseStep {};
struct ReadingStep {
    bool reads = true;  // else the player takes nothing from TCP until it does again
};
struct ResetStep {};
struct DropStep {};
struct PauseStep {
    std::chrono::milliseconds time{0};
};
struct CanaryStep {};
struct AssertStep {
    enum class What : std::uint8_t {
        peer_closed_first,
        player_closed_first,
        back_pressure,  // the peer has not taken all that was written
    };
    What what = What::peer_closed_first;
    std::optional<Behaviour> otherwise{};
};

struct ExpectMessage {
    std::uint8_t opcode = 1;
    PayloadSpec payload{};
    std::optional<std::string> like{};  // in a prologue: a glob in place of the payload
};
struct ExpectPong {
    PayloadSpec payload{};
};
struct ExpectPongs {
    std::vector<PayloadSpec> payloads{};
};
struct ExpectClose {
    std::vector<std::optional<std::uint16_t>> codes{};  // nullopt: empty body; none listed: any
};
struct ExpectEof {};
struct Expectation;
struct ExpectFailure {
    std::vector<std::optional<std::uint16_t>> codes{};  // nullopt: an empty Close
    std::vector<Expectation> allow;
};
struct ExpectResponse {  // opened, refused and response
    enum class Kind : std::uint8_t {
        opened,
        refused,
        response,
    };
    Kind kind = Kind::response;
    std::vector<int> status{};  // none listed: any that the kind admits
    std::vector<HeaderRule> headers{};
    std::optional<bool> deflates{};       // whether permessage-deflate is agreed
    std::vector<HeaderRule> agreement{};  // its parameters in the response
};

struct ExpectRequest {  // the opening handshake of a client under test
    std::optional<std::string> target{};
    std::vector<HeaderRule> headers{};
};

struct Expectation {
    std::variant<ExpectMessage, ExpectPong, ExpectPongs, ExpectClose, ExpectEof, ExpectFailure,
                 ExpectResponse, ExpectRequest>
        what{};
    Behaviour verdict = Behaviour::pass;  // if this one is what came
    std::string because{};                // "A20"
    std::string note{};
};

struct ExpectStep {
    enum class Mode : std::uint8_t {
        any,  // one of them; a single expectation is an `any` of one
        unordered,
    };
    Mode mode = Mode::any;
    std::vector<Expectation> expectations{};
    std::optional<Behaviour> otherwise{};  // nullopt: by the scenario's level
    std::string requirement{};             // empty: the scenario's first
    std::string because{};
    std::string note{};
    std::optional<std::chrono::milliseconds> within{};
    Behaviour late = Behaviour::non_strict;
};

struct Step {
    std::string on = "main";
    std::variant<SendStep, RequestStep, RespondStep, DeflateStep, ConnectStep, ExpectStep,
                 FenceStep, CloseStep, HalfCloseStep, ReadingStep, ResetStep, DropStep, PauseStep,
                 CanaryStep, AssertStep>
        action{};
    std::string pointer{};  // JSON pointer of the step in its file
};

enum class UnderTest : std::uint8_t {
    server,
    client,
    either,
};
enum class Level : std::uint8_t {
    must,
    should,
    may,
};

// ClientWishes is what a client under test is asked for, beside echoing (tools/shims/PORTING.md).
struct ClientWishes {
    std::string resource = "/";               // path and query of its URL
    std::string action{};                     // empty: to echo
    std::vector<std::string> subprotocols{};  // to offer, in this order
    std::optional<bool> deflate{};            // to offer permessage-deflate; nullopt: as it likes
    std::vector<std::string> headers{};       // "Name: value", to add to its request

    // is_special: more is asked for than any client does that takes a URL and echoes.
    [[nodiscard]] bool is_special() const noexcept {
        return !action.empty() || !subprotocols.empty() || deflate || !headers.empty();
    }
};

struct Case {
    std::string id;        // suite/id[name=value,…]
    std::string suite;     // rfc6455/5.4-fragmentation
    std::string scenario;  // suite/id, without parameters
    std::string section;   // 5.4
    std::string suite_title{};
    std::string title{};
    std::string why{};
    std::string file{};
    std::size_t line = 0;   // of its "id" in the file, from 1; 0: not known
    std::size_t index = 0;  // among all cases of its library
    std::vector<std::string> requirements{};
    std::vector<std::string> like{};
    std::vector<std::string> needs{};
    UnderTest under_test = UnderTest::either;
    Level level = Level::must;
    std::string group = "core";
    std::vector<std::pair<std::string, std::string>> parameters{};
    ClientWishes client{};
    std::vector<Step> steps{};  // `repeat` is unrolled, `when` is decided
};

[[nodiscard]] std::string_view name(UnderTest under_test) noexcept;  // "either"
[[nodiscard]] std::string_view name(Level level) noexcept;           // "must"

// behaviour_of says what an unmet expectation of a scenario of this level is.
[[nodiscard]] constexpr Behaviour behaviour_of(Level level) {
    switch (level) {
        case Level::must:
            return Behaviour::fail;
        case Level::should:
            return Behaviour::non_strict;
        case Level::may:
            return Behaviour::info;
    }
    return Behaviour::fail;
}

}  // namespace wsproof::conformance
