// wsproof limits: measure how much a server takes and how long it waits.
#include "limits.hpp"

#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "interrupt.hpp"
#include "nearest.hpp"
#include "preflight.hpp"
#include "report_format.hpp"
#include "report_json.hpp"
#include "target_options.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

struct Options {
    std::string url;
    TargetOptions target;
    unsigned budget = 120;  // seconds
    std::uint64_t bytes_max = std::uint64_t{64} << 20;
    std::vector<std::string> only;
    std::string json;
    bool allow_load = false;
};

constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 40;

int usage(const std::string& reason) {
    std::cerr << "wsproof limits: " << reason << '\n';
    return kUsage;
}

std::vector<std::string> measure_names() {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < kMeasureCount; ++i) {
        names.emplace_back(name(static_cast<Measure>(i)));
    }
    return names;
}

// measures_of reads --only; an error is for people.
std::string measures_of(const std::vector<std::string>& only, std::vector<Measure>& measures) {
    const std::vector<std::string> names = measure_names();
    for (const std::string& each : only.empty() ? names : only) {
        const auto measure = measure_of(each);
        if (!measure) {
            std::string all;
            for (const std::string& known : names) {
                all += (all.empty() ? "" : ", ") + known;
            }
            return "--only " + each + ": nothing of that name is measured" +
                   did_you_mean(nearest(names, each)) + "; there is " + all;
        }
        if (std::find(measures.begin(), measures.end(), *measure) == measures.end()) {
            measures.push_back(*measure);
        }
    }
    return {};
}

nlohmann::ordered_json report_of(const Options& options, const Preflight& found,
                                 const Limits& limits, double seconds) {
    nlohmann::ordered_json report = {{"wsproof", WSPROOF_VERSION},
                                     {"target", options.url},
                                     {"budget", options.budget},
                                     {"seconds", seconds},
                                     {"facts", nlohmann::ordered_json::object()}};
    for (const auto& [fact, value] : found.facts) {
        report["facts"][fact] = printable(value);
    }
    report.update(json_of(limits));
    return report;
}

int measure(const Options& options, Stage& stage, LimitsOptions wanted) {
    const auto began = net::Clock::now();
    wanted.deadline = began + std::chrono::seconds(options.budget);
    stage.ends = wanted.deadline;
    Preflight found;
    try {
        found = preflight(stage);
    } catch (const Interrupted&) {
        return kInterrupted;
    } catch (const OutOfTime&) {
        found.error = "the " + std::to_string(options.budget) +
                      " s were up before it was known what the server can do; a larger --budget";
    }
    if (!found.error.empty()) {
        std::cerr << "wsproof limits: " << found.error << '\n';
        return kUnreached;
    }
    wanted.many_connections = found.many_connections;
    std::cout << options.url << ':';
    for (const auto& [fact, value] : found.facts) {
        std::cout << (fact == found.facts.front().first ? " " : "; ") << fact << ": "
                  << printable(value);
    }
    std::cout << "\n\n" << std::flush;
    const Limits limits = measure_limits(stage, wanted, [](const SizeLimit& limit) {
        std::cout << line_of(limit) << '\n' << std::flush;
    });
    for (const TimeLimit& limit : limits.times) {
        std::cout << line_of(limit) << '\n';
    }
    const double seconds = std::chrono::duration<double>(net::Clock::now() - began).count();
    if (!limits.died.empty()) {
        std::cout << "\nthe server died: " << limits.died << '\n';
    }
    std::cout << '\n'
              << (limits.was_interrupted ? "interrupted: " : "") << time_text(seconds * 1'000)
              << " of " << options.budget << " s\n";
    if (!options.json.empty()) {
        const std::string error =
            write_whole(options.json, report_of(options, found, limits, seconds).dump(2) + '\n');
        if (!error.empty()) {
            std::cerr << "wsproof limits: " << error << '\n';
            return kHarnessFault;
        }
    }
    if (limits.was_interrupted) {
        return kInterrupted;
    }
    return limits.died.empty() ? kConforms : kFails;
}

int limits(const Options& options) {
    ParsedTarget parsed = parse_target(options.url);
    if (!parsed.error.empty()) {
        return usage(options.url + ": " + parsed.error);
    }
    Target& target = parsed.target;
    LimitsOptions wanted{.bytes_max = options.bytes_max};
    for (const std::string& error :
         {apply(options.target, target), measures_of(options.only, wanted.measures),
          options.json.empty() ? "" : why_not_writable(options.json)}) {
        if (!error.empty()) {
            return usage(error);
        }
    }
    if (const std::string error = find_host(target); !error.empty()) {
        std::cerr << "wsproof limits: " << error << '\n';
        return kUnreached;
    }
    if (!target.is_loopback() && !options.allow_load) {
        return usage(target.host +
                     " is not this machine: a search for limits is load; --allow-load permits it");
    }
    Stage stage{.target = target, .interrupt = interrupt_on_signals()};
    return measure(options, stage, std::move(wanted));
}

}  // namespace

void add_limits(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("limits", "Measure how much a server takes and how long it waits");
    command->add_option("url", options->url, "The server: ws://host[:port]/path or wss://…")
        ->required();
    add_target_options(*command, options->target);
    command->add_option("--budget", options->budget, "Seconds for everything")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
    command->add_option("--max-bytes", options->bytes_max, "Longest message to try")
        ->check(CLI::Range(std::uint64_t{1}, kBytesMax))
        ->type_name("BYTES")
        ->capture_default_str();
    command
        ->add_option("--only", options->only,
                     "Measure this alone; repeatable: head, field, fields, frame, "
                     "empty-fragments, message, fragments, inflated; handshake-head, "
                     "handshake-silence, idle, "
                     "unanswered-ping, ping, close, unanswered-close")
        ->type_name("NAME")
        ->allow_extra_args(false);
    command->add_option("--json", options->json, "Write all of it there")->type_name("FILE");
    command->add_flag("--allow-load", options->allow_load, "Measure servers off this machine too");
    command->footer(
        "Exit codes: 0 measured; 1 the server died; 2 usage; 3 never reached; 130 interrupted.");
    command->callback([options, &exit_code] { exit_code = limits(*options); });
}

}  // namespace wsproof::tools
