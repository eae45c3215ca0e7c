// What all runs have in common: how many cases at a time, how long, which reports.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "baseline.hpp"
#include "library.hpp"
#include "preflight.hpp"
#include "report_text.hpp"
#include "run.hpp"
#include "shard.hpp"

namespace wsproof::tools {

struct RunArguments {
    LibraryOptions library;
    unsigned jobs = 8;
    unsigned max_time = 600;  // seconds
    std::uint64_t seed = 1;
    std::vector<std::string> allowed;
    std::vector<std::string> segments;
    std::string shard_text;
    conformance::Shard shard{};
    std::string baseline;           // the file of known failures,
    conformance::Baseline known{};  // what it holds,
    std::string new_baseline;       // and where to write one
    std::string json;
    std::string junit;
    std::string sarif;
    std::string tap;
    std::string markdown;
    std::string html;
    std::string pcap;
    conformance::TextOptions text;
};

void add_filter(CLI::App& command, RunArguments& arguments);
void add_run_options(CLI::App& command, RunArguments& arguments);
void add_report_options(CLI::App& command, RunArguments& arguments);

// prepare_files reads the baseline, and which shard is to be played. It says why that is none or
// why a report could not be written; empty if all is well.
[[nodiscard]] std::string prepare_files(RunArguments& arguments);

// options_to_repeat are those that the command to play one case again must have.
[[nodiscard]] std::vector<std::string> options_to_repeat(const RunArguments& arguments);

// Judged is what is under test: `name` stands in reports, `command` (words behind "wsproof") and
// `options` in the command to play a case again; `unsupported` are needs that no preflight has to
// find out; `told`, if it is set, hears of each verdict.
struct Judged {
    std::string name;
    std::vector<std::string> command;
    std::vector<std::string> options;
    std::vector<std::string> unsupported;
    std::function<void(std::size_t, const conformance::CaseResult&)> told{};
};

// unmet_needs are those that the target of `stage`, as preflight found it, does not meet.
[[nodiscard]] std::vector<std::string> unmet_needs(const conformance::Stage& stage);

// judge finds out what the target of `stage` can do, plays the cases, reports, and gives the exit
// code.
[[nodiscard]] int judge(const RunArguments& arguments, conformance::Stage& stage,
                        const Chosen& chosen, const Judged& judged);

}  // namespace wsproof::tools
