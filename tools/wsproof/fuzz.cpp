// wsproof fuzz: find what a server or a client gets wrong, from nothing but its URL or command.
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>

#include "campaign.hpp"
#include "commands.hpp"
#include "commands_under_test.hpp"
#include "fuzz_report.hpp"
#include "interrupt.hpp"
#include "json_reader.hpp"
#include "launched_clients.hpp"
#include "launched_server.hpp"
#include "library.hpp"
#include "preflight.hpp"
#include "report_format.hpp"
#include "report_json.hpp"
#include "target_options.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

struct Options {
    std::string url;
    std::string server;
    std::string client;
    TargetOptions target;
    std::uint64_t seed = 1;
    unsigned seconds = 60;
    std::uint64_t cases = 0;
    unsigned rate = 0;
    unsigned jobs = 4;
    std::string out = "out/fuzz";
    std::string json;
    bool allow_load = false;
};

int usage(const std::string& reason) {
    std::cerr << "wsproof fuzz: " << reason << '\n';
    return kUsage;
}

// campaign finds out what the target can do and goes on until the time is up.
int campaign(const Options& options, Stage& stage, const std::vector<std::string>& replay) {
    stage.seed = 1;  // that of `wsproof replay`
    Preflight found;
    try {
        found = stage.peer == Role::client ? preflight_client(stage) : preflight(stage);
    } catch (const Interrupted&) {
        return kInterrupted;
    }
    if (!found.error.empty()) {
        std::cerr << "wsproof fuzz: " << found.error << '\n';
        return kUnreached;
    }
    const Catalogue catalogue(data_directory());
    const netfuzz::Setting setting{.peer = stage.peer,
                                   .echoes = stage.echoes,
                                   .pongs = stage.pongs,
                                   .deflates = stage.deflates,
                                   .many_connections = found.many_connections};
    netfuzz::Arena arena(stage, setting, found.many_connections ? options.jobs : 1, options.rate);
    FuzzReport report(std::cout, ::isatty(STDOUT_FILENO) == 1, replay, catalogue);
    report.begin(found, options.seed, options.seconds);
    netfuzz::Campaign all(arena, catalogue,
                          {.seed = options.seed,
                           .cases = options.cases,
                           .time = std::chrono::seconds(options.seconds),
                           .directory = options.out},
                          {.progress = [&](const netfuzz::Score& score) { report.progress(score); },
                           .found = [&](const netfuzz::Finding& finding) { report.found(finding); },
                           .at_work = [&](const std::string& what) { report.at_work(what); }});
    const netfuzz::Score& score = all.run();
    const bool was_interrupted = stage.interrupt.is_triggered();
    report.end(score, was_interrupted);
    std::string trouble = score.trouble;
    if (!options.json.empty()) {
        const std::string error = write_whole(
            options.json, report.json(score, replay.back(), options.seed).dump(2) + '\n');
        trouble = error.empty() ? trouble : error;
    }
    if (!trouble.empty()) {
        std::cerr << "wsproof fuzz: " << trouble << '\n';
        return kHarnessFault;
    }
    return was_interrupted ? kInterrupted : score.findings.empty() ? kConforms : kFails;
}

int fuzz_server(Options& options) {
    std::vector<std::string> words;
    if (!options.server.empty()) {
        if (const std::string error = server_command(options.server, options.url, words);
            !error.empty()) {
            return usage(error);
        }
    }
    ParsedTarget parsed = parse_target(words.empty() ? options.url : with_port(options.url, 1));
    if (!parsed.error.empty()) {
        return usage(options.url + ": " + parsed.error);
    }
    Target& target = parsed.target;
    if (const std::string error = apply(options.target, target); !error.empty()) {
        return usage(error);
    }
    if (const std::string error = find_host(target); !error.empty()) {
        std::cerr << "wsproof fuzz: " << error << '\n';
        return kUnreached;
    }
    if (!target.is_loopback() && !options.allow_load) {
        return usage(target.host +
                     " is not this machine: fuzzing is load; --allow-load permits it");
    }
    if (!target.is_loopback() && options.rate == 0) {
        options.rate = 20;
    }
    Stage stage{.target = target, .interrupt = interrupt_on_signals()};
    std::optional<LaunchedServer> server;
    std::vector<std::string> replay = {options.url};
    if (!words.empty()) {
        replay = {"--server", options.server};
        stage.server = &server.emplace(std::move(words), options.url, target);
        if (const auto exit_code = start(*server, stage.interrupt, "fuzz")) {
            return *exit_code;
        }
    }
    return campaign(options, stage, replay);
}

int fuzz_client(const Options& options) {
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
    return campaign(options, stage, {"--client", options.client});
}

int fuzz(Options& options) {
    if (!options.json.empty()) {
        if (const std::string error = why_not_writable(options.json); !error.empty()) {
            return usage(error);
        }
    }
    if (!options.client.empty()) {
        return options.url.empty() ? fuzz_client(options) : usage("either a URL or --client");
    }
    if (options.url.empty() && options.server.empty()) {
        return usage(
            "whom? ws://host:port/ for a server, --server 'CMD {port}' for one to be started, or "
            "--client 'CMD {url}' for a client");
    }
    return fuzz_server(options);
}

}  // namespace

void add_fuzz(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("fuzz", "Search a server or a client for what the RFC forbids");
    command->add_option("url", options->url, "The server: ws://host[:port]/path or wss://…");
    CLI::Option* server =
        command
            ->add_option(
                "--server", options->server,
                "Start the server, where {port} is a free port; and again when it has ended")
            ->type_name("'CMD {port}'");
    command
        ->add_option("--client", options->client,
                     "Fuzz a client in place of a server: 'CMD {url}' is started once a case")
        ->type_name("CMD")
        ->excludes(server);
    add_target_options(*command, options->target);
    command->add_option("--seconds", options->seconds, "How long")
        ->check(CLI::Range(1, 864'000))
        ->capture_default_str();
    command->add_option("--cases", options->cases, "How many at most")->type_name("N");
    command->add_option("--seed", options->seed, "Of what is made up")->capture_default_str();
    command
        ->add_option("--rate", options->rate,
                     "Cases a second at most; off this machine 20 unless it is said")
        ->check(CLI::Range(1, 100'000))
        ->type_name("N");
    command->add_option("--jobs", options->jobs, "Cases at a time")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    command->add_option("--out", options->out, "Where findings are written, each a scenario")
        ->type_name("DIR")
        ->capture_default_str();
    command->add_option("--json", options->json, "Write all of it there")->type_name("FILE");
    command->add_flag("--allow-load", options->allow_load, "Fuzz servers off this machine too");
    command->footer(
        "Exit codes: 0 nothing found; 1 findings; 2 usage; 3 never reached; 4 own fault; 130 "
        "interrupted.");
    command->callback([options, &exit_code] { exit_code = fuzz(*options); });
}

}  // namespace wsproof::tools
