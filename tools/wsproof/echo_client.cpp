// wsproof echo-client: the reference client, by the contract of tools/shims/PORTING.md.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <wsproof/runtime/client.hpp>
#ifdef WSPROOF_DEFLATE
#include <wsproof/deflate/zlib_codecs.hpp>
#endif

#include "commands.hpp"
#include "interrupt.hpp"

namespace wsproof::tools {

namespace {

constexpr int kUnsupported = 89;  // by that contract
constexpr auto kTime = std::chrono::minutes(10);

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(at, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

runtime::ClientOptions options_from_environment() {
    runtime::ClientOptions options;
    options.subprotocols = split(variable("WSPROOF_SUBPROTOCOLS"), ',');
    options.tls.ca_file = variable("WSPROOF_CA");
    for (const std::string& field : split(variable("WSPROOF_HEADERS"), '\n')) {
        const std::size_t colon = std::min(field.find(':'), field.size() - 1);
        const std::size_t value = std::min(field.find_first_not_of(' ', colon + 1), field.size());
        options.headers.emplace_back(field.substr(0, colon), field.substr(value));
    }
    options.interrupt = &interrupt_on_signals();
    return options;
}

// bytes_of_hex reads pairs of digits.
std::vector<std::byte> bytes_of_hex(const std::string& digits) {
    std::vector<std::byte> bytes;
    for (std::size_t at = 0; at + 2 <= digits.size(); at += 2) {
        const unsigned long octet = std::strtoul(digits.substr(at, 2).c_str(), nullptr, 16);
        bytes.push_back(static_cast<std::byte>(octet));
    }
    return bytes;
}

// act does what WSPROOF_ACTION says; false if it is none that there is.
bool act(runtime::Client& client, const std::string& action, net::Deadline deadline) {
    const std::size_t colon = std::min(action.find(':'), action.size());
    const std::string verb = action.substr(0, colon);
    const std::string rest = colon < action.size() ? action.substr(colon + 1) : "";
    if (verb == "text") {
        static_cast<void>(client.send(rest, deadline));
    } else if (verb == "binary") {
        static_cast<void>(client.send(MessageType::binary, bytes_of_hex(rest), deadline));
    } else if (verb == "ping") {
        static_cast<void>(client.ping(std::as_bytes(std::span(rest)), deadline));
    } else if (verb == "close") {
        const std::size_t end = std::min(rest.find(':'), rest.size());
        const auto code = static_cast<CloseCode>(std::atoi(rest.substr(0, end).c_str()));
        const std::string reason = end < rest.size() ? rest.substr(end + 1) : "";
        static_cast<void>(client.close(deadline, rest.empty() ? CloseCode::normal : code, reason));
    } else {
        return verb.empty() || verb == "echo";
    }
    return true;
}

int echo_client(const std::string& url) {
    runtime::ClientOptions options = options_from_environment();
#ifdef WSPROOF_DEFLATE
    ZlibCodecs codecs;
    if (variable("WSPROOF_DEFLATE") != "0") {
        options.engine.deflate.codecs = &codecs;
    }
#endif
    runtime::OpenResult opened = runtime::Client::open(url, options);
    if (!opened.client) {
        std::cerr << "wsproof echo-client: " << opened.error << '\n';
        return opened.stage == runtime::OpenStage::arguments ? kUsage : kFails;
    }
    runtime::Client& client = *opened.client;
    const auto deadline = net::Clock::now() + kTime;
    if (!act(client, variable("WSPROOF_ACTION"), deadline)) {
        return kUnsupported;
    }
    while (true) {
        const runtime::Received received = client.receive(deadline);
        if (received.outcome != runtime::Outcome::ok) {
            return received.outcome == runtime::Outcome::closed ? kConforms : kFails;
        }
        static_cast<void>(client.send(received.message.type, received.message.payload, deadline));
    }
}

}  // namespace

void add_echo_client(CLI::App& app, int& exit_code) {
    const auto url = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand(
        "echo-client", "Run the reference client: it connects once and echoes until the end");
    command->add_option("url", *url, "The server: ws://host[:port]/path or wss://…")->required();
    command->callback([url, &exit_code] { exit_code = echo_client(*url); });
}

}  // namespace wsproof::tools
