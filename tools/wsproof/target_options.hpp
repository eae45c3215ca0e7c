// The options that say how the target is to be spoken to, and what they make of it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "target.hpp"

namespace wsproof::tools {

struct TargetOptions {
    std::vector<std::string> fields;  // -H
    std::string origin;
    std::vector<std::string> subprotocols;
    std::string ca_file;
    bool is_insecure = false;
    std::string prologue;  // a file
    std::string probe;     // REQUEST=REPLY
};

// add_connection_options declares -H, --subprotocol, --origin, --ca and --insecure;
// add_target_options also --prologue and --probe. `options` must live until `command` is parsed.
void add_connection_options(CLI::App& command, TargetOptions& options);
void add_target_options(CLI::App& command, TargetOptions& options);

// apply gives `target`, whose URL is parsed, what the options say. The result is an error of usage,
// for people; empty if there is none.
[[nodiscard]] std::string apply(const TargetOptions& options, conformance::Target& target);

// find_host resolves the target's host; the result says why it cannot be found, empty if it can.
[[nodiscard]] std::string find_host(conformance::Target& target);

// options_to_repeat are those given, as they stand on a command line.
[[nodiscard]] std::vector<std::string> options_to_repeat(const TargetOptions& options);

}  // namespace wsproof::tools
