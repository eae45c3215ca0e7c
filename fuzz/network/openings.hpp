// The opening handshakes of programs: correct ones in every legal spelling, and faulty ones.
#pragma once

#include "generator.hpp"
#include "program.hpp"

namespace wsproof::netfuzz {

// some_opening is a correct handshake as a rule; a faulty one only if `may_offend`.
[[nodiscard]] Opening some_opening(Random& random, const Setting& setting, bool may_offend);

// agree_on_deflate opens with an offer of permessage-deflate, to a client with an answer to its
// own.
[[nodiscard]] Opening agree_on_deflate(Random& random);

// odd_request and faulty_request are for servers, odd_answer and faulty_answer for clients: what
// has to be understood, and what has to be refused.
[[nodiscard]] Opening odd_request(Random& random);
[[nodiscard]] Opening faulty_request(Random& random);
[[nodiscard]] Opening odd_answer(Random& random);
[[nodiscard]] Opening faulty_answer(Random& random);

}  // namespace wsproof::netfuzz
