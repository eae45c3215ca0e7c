// wsproof: the command line. Each subcommand is a file of its own beside this one.
#include <csignal>
#include <exception>
#include <iostream>

#include "commands.hpp"
#include "nearest.hpp"

namespace {

using wsproof::conformance::did_you_mean;
using wsproof::conformance::nearest;

constexpr const char* kExamples =
    "Examples:\n"
    "  wsproof test ws://127.0.0.1:9001/            judge a server\n"
    "  wsproof test ws://127.0.0.1:9001/ ping       only the cases with \"ping\" in their id\n"
    "  wsproof test --client 'node client.js {url}' judge a client, started once a case\n"
    "  wsproof serve --port 9001                    judge a client that connects by itself\n"
    "  wsproof test ws://127.0.0.1:9001/ --json report.json --junit junit.xml\n"
    "  wsproof list 'rfc6455/5.4*'                  the cases on fragmentation\n"
    "  wsproof explain rfc6455/5.5.2-ping/ping-is-answered\n"
    "                                               what a case sends, accepts and cites\n"
    "  wsproof requirements --role server --uncited   what no case cites, and why\n"
    "  wsproof fuzz ws://127.0.0.1:9001/ --seconds 60   search for what no case plays\n"
    "  wsproof limits ws://127.0.0.1:9001/          how much a server takes, how long it waits\n"
    "  wsproof connect ws://127.0.0.1:9001/         talk to a server by hand\n"
    "  wsproof record --listen 127.0.0.1:9100 --upstream ws://127.0.0.1:9001/ -o a.json\n"
    "                                               write what passes as a scenario to play again\n"
    "  wsproof report html a.json b.json -o matrix.html   pages of reports; also merge, diff\n"
    "  wsproof autobahn -m fuzzingclient -s SPEC.json   in place of Autobahn|Testsuite\n"
    "  wsproof echo --port 9001                     run the reference server\n"
    "\n"
    "Exit codes: 0 conforms; 1 fails; 2 usage; 3 never reached; 4 own fault; 130 interrupted.";

std::vector<std::string> option_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

std::vector<std::string> subcommand_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        names.push_back(command->get_name());
    }
    return names;
}

void point_to_help(const CLI::App& app) {
    const auto used = app.get_subcommands();
    std::cerr << "wsproof " << (used.empty() ? "" : used.front()->get_name() + " ")
              << "--help says what there is\n";
}

// refuse_rest says what of the command line nobody understood, and what may have been meant.
void refuse_rest(CLI::App& app) {
    const auto used = app.get_subcommands();
    const CLI::App& command = used.empty() ? app : *used.front();
    const std::vector<std::string> rest = app.remaining(true);
    const std::string word = rest.empty() ? "" : rest.front();
    const std::string name = word.substr(0, word.find('='));
    const bool is_option = word.starts_with("-");
    std::cerr << "wsproof: ";
    if (!is_option && used.empty()) {
        std::cerr << "there is no command \"" << word << '"'
                  << did_you_mean(nearest(subcommand_names(app), name));
    } else {
        std::cerr << (is_option ? "there is no option " : "nothing is to be done with ") << word
                  << (is_option ? did_you_mean(nearest(option_names(command), name)) : "");
    }
    std::cerr << '\n';
    point_to_help(app);
}

int parse(CLI::App& app, int argc, char** argv) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ExtrasError&) {
        refuse_rest(app);
        return wsproof::tools::kUsage;
    } catch (const CLI::Success& asked_for_help) {
        return app.exit(asked_for_help);
    } catch (const CLI::ParseError& error) {
        std::cerr << "wsproof: " << error.what() << '\n';
        point_to_help(app);
        return wsproof::tools::kUsage;
    }
    if (app.get_subcommands().empty()) {
        std::cerr << app.help();
        return wsproof::tools::kUsage;
    }
    return wsproof::tools::kConforms;
}

}  // namespace

int main(int argc, char** argv) {
    // A reader that has gone away (`wsproof list | head`) is no reason to die: a run still has its
    // reports to write.
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    try {
        CLI::App app("Judges WebSocket servers and clients by RFC 6455 and RFC 7692.", "wsproof");
        app.set_version_flag("--version", "wsproof " WSPROOF_VERSION);
        int exit_code = wsproof::tools::kConforms;
        wsproof::tools::add_test(app, exit_code);
        wsproof::tools::add_serve(app, exit_code);
        wsproof::tools::add_list(app, exit_code);
        wsproof::tools::add_explain(app, exit_code);
        wsproof::tools::add_requirements(app, exit_code);
        wsproof::tools::add_limits(app, exit_code);
#ifdef WSPROOF_DEFLATE
        wsproof::tools::add_fuzz(app, exit_code);
#endif
        wsproof::tools::add_connect(app, exit_code);
        wsproof::tools::add_record(app, exit_code);
        wsproof::tools::add_replay(app, exit_code);
        wsproof::tools::add_report(app, exit_code);
        wsproof::tools::add_autobahn(app, exit_code);
        wsproof::tools::add_echo(app, exit_code);
        wsproof::tools::add_echo_client(app, exit_code);
        wsproof::tools::add_completion(app, exit_code);
        wsproof::tools::add_manual(app, exit_code);
        app.footer(kExamples);  // after the subcommands: they would inherit it
        const int parsed = parse(app, argc, argv);
        return parsed != wsproof::tools::kConforms ? parsed : exit_code;
    } catch (const std::exception& error) {
        std::cerr << "wsproof: " << error.what() << '\n';
        return wsproof::tools::kHarnessFault;
    }
}
