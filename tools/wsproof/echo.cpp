// wsproof echo: the reference server, the engine behind blocking sockets.
#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <wsproof/runtime/server.hpp>

#include "commands.hpp"
#include "interrupt.hpp"

namespace wsproof::tools {

namespace {

struct EchoOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    std::string port_file;
    std::vector<std::string> subprotocols;
    std::uint64_t message_max = std::uint64_t{64} << 20;
    std::uint64_t frame_max = std::uint64_t{64} << 20;
    std::size_t connections_max = 512;
    unsigned close_timeout_ms = 5'000;
    unsigned handshake_timeout_ms = 10'000;
};

runtime::ServerOptions server_options(const EchoOptions& options) {
    runtime::ServerOptions server;
    server.connections_max = options.connections_max;
    server.engine.limits.message = options.message_max;
    server.engine.limits.frame = options.frame_max;
    // An echo is never refused for lack of room: reading stops long before, but for one message.
    server.engine.limits.output_queue = std::size_t{8} << 20;
    server.engine.timers.close = std::chrono::milliseconds(options.close_timeout_ms);
    server.engine.timers.handshake = std::chrono::milliseconds(options.handshake_timeout_ms);
    return server;
}

// accept_or_not takes the first subprotocol that both sides know (RFC 6455 §4.2.2), or none.
void accept_or_not(const EchoOptions& options, Connection& connection,
                   const UpgradeRequest& request) {
    for (const std::string_view offered : request.subprotocols) {
        for (const std::string& known : options.subprotocols) {
            if (offered == known) {
                static_cast<void>(connection.accept(offered));
                return;
            }
        }
    }
    static_cast<void>(connection.accept());
}

int serve(const EchoOptions& options, net::Listener& listener) {
    runtime::Handler handler;
    handler.on_request = [&options](Connection& connection, const UpgradeRequest& request) {
        accept_or_not(options, connection, request);
    };
    handler.on_message = [](Connection& connection, const Message& message) {
        if (connection.send(message.type, Payload::copy(message.payload)) == Error::output_full) {
            connection.abort(CloseCode::policy_violation);  // the peer sends and does not read
        }
    };
    const net::Interrupt& stop = interrupt_on_signals();
    if (const auto error = runtime::serve(listener, server_options(options), handler, stop)) {
        std::cerr << "wsproof echo: " << *error << '\n';
        return kHarnessFault;
    }
    return kConforms;
}

int echo(const EchoOptions& options) {
    const net::Resolved resolved =
        net::resolve(options.host, options.port, net::Clock::now() + std::chrono::seconds(5));
    if (resolved.endpoints.empty()) {
        std::cerr << "wsproof echo: --host " << options.host << ": " << resolved.error << '\n';
        return kUsage;
    }
    std::string error;
    auto listener = net::Listener::listen(resolved.endpoints.front(), 128, error);
    if (!listener) {
        std::cerr << "wsproof echo: cannot listen on " << resolved.endpoints.front().to_string()
                  << ": " << error << "; choose another --port, or 0 for any free one\n";
        return kUnreached;
    }
    const bool is_ipv6 = options.host.find(':') != std::string::npos;
    const std::string host = is_ipv6 ? "[" + options.host + "]" : options.host;
    if (!options.port_file.empty()) {
        std::ofstream file(options.port_file);
        file << listener->port() << '\n';
        if (!file.flush()) {
            std::cerr << "wsproof echo: --port-file " << options.port_file
                      << ": cannot be written\n";
            return kUsage;
        }
    }
    std::cout << "listening on ws://" << host << ':' << listener->port() << '/' << std::endl;
    return serve(options, *listener);
}

}  // namespace

void add_echo(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<EchoOptions>();
    CLI::App* command =
        app.add_subcommand("echo", "Run the reference echo server until interrupted");
    command->add_option("--host", options->host, "Address to listen on")->capture_default_str();
    command->add_option("--port", options->port, "Port to listen on; 0: any free one")
        ->capture_default_str();
    command->add_option("--port-file", options->port_file, "Write the port there once it listens");
    command->add_option("--subprotocol", options->subprotocols,
                        "A subprotocol to accept; repeatable");
    command->add_option("--max-message", options->message_max, "Bytes of a message")
        ->capture_default_str();
    command->add_option("--max-frame", options->frame_max, "Bytes of a frame's payload")
        ->capture_default_str();
    command->add_option("--max-connections", options->connections_max, "Beyond it: 503")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    command
        ->add_option("--close-timeout", options->close_timeout_ms,
                     "Milliseconds to wait for the peer to close")
        ->capture_default_str();
    command
        ->add_option("--handshake-timeout", options->handshake_timeout_ms,
                     "Milliseconds an opening may take")
        ->capture_default_str();
    command->callback([options, &exit_code] { exit_code = echo(*options); });
}

}  // namespace wsproof::tools
