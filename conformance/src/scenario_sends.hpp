// What a scenario sends: payloads, frames, messages, HTTP heads, and how they are cut. Part of the
// scenario model (scenario.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "deflate_recipe.hpp"
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

struct HeaderRule {
    std::string name;
    enum class Kind : std::uint8_t {
        present,
        absent,
        is,
        token,
        one_of,
        contains,  // this text stands in one of the lines
        lacks,     // it stands in none
    };
    Kind kind = Kind::present;
    std::string value{};                               // is, token, contains, lacks
    std::vector<std::optional<std::string>> one_of{};  // nullopt: absent
};

// HeadSpec is what requests and responses have in common: changes to the fields of a correct one.
struct HeadSpec {
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
    std::optional<PayloadSpec> raw{};  // the whole head
    std::vector<Item> then{};          // in the same write
    Cut cut{};
};

struct RequestStep : HeadSpec {
    std::string method = "GET";
    std::optional<std::string> target{};  // nullopt: that of the target's URL
    bool plain = false;                   // without TLS, on a port for it too
};

// RespondStep answers the opening handshake of a client under test, for which it waits.
struct RespondStep : HeadSpec {
    int status = 101;
    std::optional<std::string> reason{};  // nullopt: the usual one
    std::optional<PayloadSpec> before{};  // in front of the head, in the same write
    bool offence = false;                 // the client has to fail the connection because of it
};

}  // namespace wsproof::conformance
