// Makes programs: a valid dialogue with violations, cuts, pauses and several connections mixed in.
#pragma once

#include <string>
#include <vector>

#include "content.hpp"
#include "program.hpp"
#include "role.hpp"

namespace wsproof::netfuzz {

// Setting is what is known of the target.
struct Setting {
    conformance::Role peer = conformance::Role::server;
    bool echoes = true;
    bool pongs = true;
    bool deflates = false;
    bool many_connections = true;
    bool is_secure = false;
};

// valid_items is a piece of a dialogue that every peer has to understand.
[[nodiscard]] std::vector<Json> valid_items(Random& random, bool deflates);
// violation breaks the RFC, most of the time.
[[nodiscard]] std::vector<Json> violation(Random& random, const Setting& setting, bool deflates);

[[nodiscard]] Program valid_program(Random& random, const Setting& setting);
[[nodiscard]] Program make_program(Random& random, const Setting& setting);
// mutate changes one thing or a few; `other` lends acts.
void mutate(Program& program, const Program& other, Random& random, const Setting& setting);

}  // namespace wsproof::netfuzz
