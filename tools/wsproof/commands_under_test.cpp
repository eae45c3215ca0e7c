#include "commands_under_test.hpp"

#include <iostream>

#include "commands.hpp"
#include "process.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

bool holds(const std::vector<std::string>& words, const char* placeholder) {
    std::size_t found = 0;
    static_cast<void>(fill(words, placeholder, "", found));
    return found > 0;
}

}  // namespace

std::string server_command(const std::string& command, std::string& url,
                           std::vector<std::string>& words) {
    std::string error;
    words = split_command(command, error);
    if (words.empty()) {
        return "--server: " + error;
    }
    if (url.empty()) {
        url = kAnyPort;
    }
    if (!holds(words, "{port}") && holds({url}, "{port}")) {
        return "--server '" + command +
               "': {port} stands where the port goes, as in --server 'my-server --port {port}'; "
               "for one that has a port of its own, give the URL too";
    }
    return {};
}

std::string client_command(const std::string& command, std::vector<std::string>& words) {
    std::string error;
    words = split_command(command, error);
    if (words.empty()) {
        return "--client: " + error;
    }
    if (!holds(words, "{url}")) {
        return "--client '" + command +
               "': {url} stands where the URL goes, as in --client 'my-client {url}'";
    }
    return {};
}

std::optional<int> start(LaunchedServer& server, const net::Interrupt& interrupt,
                         const char* name) {
    const std::string error = server.start(interrupt);
    if (error.empty()) {
        return std::nullopt;
    }
    if (interrupt.is_triggered()) {
        return kInterrupted;
    }
    std::cerr << "wsproof " << name << ": --server: " << error << '\n';
    return kUnreached;
}

}  // namespace wsproof::tools
