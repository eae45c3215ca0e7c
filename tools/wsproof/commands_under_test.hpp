// --server 'COMMAND {port}' and --client 'COMMAND {url}': reading them, and starting the server.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "launched_server.hpp"

namespace wsproof::tools {

inline constexpr const char* kAnyPort = "ws://127.0.0.1:{port}/";

// server_command reads --server into `words`, and makes `url` that of a free port if it is empty.
// The result is an error of usage, empty if there is none.
[[nodiscard]] std::string server_command(const std::string& command, std::string& url,
                                         std::vector<std::string>& words);

// client_command reads --client into `words`; the result is as above.
[[nodiscard]] std::string client_command(const std::string& command,
                                         std::vector<std::string>& words);

// start starts the server for the subcommand `name`. If it does not come up, the result is the exit
// code, and stderr has the reason.
[[nodiscard]] std::optional<int> start(conformance::LaunchedServer& server,
                                       const net::Interrupt& interrupt, const char* name);

}  // namespace wsproof::tools
