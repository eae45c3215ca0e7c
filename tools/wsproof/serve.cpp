// wsproof serve: judge a client that connects by itself, one case a connection: a browser by the
// page that it opens, or any other.
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "interrupt.hpp"
#include "reception.hpp"
#include "report_format.hpp"
#include "report_html.hpp"
#include "report_html_data.hpp"
#include "run_options.hpp"
#include "walk_in_clients.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

constexpr int kBacklog = 64;
constexpr milliseconds kOutcomeTime{3'000};  // for the page to hear that all is played

struct ServeOptions {
    RunArguments run;
    std::string host = "127.0.0.1";
    std::uint16_t port = 9001;
    unsigned patience = 60;  // seconds
};

int judge_visitors(const ServeOptions& options, const Chosen& chosen, net::Listener& listener) {
    const net::Interrupt& interrupt = interrupt_on_signals();
    const std::string where = listener.endpoint().to_string();
    std::vector<const Case*> cases = chosen.cases;
    keep(options.run.shard, cases);
    const std::string port = std::to_string(listener.port());
    std::string again = "wsproof serve --port " + port;
    const std::vector<std::string> repeat = options_to_repeat(options.run);
    for (const std::string& word : repeat) {
        again += " " + shell_quoted(word);
    }
    const LiveVerdicts live(cases, chosen.catalogue);
    ClientDesk desk{std::chrono::seconds(options.patience)};
    const Reception reception(listener, desk, html_live(cases, chosen.catalogue, again));
    std::cout << "listening on ws://" << where << "/; each of " << cases.size()
              << " cases takes a connection, and some before them. A browser is judged by the page "
              << "http://" << where << "/" << std::endl;
    WalkInClients clients(desk, interrupt);
    const Target target;
    Stage stage{
        .target = target, .interrupt = interrupt, .peer = Role::client, .clients = &clients};
    const int code = judge(options.run, stage, chosen,
                           {.name = "ws://" + where + "/",
                            .command = {"serve", "--port", port},
                            .options = repeat,
                            .unsupported = {"tls"},
                            .told = [&](std::size_t index, const CaseResult& result) {
                                desk.tell(live.of(index, result));
                            }});
    desk.finish({{"code", code}}, kOutcomeTime);
    return code;
}

int serve(ServeOptions& options) {
    if (const std::string error = prepare_files(options.run); !error.empty()) {
        std::cerr << "wsproof serve: " << error << '\n';
        return kUsage;
    }
    const auto chosen = choose(options.run.library, default_groups());
    if (chosen == nullptr) {
        return kUsage;
    }
    std::erase_if(chosen->cases,
                  [](const Case* each) { return each->under_test == UnderTest::server; });
    if (chosen->cases.empty()) {
        std::cerr << "wsproof serve: no case is left to play: those that are chosen are for "
                     "servers\n";
        return kUsage;
    }
    const net::Resolved where =
        net::resolve(options.host, options.port, net::Clock::now() + std::chrono::seconds(5));
    std::string error = where.error;
    std::optional<net::Listener> listener;
    if (!where.endpoints.empty()) {
        listener = net::Listener::listen(where.endpoints.front(), kBacklog, error);
    }
    if (!listener) {
        std::cerr << "wsproof serve: cannot listen on " << options.host << ", port " << options.port
                  << ": " << error << '\n';
        return kHarnessFault;
    }
    return judge_visitors(options, *chosen, *listener);
}

}  // namespace

void add_serve(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<ServeOptions>();
    CLI::App* command =
        app.add_subcommand("serve",
                           "Judge the browser that opens its page, or a client that "
                           "connects by itself, a case a connection");
    add_filter(*command, options->run);
    command->add_option("--port", options->port, "0: any free one")->capture_default_str();
    command->add_option("--host", options->host, "Where to listen")->capture_default_str();
    command
        ->add_option(
            "--wait", options->patience,
            "Seconds without a connection, or a word of the page, after which the run ends")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
    add_library_options(*command, options->run.library);
    add_run_options(*command, options->run);
    add_report_options(*command, options->run);
    command->callback([options, &exit_code] { exit_code = serve(*options); });
}

}  // namespace wsproof::tools
