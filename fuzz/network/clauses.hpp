// Which clause an expectation holds the peer to, and what a peer may do about a violation. Readings
// (A11, A20, …) are those of conformance/data/ambiguities.json.
#pragma once

#include <set>
#include <string>
#include <wsproof/error.hpp>

#include "program.hpp"
#include "role.hpp"

namespace wsproof::netfuzz {

// Offence is the first thing on a connection that breaks the RFC, and where it stands.
struct Offence {
    Error error = Error::none;
    Json item{};
    conformance::Role peer = conformance::Role::server;
    bool deflates = false;
    bool was_compressed = false;  // the message that it stands in
};

// row_of is the catalogue row that says that the peer has to fail the connection.
[[nodiscard]] std::string row_of(const Offence& offence);

// answer_to is the expectation for it; null if the RFC demands nothing. `allowed` is what may still
// come of what was sent before; `taken` is what comes of the same bytes in a strict spelling, null
// if nothing does.
[[nodiscard]] Json answer_to(const Offence& offence, const Json& allowed, const Json& taken);

// answer_to_close is the expectation for a legal Close; nullopt: it was empty.
[[nodiscard]] Json answer_to_close(std::optional<std::uint16_t> code);

// row_of_echo names the clause that a message that does not come back as it was breaks, and
// row_of_pong that of a Pong, by what was sent since the last that did.
[[nodiscard]] std::string row_of_echo(const std::set<std::string>& features);
[[nodiscard]] std::string row_of_pong(const std::set<std::string>& features);

}  // namespace wsproof::netfuzz
