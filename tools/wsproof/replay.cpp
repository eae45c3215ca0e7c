// wsproof replay: play what `wsproof fuzz` has found, or any scenario file, and show the wire.
#include <iostream>
#include <memory>
#include <optional>

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

struct Options {
    RunArguments run;
    std::string file;
    std::string url;
    std::string server;
    std::string client;
    TargetOptions target;
    bool allow_load = false;
};

int usage(const std::string& reason) {
    std::cerr << "wsproof replay: " << reason << '\n';
    return kUsage;
}

int replay_server(Options& options, const Chosen& chosen) {
    std::string error;
    std::vector<std::string> words;
    if (!options.server.empty()) {
        if (error = server_command(options.server, options.url, words); !error.empty()) {
            return usage(error);
        }
    }
    ParsedTarget parsed = parse_target(words.empty() ? options.url : with_port(options.url, 1));
    if (!parsed.error.empty()) {
        return usage(options.url + ": " + parsed.error);
    }
    Target& target = parsed.target;
    if (error = apply(options.target, target); !error.empty()) {
        return usage(error);
    }
    if (error = find_host(target); !error.empty()) {
        std::cerr << "wsproof replay: " << error << '\n';
        return kUnreached;
    }
    if (!target.is_loopback() && !options.allow_load) {
        return usage(
            target.host +
            " is not this machine: what was found by fuzzing may harm it; --allow-load permits it");
    }
    Stage stage{.target = target, .interrupt = interrupt_on_signals()};
    std::optional<LaunchedServer> server;
    std::vector<std::string> command = {"replay", options.file, options.url};
    if (!words.empty()) {
        command = {"replay", options.file, "--server", options.server};
        stage.server = &server.emplace(std::move(words), options.url, target);
        if (const auto exit_code = start(*server, stage.interrupt, "replay")) {
            return *exit_code;
        }
    }
    return judge(options.run, stage, chosen,
                 {.name = options.url,
                  .command = command,
                  .options = options_to_repeat(options.target),
                  .unsupported = {"client", target.is_secure ? "tcp" : "tls"}});
}

int replay_client(const Options& options, const Chosen& chosen) {
    std::vector<std::string> words;
    if (const std::string error = client_command(options.client, words); !error.empty()) {
        return usage(error);
    }
    const Target target;
    LaunchedClients clients(words);
    Stage stage{.target = target,
                .interrupt = interrupt_on_signals(),
                .peer = Role::client,
                .clients = &clients};
    return judge(options.run, stage, chosen,
                 {.name = options.client,
                  .command = {"replay", options.file, "--client", options.client},
                  .options = {},
                  .unsupported = {"tls"}});
}

int replay(Options& options) {
    if (const std::string error = prepare_files(options.run); !error.empty()) {
        return usage(error);
    }
    if (options.url.empty() && options.server.empty() && options.client.empty()) {
        return usage(
            "whom? ws://host:port/ for a server, --server 'CMD {port}' or --client 'CMD {url}'");
    }
    options.run.library.scenarios = {options.file};
    options.run.text.transcript = true;
    const auto chosen = choose(options.run.library, all_groups());
    if (chosen == nullptr) {
        return kUsage;
    }
    return options.client.empty() ? replay_server(options, *chosen)
                                  : replay_client(options, *chosen);
}

}  // namespace

void add_replay(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "replay", "Play one scenario file, as fuzz has written it, and show the wire");
    command->add_option("file", options->file, "The scenario file")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("url", options->url, "The server: ws://host[:port]/path or wss://…");
    add_filter(*command, options->run);
    CLI::Option* server = command
                              ->add_option("--server", options->server,
                                           "Start the server, where {port} is a free port")
                              ->type_name("'CMD {port}'");
    command
        ->add_option("--client", options->client,
                     "Play it against a client: 'CMD {url}' is started once a case")
        ->type_name("CMD")
        ->excludes(server);
    add_target_options(*command, options->target);
    add_run_options(*command, options->run);
    add_report_options(*command, options->run);
    command->add_flag("--allow-load", options->allow_load, "Play it off this machine too");
    command->callback([options, &exit_code] { exit_code = replay(*options); });
}

}  // namespace wsproof::tools
