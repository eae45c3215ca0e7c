// wsproof test: judge a server.
#include <algorithm>
#include <chrono>
#include <ctime>
#include <iostream>
#include <memory>
#include <random>
#include <thread>

#include "commands.hpp"
#include "interrupt.hpp"
#include "library.hpp"
#include "preflight.hpp"
#include "report_json.hpp"
#include "report_junit.hpp"
#include "report_text.hpp"
#include "run.hpp"
#include "target_options.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

struct TestOptions {
    LibraryOptions library;
    std::string url;
    TargetOptions target;
    unsigned jobs = 8;
    unsigned max_time = 600;
    std::uint64_t seed = 1;
    bool allow_load = false;
    std::vector<std::string> allowed;
    std::vector<std::string> segments;
    std::string json;
    std::string junit;
    TextOptions text;
};

int usage(const std::string& reason) {
    std::cerr << "wsproof test: " << reason << '\n';
    return kUsage;
}

std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

// options_to_repeat are those that the command to play one case again must have.
std::vector<std::string> options_to_repeat(const TestOptions& options) {
    std::vector<std::string> repeat = options_to_repeat(options.target);
    for (const std::string& path : options.library.scenarios) {
        repeat.insert(repeat.end(), {"--scenarios", path});
    }
    if (options.seed != 1) {
        repeat.insert(repeat.end(), {"--seed", std::to_string(options.seed)});
    }
    return repeat;
}

std::vector<std::string> unmet_needs(const Stage& stage) {
    // TLS has no half-close that all implementations know, and no RST of its own.
    std::vector<std::string> unmet = {"client", stage.target.is_secure ? "tcp" : "tls"};
    if (!stage.deflates) {
        unmet.emplace_back("deflate");
    }
    if (!stage.echoes) {
        unmet.emplace_back("echo");
    }
    if (!stage.pongs && !stage.echoes) {
        unmet.emplace_back("ping");
    }
    if (stage.target.subprotocols.empty()) {
        unmet.emplace_back("subprotocol");
    }
    return unmet;
}

// write_reports writes what was asked for; the first trouble is the exit code.
int write_reports(const TestOptions& options, const RunResult& result, const Catalogue& catalogue) {
    int code = kConforms;
    const auto write = [&](const std::string& path, const std::string& text) {
        const std::string error = path.empty() ? "" : write_whole(path, text);
        if (!error.empty()) {
            std::cerr << "wsproof test: " << error << '\n';
            code = kHarnessFault;
        }
    };
    write(options.json, options.json.empty() ? "" : json_report(result, catalogue));
    write(options.junit, options.junit.empty() ? "" : junit_report(result, catalogue));
    return code;
}

int play(const TestOptions& options, const Target& target, const Chosen& chosen) {
    const net::Interrupt& interrupt = interrupt_on_signals();
    Stage stage{.target = target, .interrupt = interrupt};
    stage.seed = options.seed;
    RunResult result;
    result.target = target.url;
    result.options = options_to_repeat(options);
    result.seed = options.seed;
    result.jobs = options.jobs;
    result.started = utc_now();
    const auto began = net::Clock::now();
    Preflight found;
    try {
        found = preflight(stage);
    } catch (const Interrupted&) {
        return kInterrupted;
    }
    if (!found.error.empty()) {
        std::cerr << "wsproof test: " << found.error << '\n';
        return kUnreached;
    }
    result.facts = found.facts;
    RunOptions run_options{.jobs = options.jobs,
                           .max_time = std::chrono::seconds(options.max_time),
                           .keep_transcripts = !options.json.empty(),
                           .many_connections = found.many_connections,
                           .unsupported = unmet_needs(stage)};
    for (const std::string& segment : options.segments) {
        run_options.segmentations.push_back(*parse_segmentation(segment));
    }
    if (!found.many_connections) {
        run_options.unsupported.emplace_back("connections");
    }
    TextReport report(std::cout, options.text, chosen.catalogue);
    report.begin(result, chosen.cases);
    run(stage, chosen.cases, run_options,
        {.done = [&](std::size_t index, const CaseResult& done) { report.done(index, done); }},
        result);
    result.seconds = std::chrono::duration<double>(net::Clock::now() - began).count();
    report.end(result);
    const int written = write_reports(options, result, chosen.catalogue);
    const auto allows = [&](const char* word) {
        return std::find(options.allowed.begin(), options.allowed.end(), word) !=
               options.allowed.end();
    };
    const int code = exit_code_of(result, {.flaky = allows("flaky"), .blocked = allows("blocked")});
    return written == kConforms || code == kInterrupted ? code : written;
}

int test(const TestOptions& options) {
    ParsedTarget parsed = parse_target(options.url);
    if (!parsed.error.empty()) {
        return usage(options.url + ": " + parsed.error);
    }
    if (const std::string error = apply(options.target, parsed.target); !error.empty()) {
        return usage(error);
    }
    for (const std::string& path : {options.json, options.junit}) {
        if (const std::string error = path.empty() ? "" : why_not_writable(path); !error.empty()) {
            return usage(error);
        }
    }
    auto chosen = choose(options.library, default_groups());
    if (chosen == nullptr) {
        return kUsage;
    }
    std::erase_if(chosen->cases,
                  [](const Case* each) { return each->under_test == UnderTest::client; });
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
    return play(options, target, *chosen);
}

void add_what_to_test(CLI::App& command, TestOptions& options) {
    command.add_option("url", options.url, "The server: ws://host[:port]/path or wss://…")
        ->required();
    command
        .add_option("filter", options.library.filters,
                    "Globs over case ids, or parts of them; none: all")
        ->type_name("");
    add_target_options(command, options.target);
}

void add_run_options(CLI::App& command, TestOptions& options) {
    command.add_option("--jobs", options.jobs, "Cases at a time")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    command
        .add_option("--max-time", options.max_time,
                    "Seconds; what is not played by then is blocked")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
    command.add_option("--seed", options.seed, "Of keys, nonces and payloads")
        ->capture_default_str();
    command.add_flag("--allow-load", options.allow_load,
                     "Play robustness and heavy groups off this machine too");
    command
        .add_option("--segment", options.segments,
                    "Play each case again with what it sends cut into TCP writes otherwise: whole, "
                    "frames, bytes, split, coalesce or random:SEED; repeatable")
        ->type_name("POLICY")
        ->allow_extra_args(false)
        ->check([](const std::string& text) {
            return parse_segmentation(text)
                       ? std::string()
                       : "not whole, frames, bytes, split, coalesce or random:SEED: " + text;
        });
    command.add_option("--allow", options.allowed, "flaky, blocked: not a reason for exit code 1")
        ->check(CLI::IsMember({"flaky", "blocked"}))
        ->allow_extra_args(false);
}

void add_report_options(CLI::App& command, TestOptions& options) {
    command.add_option("--json", options.json, "Write the whole report there");
    command.add_option("--junit", options.junit, "Write a JUnit report there");
    command.add_flag("-q,--quiet", options.text.quiet, "Failures and totals only");
    command.add_flag("--transcript", options.text.transcript, "Show the wire of each failure");
    command.add_option("--color", options.text.color, "auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
}

}  // namespace

void add_test(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<TestOptions>();
    CLI::App* command = app.add_subcommand("test", "Judge a server");
    add_what_to_test(*command, *options);
    add_library_options(*command, options->library);
    add_run_options(*command, *options);
    add_report_options(*command, *options);
    command->callback([options, &exit_code] { exit_code = test(*options); });
}

}  // namespace wsproof::tools
