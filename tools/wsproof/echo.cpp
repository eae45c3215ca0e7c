// wsproof echo: the reference server. It sends every message back as it came.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <wsproof/runtime/server.hpp>
#ifdef WSPROOF_DEFLATE
#include <wsproof/deflate/zlib_codecs.hpp>
#endif

#include "commands.hpp"
#include "interrupt.hpp"

namespace wsproof::tools {

namespace {

struct EchoOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    std::string port_file;
    std::string certificate_file;
    std::string key_file;
    std::vector<std::string> subprotocols;
    std::uint64_t message_max = std::uint64_t{64} << 20;
    std::optional<std::uint64_t> frame_max;
    std::size_t connections_max = 512;
    bool declines_deflate = false;
    Deflate deflate{};
    std::uint32_t close_timeout = 5'000;        // milliseconds
    std::uint32_t handshake_timeout = 10'000;   // milliseconds
    std::optional<std::uint32_t> ping_after;    // likewise
    std::optional<std::uint32_t> pong_timeout;  // likewise
};

constexpr auto kResolveTime = std::chrono::seconds(5);
constexpr int kBacklog = 512;

int complain(const std::string& what, const std::string& advice, int exit_code) {
    std::cerr << "wsproof echo: " << what << "; " << advice << '\n';
    return exit_code;
}

runtime::ServerOptions server_options(const EchoOptions& options) {
    runtime::ServerOptions server;
    server.engine.limits.message = options.message_max;
    server.engine.limits.frame = options.frame_max.value_or(options.message_max);
    server.engine.timers.close = std::chrono::milliseconds(options.close_timeout);
    server.engine.timers.handshake = std::chrono::milliseconds(options.handshake_timeout);
    if (options.ping_after) {
        server.engine.timers.ping_after_idle = std::chrono::milliseconds(*options.ping_after);
    }
    if (options.pong_timeout) {
        server.engine.timers.pong = std::chrono::milliseconds(*options.pong_timeout);
    }
    server.connections_max = options.connections_max;
    server.engine.deflate = options.deflate;
#ifdef WSPROOF_DEFLATE
    if (!options.declines_deflate) {
        server.make_codecs = [] { return std::make_shared<ZlibCodecs>(); };
    }
#endif
    return server;
}

runtime::Handler echo_handler(const EchoOptions& options) {
    const auto choose = [&options](Connection& connection, const UpgradeRequest& request) {
        // RFC 6455 §4.2.2: one of those that the client offers, or none; its first choice here.
        const auto& offered = request.subprotocols;
        const auto chosen =
            std::find_first_of(offered.begin(), offered.end(), options.subprotocols.begin(),
                               options.subprotocols.end());
        if (chosen != offered.end()) {
            static_cast<void>(connection.accept(*chosen));
        }
    };
    const auto echo = [](Connection& connection, const Message& message) {
        // Refused only once the connection is closing: then nobody waits for it.
        static_cast<void>(connection.send(message.type, Payload::copy(message.payload)));
    };
    return {.on_request = choose, .on_message = echo};
}

// What is wrong with a number, for people; nothing if it is good.
std::string check_whole_number(const std::string& text) {
    const bool is_one = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    return is_one ? "" : '"' + text + "\" is not a whole number, 0 or more";
}

std::string check_port(const std::string& text) {
    const bool is_one = check_whole_number(text).empty() && text.size() <= 5 &&
                        std::stoul(text) <= std::numeric_limits<std::uint16_t>::max();
    return is_one ? "" : '"' + text + "\" is not a port, 0 to 65535";
}

// listen binds to the first address of the host that can be had.
std::optional<net::Listener> listen(const EchoOptions& options, std::string& error) {
    const net::Resolved resolved =
        net::resolve(options.host, options.port, net::Clock::now() + kResolveTime);
    error = "--host " + options.host + ": " + resolved.error;
    for (const net::Endpoint& endpoint : resolved.endpoints) {
        std::string reason;
        if (auto listener = net::Listener::listen(endpoint, kBacklog, reason)) {
            return listener;
        }
        error = "can not listen on " + endpoint.to_string() + ": " + reason;
    }
    return std::nullopt;
}

// write_port puts the file in place complete: who finds it finds the port in it.
bool write_port(const std::string& path, std::uint16_t port) {
    const std::string part = path + ".part";
    std::ofstream(part) << port << '\n';
    std::error_code error;
    std::filesystem::rename(part, path, error);
    return !error;
}

int serve(net::Listener& listener, const EchoOptions& options,
          std::shared_ptr<const net::TlsContext> tls, net::Interrupt& stop) {
    runtime::ServerOptions server = server_options(options);
    server.tls = std::move(tls);
    const net::Result result = runtime::serve(listener, server, echo_handler(options), stop);
    if (result.status == net::Status::interrupted) {
        return kConforms;
    }
    return complain("accepting connections failed: " + std::string(net::name(result.status)),
                    "start it again", kHarnessFault);
}

// load_identity leaves `tls` empty if there is to be none; an error is for people.
std::string load_identity(const EchoOptions& options, std::shared_ptr<const net::TlsContext>& tls) {
    if (options.certificate_file.empty() && options.key_file.empty()) {
        return {};
    }
    if (options.certificate_file.empty() || options.key_file.empty()) {
        return "--cert and --key go together";
    }
    std::string error;
    tls = net::TlsContext::server(
        {.certificate_file = options.certificate_file, .key_file = options.key_file}, error);
    return tls == nullptr ? error : "";
}

int echo(const EchoOptions& options) {
    std::shared_ptr<const net::TlsContext> tls;
    if (const std::string error = load_identity(options, tls); !error.empty()) {
        return complain(error, "give the PEM files of a certificate and of its key", kUsage);
    }
    // Before there is a port to be seen: whoever sees it may send a signal at once.
    net::Interrupt& stop = interrupt_on_signals();
    std::string error;
    auto listener = listen(options, error);
    if (!listener) {
        return complain(error, "give a --host of this machine and a free --port (0: any)",
                        kUnreached);
    }
    if (!options.port_file.empty() && !write_port(options.port_file, listener->port())) {
        return complain("can not write " + options.port_file,
                        "give a --port-file in a directory that can be written", kUsage);
    }
    std::cout << "listening on " << (tls ? "wss" : "ws") << "://"
              << listener->endpoint().to_string() << "/\n"
              << std::flush;
    return serve(*listener, options, std::move(tls), stop);
}

// What permessage-deflate is to be, under the names of its parameters (RFC 7692 §7.1).
void add_deflate_options(CLI::App& command, EchoOptions& options) {
#ifdef WSPROOF_DEFLATE
    command.add_flag("--no-deflate", options.declines_deflate, "Decline permessage-deflate");
    command.add_flag("--server-no-context-takeover", options.deflate.server_no_context_takeover,
                     "Compress each message by itself");
    command.add_flag("--client-no-context-takeover", options.deflate.client_no_context_takeover,
                     "Have clients compress each message by itself");
    const auto add_window = [&command](const char* name, int& bits, const char* text) {
        command.add_option(name, bits, text)
            ->type_name("BITS")
            ->check(CLI::Range(kWindowBitsMin, kWindowBitsMax));
    };
    add_window("--server-max-window-bits", options.deflate.server_max_window_bits,
               "Largest window to compress with");
    add_window("--client-max-window-bits", options.deflate.client_max_window_bits,
               "Largest window for clients that let it be limited");
#else
    static_cast<void>(command);
    static_cast<void>(options);
#endif
}

}  // namespace

