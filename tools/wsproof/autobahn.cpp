// wsproof autobahn: in place of Autobahn|Testsuite, with its spec files, drivers and reports.
#include "autobahn.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <mutex>

#include "autobahn_server.hpp"
#include "commands.hpp"
#include "interrupt.hpp"
#include "json_file.hpp"
#include "target.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

constexpr int kBacklog = 128;

int usage(const std::string& reason) {
    std::cerr << "wsproof autobahn: " << reason << '\n';
    return kUsage;
}

// listen_at binds where the spec's URL says.
std::optional<net::Listener> listen_at(const Target& where, std::string& error) {
    const net::Resolved found =
        net::resolve(where.host, where.port, net::Clock::now() + std::chrono::seconds(5));
    error = found.error;
    if (found.endpoints.empty()) {
        return std::nullopt;
    }
    // Drivers are told to go to 127.0.0.1, and a server that is called localhost is there.
    const auto is_ipv4 = [](const net::Endpoint& each) { return each.to_string().front() != '['; };
    const auto first = std::find_if(found.endpoints.begin(), found.endpoints.end(), is_ipv4);
    return net::Listener::listen(first == found.endpoints.end() ? found.endpoints.front() : *first,
                                 kBacklog, error);
}

int exit_code_of(const AutobahnServer::Outcome& outcome, bool is_interrupted) {
    if (!outcome.error.empty()) {
        std::cerr << "wsproof autobahn: " << outcome.error << '\n';
        return kHarnessFault;
    }
    // A signal is how a fuzzingserver usually ends: it interrupts only who is not finished.
    if (is_interrupted && outcome.sum.is_unfinished) {
        return kInterrupted;
    }
    if (outcome.sum.played == 0) {
        return kUnreached;
    }
    return outcome.sum.bad > 0 ? kFails : kConforms;
}

int autobahn(AutobahnArguments& arguments) {
    const bool is_client = arguments.mode == "fuzzingclient";
    const AutobahnMode mode = is_client ? AutobahnMode::fuzzingclient : AutobahnMode::fuzzingserver;
    const std::string& path = arguments.spec;
    if (path.empty()) {
        arguments.spec = arguments.mode + ".json";
        if (!std::filesystem::exists(path)) {
            return usage("no spec file: give one with -s, or have " + path + " here");
        }
    }
    const auto chosen = choose({}, {"all"});
    if (chosen == nullptr) {
        return kUsage;
    }
    AutobahnSpec spec;
    try {
        spec = parse_autobahn_spec(read_json(path), mode, numbers_of(chosen->catalogue));
    } catch (const BadScenario& error) {
        const std::string where = error.pointer.empty() ? "" : ": " + error.pointer;
        return usage(path + where + ": " + error.what());
    }
    for (const std::string& note : spec.notes) {
        std::cerr << "wsproof autobahn: " << path << ": " << note << '\n';
    }
    if (!arguments.outdir.empty()) {
        spec.outdir = arguments.outdir;
    }
    return is_client ? fuzz_servers(arguments, spec, *chosen)
                     : fuzz_clients(arguments, spec, *chosen);
}

}  // namespace

int fuzz_clients(const AutobahnArguments& arguments, const AutobahnSpec& spec,
                 const Chosen& chosen) {
    const ParsedTarget where = parse_target(spec.url);
    if (!where.error.empty() || where.target.is_secure) {
        return usage(arguments.spec + ": /url: " + spec.url + ": " +
                     (where.error.empty() ? "clients over TLS cannot be judged yet; use ws://"
                                          : where.error));
    }
    if (const std::string error = why_no_reports(spec.outdir); !error.empty()) {
        return usage(arguments.spec + ": /outdir: " + error + "; --outdir names another");
    }
    const std::vector<AutobahnNumber> plan =
        plan_autobahn(chosen.catalogue, chosen.library.cases, spec.cases, Role::client);
    std::string error;
    std::optional<net::Listener> listener = listen_at(where.target, error);
    if (!listener) {
        std::cerr << "wsproof autobahn: cannot listen on " << spec.url << ": " << error << '\n';
        return kHarnessFault;
    }
    // Scripts wait for these words before they start a driver.
    std::cout << "listening on ws://" << listener->endpoint().to_string()
              << "/\nin place of the Autobahn WebSocket fuzzing server; cases: " << plan.size()
              << "; reports: " << spec.outdir << std::endl;
    const net::Interrupt& interrupt = interrupt_on_signals();
    std::mutex one_at_a_time;
    AutobahnServer server(spec, plan, chosen.catalogue, interrupt,
                          {.outdir = spec.outdir,
                           .seed = arguments.seed,
                           .once = arguments.once,
                           .say = [&](const std::string& line) {
                               const std::lock_guard lock(one_at_a_time);
                               std::cout << line << std::endl;
                           }});
    const AutobahnServer::Outcome outcome = server.run(*listener);
    std::cout << outcome.sum.played << " cases played, " << outcome.sum.bad << " failed\n";
    return exit_code_of(outcome, interrupt.is_triggered());
}

void add_autobahn(CLI::App& app, int& exit_code) {
    const auto arguments = std::make_shared<AutobahnArguments>();
    CLI::App* command = app.add_subcommand(
        "autobahn", "In place of Autobahn|Testsuite: its spec files, its drivers, its reports");
    command
        ->add_option("-m,--mode", arguments->mode,
                     "fuzzingclient judges servers, fuzzingserver clients that a driver brings")
        ->required()
        ->check(CLI::IsMember({"fuzzingclient", "fuzzingserver"}));
    command->add_option("-s,--spec", arguments->spec, "What to play; without it, MODE.json of here")
        ->type_name("FILE");
    command->add_option("-w,--wsuri", arguments->url, "The server, if the spec names none")
        ->type_name("URL");
    command->add_option("--outdir", arguments->outdir, "Where reports go, whatever the spec says")
        ->type_name("DIR");
    command->add_option("-u,--webport", arguments->webport,
                        "Taken and not used: no pages are served");
    command->add_option("-k,--key", arguments->key,
                        "Taken and not used: clients are not judged over TLS");
    command->add_option("-c,--cert", arguments->cert, "The same");
    command->add_option("--jobs", arguments->jobs, "Cases at a time (fuzzingclient)")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    command
        ->add_option("--max-time", arguments->max_time,
                     "Seconds for each server (fuzzingclient); what is not played by then has "
                     "failed")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
    command->add_option("--seed", arguments->seed, "Of keys, nonces and payloads")
        ->capture_default_str();
    command->add_flag("--once", arguments->once,
                      "End when the first driver has had its reports written (fuzzingserver)");
    command->callback([arguments, &exit_code] { exit_code = autobahn(*arguments); });
}

}  // namespace wsproof::tools
