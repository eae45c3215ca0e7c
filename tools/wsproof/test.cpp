// wsproof test: judge a server or a client.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "commands_under_test.hpp"
#include "interrupt.hpp"
#include "launched_clients.hpp"
#include "launched_server.hpp"
#include "run_options.hpp"
#include "target_options.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

struct TestOptions {
    RunArguments run;
    std::string url;     // of a server,
    std::string server;  // or the command that starts one,
    std::string client;  // or one that starts a client
    TargetOptions target;
    bool allow_load = false;
};

int usage(const std::string& reason) {
    std::cerr << "wsproof test: " << reason << '\n';
    return kUsage;
}

// chosen_for leaves out what binds the other role.
std::unique_ptr<Chosen> chosen_for(const TestOptions& options, UnderTest other) {
    auto chosen = choose(options.run.library, default_groups());
    if (chosen != nullptr) {
        std::erase_if(chosen->cases, [&](const Case* each) { return each->under_test == other; });
    }
    return chosen;
}

// name_server makes the URL and the command of --server out of the words that were given; it says
// what is wrong with them, empty if nothing is.
std::string name_server(TestOptions& options, std::vector<std::string>& words) {
    if (!options.url.empty() && !options.url.starts_with("ws://") &&
        !options.url.starts_with("wss://")) {  // then all words are filters
        auto& filters = options.run.library.filters;
        filters.insert(filters.begin(), std::exchange(options.url, {}));
    }
    return server_command(options.server, options.url, words);
}

// words_of_server are those behind "wsproof" that name what is under test.
std::vector<std::string> words_of_server(const TestOptions& options) {
    if (options.server.empty()) {
        return {"test", options.url};
    }
    std::vector<std::string> words = {"test", "--server", options.server};
    if (options.url != kAnyPort) {
        words.push_back(options.url);
    }
    return words;
}

// leave_out_load: what loads a machine is for this one, unless it is asked for.
void leave_out_load(const TestOptions& options, const Target& target, Chosen& chosen) {
    if (target.is_loopback() || options.allow_load) {
        return;
    }
    const auto is_load = [](const Case* each) {
        return each->group == "robustness" || each->group == "heavy";
    };
    if (std::erase_if(chosen.cases, is_load) > 0) {
        std::cerr << "wsproof test: the groups robustness and heavy are left out: " << target.host
                  << " is not this machine; --allow-load plays them\n";
    }
}

int test_server(TestOptions& options) {
    std::vector<std::string> words;
    if (!options.server.empty()) {
        if (const std::string error = name_server(options, words); !error.empty()) {
            return usage(error);
        }
    }
    constexpr std::uint16_t kSomePort = 1;  // until one is taken
    ParsedTarget parsed =
        parse_target(options.server.empty() ? options.url : with_port(options.url, kSomePort));
    if (!parsed.error.empty()) {
        return usage(options.url + ": " + parsed.error);
    }
    Target& target = parsed.target;
    if (const std::string error = apply(options.target, target); !error.empty()) {
        return usage(error);
    }
    const auto chosen = chosen_for(options, UnderTest::client);
    if (chosen == nullptr) {
        return kUsage;
    }
    if (const std::string error = find_host(target); !error.empty()) {
        std::cerr << "wsproof test: " << error << '\n';
        return kUnreached;
    }
    leave_out_load(options, target, *chosen);
    if (chosen->cases.empty()) {
        return usage("no case is left to play");
    }
    std::vector<std::string> repeat = options_to_repeat(options.target);
    const std::vector<std::string> of_run = options_to_repeat(options.run);
    repeat.insert(repeat.end(), of_run.begin(), of_run.end());
    Stage stage{.target = target, .interrupt = interrupt_on_signals()};
    std::optional<LaunchedServer> server;
    if (!options.server.empty()) {
        stage.server = &server.emplace(std::move(words), options.url, target);
        if (const auto exit_code = start(*server, stage.interrupt, "test")) {
            return *exit_code;
        }
    }
    // TLS has no half-close that all implementations know, and no RST of its own.
    return judge(options.run, stage, *chosen,
                 {.name = options.server.empty() ? target.url : options.server,
                  .command = words_of_server(options),
                  .options = repeat,
                  .unsupported = {"client", target.is_secure ? "tcp" : "tls"}});
}

int test_client(const TestOptions& options) {
    std::vector<std::string> words;
    if (const std::string error = client_command(options.client, words); !error.empty()) {
        return usage(error);
    }
    const auto chosen = chosen_for(options, UnderTest::server);
    if (chosen == nullptr) {
        return kUsage;
    }
    if (chosen->cases.empty()) {
        return usage("no case is left to play: those that are chosen are for servers");
    }
    const Target target;
    LaunchedClients clients(words);
    Stage stage{.target = target,
                .interrupt = interrupt_on_signals(),
                .peer = Role::client,
                .clients = &clients};
    return judge(options.run, stage, *chosen,
                 {.name = options.client,
                  .command = {"test", "--client", options.client},
                  .options = options_to_repeat(options.run),
                  .unsupported = {"tls"}});
}

int test(TestOptions& options) {
    if (const std::string error = prepare_files(options.run); !error.empty()) {
        return usage(error);
    }
    if (options.client.empty()) {
        if (options.url.empty() && options.server.empty()) {
            return usage(
                "whom? ws://host:port/ for a server, --server 'CMD {port}' for one to be started, "
                "or --client 'CMD {url}' for a client");
        }
        return test_server(options);
    }
    if (const auto given = options_to_repeat(options.target); !given.empty()) {
        return usage(given.front() +
                     " is for servers; a client is asked by the variables that "
                     "tools/shims/PORTING.md names");
    }
    if (!options.url.empty()) {  // with a client, all words are filters
        auto& filters = options.run.library.filters;
        filters.insert(filters.begin(), options.url);
    }
    return test_client(options);
}

void add_what_to_test(CLI::App& command, TestOptions& options) {
    command.add_option("url", options.url,
                       "The server: ws://host[:port]/path or wss://…; with --server also "
                       "ws://127.0.0.1:{port}/path");
    add_filter(command, options.run);
    CLI::Option* server =
        command
            .add_option("--server", options.server,
                        "Start the server, without a shell, where {port} is a free port; and again "
                        "when a case has ended it")
            ->type_name("'CMD {port}'");
    command
        .add_option("--client", options.client,
                    "Judge a client in place of a server: 'CMD {url}' is started once a case, "
                    "without a shell")
        ->type_name("CMD")
        ->excludes(server);
    add_target_options(command, options.target);
    command.add_flag("--allow-load", options.allow_load,
                     "Play robustness and heavy groups off this machine too");
}

}  // namespace

void add_test(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<TestOptions>();
    CLI::App* command = app.add_subcommand("test", "Judge a server or a client");
    add_what_to_test(*command, *options);
    add_library_options(*command, options->run.library);
    add_run_options(*command, options->run);
    add_report_options(*command, options->run);
    command->callback([options, &exit_code] { exit_code = test(*options); });
}

}  // namespace wsproof::tools
