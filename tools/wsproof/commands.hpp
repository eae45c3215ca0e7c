// The subcommands: each file defines one add_… function, which adds the subcommand to `app` and,
// when it is called by the user, does its work and stores the exit code.
#pragma once

#include <CLI/CLI.hpp>

namespace wsproof::tools {

// What a run ends with (also in README.md).
enum ExitCode : int {
    kConforms = 0,
    kFails = 1,         // a fail, crash, hang, flaky or blocked case
    kUsage = 2,         // options, filters, scenario files, report paths
    kUnreached = 3,     // the target was never reached
    kHarnessFault = 4,  // wsproof's own trouble
    kInterrupted = 130,
};

void add_test(CLI::App& app, int& exit_code);
void add_serve(CLI::App& app, int& exit_code);
void add_list(CLI::App& app, int& exit_code);
void add_explain(CLI::App& app, int& exit_code);
void add_requirements(CLI::App& app, int& exit_code);
void add_report(CLI::App& app, int& exit_code);
void add_limits(CLI::App& app, int& exit_code);
void add_fuzz(CLI::App& app, int& exit_code);
void add_connect(CLI::App& app, int& exit_code);
void add_record(CLI::App& app, int& exit_code);
void add_replay(CLI::App& app, int& exit_code);
void add_autobahn(CLI::App& app, int& exit_code);
void add_echo(CLI::App& app, int& exit_code);
void add_echo_client(CLI::App& app, int& exit_code);
// These tell of all of `app`, when they are called.
void add_completion(CLI::App& app, int& exit_code);
void add_manual(CLI::App& app, int& exit_code);

}  // namespace wsproof::tools
