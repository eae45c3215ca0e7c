// What a server wants before it can be judged: steps that are played on each connection once it is
// open, and a question that it answers though it echoes nothing.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "scenario.hpp"
#include "target.hpp"

namespace wsproof::conformance {

// load_prologue reads a list of steps (scenarios/LANGUAGE.md) of the kinds send, expect and
// pause_ms;
// {"expect": {"like": GLOB}} is any message of such a text. Throws BadScenario.
[[nodiscard]] std::vector<Step> load_prologue(const std::filesystem::path& path);

// parse_probe reads "REQUEST=REPLY"; the first = parts them. nullopt: one of the two is missing.
[[nodiscard]] std::optional<Probe> parse_probe(std::string_view text);

}  // namespace wsproof::conformance
