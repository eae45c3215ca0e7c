// The scenario model: what a suite file says, after parameters are filled in. scenario_load.cpp
// makes it, player.cpp plays it. The language is described in scenarios/LANGUAGE.md.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "deflate_recipe.hpp"
#include "verdict.hpp"
#include "wire/frame_writer.hpp"

namespace wsproof::conformance {

// PayloadSpec stays a recipe until it is played, so that a library of 16 MiB payloads costs
// nothing. payload.hpp turns it into bytes.
struct PayloadSpec {
    nlohmann::json recipe = "";
};

struct FrameSpec {
    std::uint8_t opcode = 1;
    bool fin = true;
    std::uint8_t rsv = 0;            // 4 = RSV1, 2 = RSV2, 1 = RSV3
    std::optional<bool> mask{};      // nullopt: as the role demands
    std::optional<wire::Key> key{};  // nullopt: drawn by seed
    wire::LengthForm length = wire::LengthForm::minimal;
    std::optional<std::uint64_t> declared{};  // the length written, if it shall lie
    PayloadSpec payload{};
    std::optional<std::uint16_t> close_code{};  // prepended to payload
};

struct MessageSpec {
    std::uint8_t opcode = 1;  // 1 or 2
    PayloadSpec payload{};
    std::vector<std::uint64_t> fragments{};  // sizes; the rest goes into one more, final fragment
    std::optional<std::uint64_t> fragment_size{};  // every fragment but the last
    // compressed: RSV1, and the sizes are those of what is compressed. References go back into
    // earlier messages, and as far, as was agreed.
    std::optional<DeflateRecipe> compress{};
};

struct RawSpec {
    PayloadSpec bytes{};
};

struct Item {
    std::variant<FrameSpec, MessageSpec, RawSpec> what{};
    bool offence = false;
};

struct Cut {
    enum class Kind : std::uint8_t {
        whole,
        frames,
        bytes,
        at,
        every,
    };
    Kind kind = Kind::whole;
    std::vector<std::uint64_t> offsets{};  // at
    std::uint64_t every = 0;               // every
    std::chrono::milliseconds pause{0};    // between the pieces
};

struct SendStep {
    std::vector<Item> items{};
    Cut cut{};
};

struct RequestStep {
    std::string method = "GET";
    std::optional<std::string> target{};  // nullopt: that of the target's URL
    std::string version = "HTTP/1.1";
    std::vector<std::pair<std::string, PayloadSpec>> set{};
    std::vector<std::string> remove{};
    std::vector<std::pair<std::string, PayloadSpec>> add{};
    bool reversed = false;
    enum class Names : std::uint8_t {
        as_is,
        lower,
        upper,
    };
    Names names = Names::as_is;
    std::optional<PayloadSpec> raw{};
    std::vector<Item> then{};  // in the same write
    Cut cut{};
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
struct ResetStep {};
struct DropStep {};
struct PauseStep {
    std::chrono::milliseconds time{0};
};
struct CanaryStep {};
struct AssertStep {
    bool peer_closed_first = true;  // what must hold: else the player
    std::optional<Behaviour> otherwise{};
};

struct HeaderRule {
    std::string name;
    enum class Kind : std::uint8_t {
        present,
        absent,
        is,
        token,
        one_of,
    };
    Kind kind = Kind::present;
    std::string value{};                               // is, token
    std::vector<std::optional<std::string>> one_of{};  // nullopt: absent
};

struct ExpectMessage {
    std::uint8_t opcode = 1;
    PayloadSpec payload{};
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

struct Expectation {
    std::variant<ExpectMessage, ExpectPong, ExpectPongs, ExpectClose, ExpectEof, ExpectFailure,
                 ExpectResponse>
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
    std::variant<SendStep, RequestStep, ConnectStep, ExpectStep, FenceStep, CloseStep,
                 HalfCloseStep, ResetStep, DropStep, PauseStep, CanaryStep, AssertStep>
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

struct Case {
    std::string id;        // suite/id[name=value,…]
    std::string suite;     // rfc6455/5.4-fragmentation
    std::string scenario;  // suite/id, without parameters
    std::string section;   // 5.4
    std::string suite_title{};
    std::string title{};
    std::string why{};
    std::string file{};
    std::vector<std::string> requirements{};
    std::vector<std::string> like{};
    std::vector<std::string> needs{};
    UnderTest under_test = UnderTest::either;
    Level level = Level::must;
    std::string group = "core";
    std::vector<std::pair<std::string, std::string>> parameters{};
    std::vector<Step> steps{};  // `repeat` is unrolled, `when` is decided
};

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
