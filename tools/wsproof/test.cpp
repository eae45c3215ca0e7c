// wsproof test: judge a server or a client.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "interrupt.hpp"
#include "launched_clients.hpp"
#include "run_options.hpp"
#include "target_options.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

struct TestOptions {
    RunArguments run;
    std::string url;     // of a server,
    std::string client;  // or the command that starts a client
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

int test_server(const TestOptions& options) {
    ParsedTarget parsed = parse_target(options.url);
    if (!parsed.error.empty()) {
        return usage(options.url + ": " + parsed.error);
    }
    if (const std::string error = apply(options.target, parsed.target); !error.empty()) {
        return usage(error);
    }
    const auto chosen = chosen_for(options, UnderTest::client);
    if (chosen == nullptr) {
        return kUsage;
    }
    Target& target = parsed.target;
    if (const std::string error = find_host(target); !error.empty()) {
        std::cerr << "wsproof test: " << error << '\n';
        return kUnreached;
    }
    if (!target.is_loopback() && !options.allow_load) {
        const auto is_load = [](const Case* each) {
            return each->group == "robustness" || each->group == "heavy";
        };
        if (std::erase_if(chosen->cases, is_load) > 0) {
            std::cerr << "wsproof test: the groups robustness and heavy are left out: "
                      << target.host << " is not this machine; --allow-load plays them\n";
        }
    }
    if (chosen->cases.empty()) {
        return usage("no case is left to play");
    }
    std::vector<std::string> repeat = options_to_repeat(options.target);
    const std::vector<std::string> of_run = options_to_repeat(options.run);
    repeat.insert(repeat.end(), of_run.begin(), of_run.end());
    Stage stage{.target = target, .interrupt = interrupt_on_signals()};
    // TLS has no half-close that all implementations know, and no RST of its own.
    return judge(options.run, stage, *chosen,
                 {.name = target.url,
                  .command = {"test", target.url},
                  .options = repeat,
                  .unsupported = {"client", target.is_secure ? "tcp" : "tls"}});
}

int test_client(const TestOptions& options) {
    std::string error;
    const std::vector<std::string> words = split_command(options.client, error);
    if (words.empty()) {
        return usage("--client: " + error);
    }
    std::size_t found = 0;
    static_cast<void>(fill(words, "{url}", "", found));
    if (found == 0) {
        return usage("--client '" + options.client +
                     "': {url} stands where the URL goes, as in --client 'my-client {url}'");
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
        return options.url.empty() ? usage(
                                         "whom? ws://host:port/ for a server, or --client 'CMD "
                                         "{url}' for a client")
                                   : test_server(options);
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
    command.add_option("url", options.url, "The server: ws://host[:port]/path or wss://…");
    add_filter(command, options.run);
    command
        .add_option("--client", options.client,
                    "Judge a client in place of a server: 'CMD {url}' is started once a case, "
                    "without a shell")
        ->type_name("CMD");
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