void add_echo(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<EchoOptions>();
    CLI::App* command = app.add_subcommand("echo", "Run the reference server until Ctrl-C");
    command
        ->add_option("--subprotocol", options->subprotocols, "A subprotocol it speaks; repeatable")
        ->type_name("NAME")
        ->allow_extra_args(false);
    command->add_option("--port-file", options->port_file, "Where to write the port, once it is")
        ->type_name("FILE");
    command->add_option("--max-frame", options->frame_max, "Longest frame; as messages if absent")
        ->type_name("BYTES")
        ->check(check_whole_number);
    command
        ->add_option("--ping-after", options->ping_after,
                     "Ping a peer that has said nothing for so long; never if absent")
        ->type_name("MS")
        ->check(check_whole_number);
    command
        ->add_option("--pong-timeout", options->pong_timeout,
                     "How long it may say nothing after that Ping; for ever if absent")
        ->type_name("MS")
        ->check(check_whole_number);
    command
        ->add_option("--cert", options->certificate_file,
                     "Speak TLS (wss) with this PEM certificate, its chain behind it")
        ->type_name("FILE");
    command->add_option("--key", options->key_file, "The key of --cert, PEM")->type_name("FILE");

    command->option_defaults()->always_capture_default();
    add_deflate_options(*command, *options);
    command->add_option("--host", options->host, "Address or name to listen on")->type_name("HOST");
    command->add_option("--port", options->port, "0 is any free one")
        ->type_name("PORT")
        ->check(check_port);
    const auto add_number = [command](const char* name, auto& value, const char* unit,
                                      const char* text) {
        command->add_option(name, value, text)->type_name(unit)->check(check_whole_number);
    };
    add_number("--max-message", options->message_max, "BYTES", "Longest message");
    add_number("--max-connections", options->connections_max, "N", "One more is answered with 503");
    add_number("--close-timeout", options->close_timeout, "MS",
               "How long a peer may do nothing about a Close");
    add_number("--handshake-timeout", options->handshake_timeout, "MS",
               "How long an opening handshake may take");
    command->callback([options, &exit_code] { exit_code = echo(*options); });
}

}  // namespace wsproof::tools
