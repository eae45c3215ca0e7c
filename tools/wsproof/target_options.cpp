#include "target_options.hpp"

#include <chrono>

#include "json_reader.hpp"
#include "prologue.hpp"
#include "wire/http_response.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

constexpr auto kResolveTime = std::chrono::seconds(5);

// set_fields reads -H options, "Name: value", and the subprotocols.
std::string set_fields(const TargetOptions& options, Target& target) {
    for (const std::string& field : options.fields) {
        const std::size_t colon = field.find(':');
        const std::string name = field.substr(0, colon);
        if (colon == std::string::npos || !wire::is_token(name) ||
            field.find_first_of("\r\n") != std::string::npos) {
            return "-H '" + field + "': a field is written Name: value";
        }
        target.fields.emplace_back(name, wire::trim(std::string_view(field).substr(colon + 1)));
    }
    for (const std::string& subprotocol : options.subprotocols) {
        if (!wire::is_token(subprotocol)) {
            return "--subprotocol " + subprotocol + ": not a token (RFC 6455 §4.1)";
        }
    }
    target.origin = options.origin;
    target.subprotocols = options.subprotocols;
    return {};
}

// set_trust makes what --ca and --insecure say of a wss target.
std::string set_trust(const TargetOptions& options, Target& target) {
    if (!target.is_secure) {
        const bool is_given = options.is_insecure || !options.ca_file.empty();
        return is_given ? "--ca and --insecure are for wss:// URLs" : "";
    }
    if (options.is_insecure && !options.ca_file.empty()) {
        return "--ca says whom to trust and --insecure to trust anybody: give one of them";
    }
    std::string error;
    target.tls = net::TlsContext::client(
        {.ca_file = options.ca_file, .insecure = options.is_insecure}, error);
    return target.tls == nullptr ? "--ca: " + error : "";
}

// set_manners makes what --prologue and --probe say of the target's own protocol.
std::string set_manners(const TargetOptions& options, Target& target) {
    if (!options.probe.empty()) {
        target.probe = parse_probe(options.probe);
        if (!target.probe) {
            return "--probe '" + options.probe +
                   "': a question and its answer are wanted, as REQUEST=REPLY";
        }
    }
    if (options.prologue.empty()) {
        return {};
    }
    try {
        target.prologue = load_prologue(options.prologue);
    } catch (const BadScenario& error) {
        const std::string where = error.pointer.empty() ? "" : ": " + error.pointer;
        return "--prologue " + options.prologue + where + ": " + error.what();
    }
    return {};
}

}  // namespace

void add_connection_options(CLI::App& command, TargetOptions& options) {
    command
        .add_option("-H,--header", options.fields,
                    "A field of every opening handshake: 'Name: value'; repeatable")
        ->allow_extra_args(false);
    command.add_option("--subprotocol", options.subprotocols, "What the server speaks; repeatable")
        ->allow_extra_args(false);
    command
        .add_option("--ca", options.ca_file,
                    "Trust this CA's certificates in place of the system's (wss)")
        ->type_name("FILE");
    command.add_flag("--insecure", options.is_insecure, "Check no certificate (wss)");
    command.add_option("--origin", options.origin, "The Origin of every opening handshake");
}

void add_target_options(CLI::App& command, TargetOptions& options) {
    add_connection_options(command, options);
    command
        .add_option("--prologue", options.prologue,
                    "A JSON list of steps (send, expect, pause_ms) to play on each connection once "
                    "it is open: a login, a greeting")
        ->type_name("FILE");
    command
        .add_option("--probe", options.probe,
                    "How a server that does not echo shows that it lives: a text to send and the "
                    "answer to it, in which * stands for anything")
        ->type_name("REQUEST=REPLY");
}

std::string apply(const TargetOptions& options, Target& target) {
    for (const auto set : {set_fields, set_trust, set_manners}) {
        if (std::string error = set(options, target); !error.empty()) {
            return error;
        }
    }
    return {};
}

std::string find_host(Target& target) {
    net::Resolved resolved =
        net::resolve(target.host, target.port, net::Clock::now() + kResolveTime);
    target.endpoints = std::move(resolved.endpoints);
    return target.endpoints.empty()
               ? "the host of " + target.url + " cannot be found: " + resolved.error
               : "";
}

std::vector<std::string> options_to_repeat(const TargetOptions& options) {
    std::vector<std::string> repeat;
    const auto add = [&](const char* name, const std::string& value) {
        repeat.emplace_back(name);
        repeat.push_back(value);
    };
    for (const std::string& field : options.fields) {
        add("-H", field);
    }
    for (const std::string& subprotocol : options.subprotocols) {
        add("--subprotocol", subprotocol);
    }
    if (!options.ca_file.empty()) {
        add("--ca", options.ca_file);
    }
    if (options.is_insecure) {
        repeat.emplace_back("--insecure");
    }
    if (!options.origin.empty()) {
        add("--origin", options.origin);
    }
    if (!options.prologue.empty()) {
        add("--prologue", options.prologue);
    }
    if (!options.probe.empty()) {
        add("--probe", options.probe);
    }
    return repeat;
}

}  // namespace wsproof::tools
