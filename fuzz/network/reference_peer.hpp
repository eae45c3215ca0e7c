// The reference engine in the place of the peer: what it takes and what it refuses, frame by frame.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <wsproof/connection.hpp>

#include "program.hpp"
#include "role.hpp"
#include "wire/frame_reader.hpp"

namespace wsproof::netfuzz {

using conformance::wire::ByteString;
using conformance::wire::ByteView;

// Reaction is what a conforming peer makes of some bytes.
struct Reaction {
    enum class Kind : std::uint8_t {
        message,  // a whole one: an echo server sends it back
        ping,
        close,
        failure,
    };
    Kind kind = Kind::message;
    std::uint8_t opcode = 1;
    ByteString payload{};                 // message, ping
    std::optional<std::uint16_t> code{};  // close; nullopt: it was empty
    Error error = Error::none;            // failure
};

class ReferencePeer {
  public:
    // `role` is that of the peer under test, whose place this takes.
    ReferencePeer(conformance::Role role, bool deflates);
    ReferencePeer(ReferencePeer&&) noexcept;
    ReferencePeer& operator=(ReferencePeer&&) noexcept;
    ~ReferencePeer();

    [[nodiscard]] std::vector<Reaction> feed(ByteView bytes);
    // is_over: it has had a Close or has failed; what comes now is not looked at.
    [[nodiscard]] bool is_over() const noexcept;
    [[nodiscard]] bool is_inside_frame() const noexcept;
    [[nodiscard]] bool is_inside_message() const noexcept;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// bytes_of encodes one item as the player would, with a constant mask key where none is given;
// `we_mask` is our role's. A compressed message refers to nothing before it. Throws BadScenario and
// BadRecipe for an item that is none.
[[nodiscard]] ByteString bytes_of(const Json& item, bool we_mask, std::uint64_t seed);

}  // namespace wsproof::netfuzz
