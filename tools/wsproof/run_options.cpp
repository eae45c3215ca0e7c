#include "run_options.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "commands.hpp"
#include "json_reader.hpp"
#include "pcap_option.hpp"
#include "report_format.hpp"
#include "report_html.hpp"
#include "report_json.hpp"
#include "report_junit.hpp"
#include "report_markdown.hpp"
#include "report_sarif.hpp"
#include "report_tap.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

// write_reports writes what was asked for; the first trouble is the exit code.
int write_reports(const RunArguments& arguments, const RunResult& result,
                  const Catalogue& catalogue) {
    int code = kConforms;
    const auto write = [&](const std::string& path, const std::string& text) {
        const std::string error = path.empty() ? "" : write_whole(path, text);
        if (!error.empty()) {
            std::cerr << "wsproof: " << error << '\n';
            code = kHarnessFault;
        }
    };
    if (!result.interrupted && !arguments.new_baseline.empty()) {
        write(arguments.new_baseline, arguments.known.renewed(result));
    }
    write(arguments.json, arguments.json.empty() ? "" : json_report(result, catalogue));
    for (const auto& [path, render] :
         {std::pair{&arguments.junit, &junit_report}, std::pair{&arguments.sarif, &sarif_report},
          std::pair{&arguments.tap, &tap_report},
          std::pair{&arguments.markdown, &markdown_report}}) {
        write(*path, path->empty() ? "" : render(result, catalogue));
    }
    write(arguments.html, arguments.html.empty() ? "" : html_page(result, catalogue));
    return code;
}

}  // namespace

std::vector<std::string> unmet_needs(const Stage& stage) {
    std::vector<std::string> unmet;
    const auto need = [&unmet](bool is_met, const char* name) {
        if (!is_met) {
            unmet.emplace_back(name);
        }
    };
    need(stage.deflates, "deflate");
    need(stage.echoes, "echo");
    need(stage.pongs || stage.echoes, "ping");
    if (stage.peer == Role::client) {
        need(stage.offers_subprotocols, "subprotocol");
        need(stage.acts, "actions");
    } else {
        need(!stage.target.subprotocols.empty(), "subprotocol");
    }
    return unmet;
}

void add_filter(CLI::App& command, RunArguments& arguments) {
    command
        .add_option("filter", arguments.library.filters,
                    "Globs over case ids, or parts of them; none: all")
        ->type_name("");
}

void add_run_options(CLI::App& command, RunArguments& arguments) {
    command.add_option("--jobs", arguments.jobs, "Cases at a time")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    command
        .add_option("--max-time", arguments.max_time,
                    "Seconds; what is not played by then is blocked")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
    command.add_option("--seed", arguments.seed, "Of keys, nonces and payloads")
        ->capture_default_str();
    command
        .add_option("--segment", arguments.segments,
                    "Play each case again with what it sends cut into TCP writes otherwise: whole, "
                    "frames, bytes, split, coalesce or random:SEED; repeatable")
        ->type_name("POLICY")
        ->allow_extra_args(false)
        ->check([](const std::string& text) {
            return parse_segmentation(text)
                       ? std::string()
                       : "not whole, frames, bytes, split, coalesce or random:SEED: " + text;
        });
    command
        .add_option("--shard", arguments.shard_text,
                    "Play only the i-th of n equal parts; report merge puts them together. Also "
                    "by TEST_TOTAL_SHARDS and TEST_SHARD_INDEX (Bazel), or GTEST_…")
        ->type_name("i/n");
    command
        .add_option("--baseline", arguments.baseline,
                    "Known failures, with a reason each: only others make the exit code 1")
        ->type_name("FILE");
    command
        .add_option("--write-baseline", arguments.new_baseline,
                    "Write a baseline of this run's failures there")
        ->type_name("FILE");
    command
        .add_option("--allow", arguments.allowed, "flaky, blocked: not a reason for exit code 1")
        ->check(CLI::IsMember({"flaky", "blocked"}))
        ->allow_extra_args(false);
}

void add_report_options(CLI::App& command, RunArguments& arguments) {
    command.add_option("--json", arguments.json, "Write the whole report there")->type_name("FILE");
    command.add_option("--junit", arguments.junit, "Write a JUnit report there")->type_name("FILE");
    command.add_option("--sarif", arguments.sarif, "Write a SARIF 2.1.0 report there")
        ->type_name("FILE");
    command.add_option("--tap", arguments.tap, "Write a TAP 14 report there")->type_name("FILE");
    command
        .add_option("--markdown", arguments.markdown,
                    "Write a Markdown report there: --markdown \"$GITHUB_STEP_SUMMARY\"")
        ->type_name("FILE");
    command
        .add_option("--html", arguments.html, "Write a page there: one file that needs no network")
        ->type_name("FILE");
    add_pcap_option(command, arguments.pcap);
    command.add_flag("-q,--quiet", arguments.text.quiet, "Failures and totals only");
    command.add_flag("--transcript", arguments.text.transcript, "Show the wire of each failure");
    command.add_option("--color", arguments.text.color, "auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
}

// take_shard: --shard, else what Bazel or GoogleTest say.
std::string take_shard(RunArguments& arguments) {
    const ParsedShard parsed = arguments.shard_text.empty() ? shard_of([](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    })
                                                            : parse_shard(arguments.shard_text);
    arguments.shard = parsed.shard;
    if (parsed.error.empty() && !parsed.shard.status_file.empty()) {
        return write_whole(parsed.shard.status_file, "");
    }
    return parsed.error;
}

std::string prepare_files(RunArguments& arguments) {
    if (std::string error = take_shard(arguments); !error.empty()) {
        return error;
    }
    for (const std::string& path :
         {arguments.json, arguments.junit, arguments.sarif, arguments.tap, arguments.markdown,
          arguments.html, arguments.pcap, arguments.new_baseline}) {
        if (std::string error = path.empty() ? "" : why_not_writable(path); !error.empty()) {
            return error;
        }
    }
    if (arguments.baseline.empty()) {
        return {};
    }
    if (std::error_code ignored; !std::filesystem::exists(arguments.baseline, ignored)) {
        return arguments.baseline + ": there is no such file; --write-baseline " +
               shell_quoted(arguments.baseline) + " begins one";
    }
    try {
        const std::string today = utc_now().substr(0, 10);
        arguments.known = Baseline::load(arguments.baseline, today);
    } catch (const BadScenario& error) {
        const std::string where = error.pointer.empty() ? "" : ": " + error.pointer;
        return arguments.baseline + where + ": " + error.what();
    }
    return {};
}

std::vector<std::string> options_to_repeat(const RunArguments& arguments) {
    std::vector<std::string> repeat = options_to_repeat(arguments.library);
    if (arguments.seed != 1) {
        repeat.insert(repeat.end(), {"--seed", std::to_string(arguments.seed)});
    }
    return repeat;
}

namespace {

int judge_all(const RunArguments& arguments, Stage& stage, const Chosen& chosen,
              const Judged& judged) {
    stage.seed = arguments.seed;
    std::vector<const Case*> cases = chosen.cases;
    keep(arguments.shard, cases);
    RunResult result;
    result.target = judged.name;
    result.role = stage.peer;
    result.command = judged.command;
    result.options = judged.options;
    result.seed = arguments.seed;
    result.jobs = arguments.jobs;
    result.has_baseline = !arguments.baseline.empty();
    const auto allows = [&](const char* word) {
        return std::find(arguments.allowed.begin(), arguments.allowed.end(), word) !=
               arguments.allowed.end();
    };
    result.allowed = {.flaky = allows("flaky"), .blocked = allows("blocked")};
    result.asked = {.filters = arguments.library.filters,
                    .groups = arguments.library.groups,
                    .likes = arguments.library.likes,
                    .max_time = arguments.max_time,
                    .baseline = arguments.baseline,
                    .shard = arguments.shard.name()};
    result.started = utc_now();
    const auto began = net::Clock::now();
    Preflight found;
    try {
        found = stage.peer == Role::client ? preflight_client(stage) : preflight(stage);
    } catch (const Interrupted&) {
        return kInterrupted;
    }
    if (!found.error.empty()) {
        std::cerr << "wsproof: " << found.error << '\n';
        return kUnreached;
    }
    result.facts = found.facts;
    RunOptions run_options{.jobs = arguments.jobs,
                           .max_time = std::chrono::seconds(arguments.max_time),
                           .keep_transcripts = !arguments.json.empty(),
                           .many_connections = found.many_connections,
                           .unsupported = unmet_needs(stage),
                           .baseline = &arguments.known};
    run_options.unsupported.insert(run_options.unsupported.end(), judged.unsupported.begin(),
                                   judged.unsupported.end());
    for (const std::string& segment : arguments.segments) {
        run_options.segmentations.push_back(*parse_segmentation(segment));
    }
    if (!found.many_connections) {
        run_options.unsupported.emplace_back("connections");
    }
    TextReport report(std::cout, arguments.text, chosen.catalogue);
    report.begin(result, cases);
    run(stage, cases, run_options,
        {.done =
             [&](std::size_t index, const CaseResult& done) {
                 report.done(index, done);
                 if (judged.told) {
                     judged.told(index, done);
                 }
             }},
        result);
    result.seconds = std::chrono::duration<double>(net::Clock::now() - began).count();
    result.baseline_notes = arguments.known.notes(result, chosen.library.cases);
    report.end(result);
    const int written = write_reports(arguments, result, chosen.catalogue);
    const int code = exit_code_of(result);
    return written == kConforms || code == kInterrupted ? code : written;
}

}  // namespace

int judge(const RunArguments& arguments, Stage& stage, const Chosen& chosen, const Judged& judged) {
    PcapFile pcap(arguments.pcap);
    if (!pcap.error().empty()) {
        std::cerr << "wsproof: --pcap: " << pcap.error() << '\n';
        return kUsage;
    }
    stage.capture = pcap.get();
    const int exit_code = judge_all(arguments, stage, chosen, judged);
    stage.capture = nullptr;
    return pcap.finish(exit_code);
}

}  // namespace wsproof::tools
