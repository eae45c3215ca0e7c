// wsproof report: what can be made of reports that `wsproof test --json` has written.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

#include "commands.hpp"
#include "report_diff.hpp"
#include "report_format.hpp"
#include "report_html.hpp"
#include "report_json.hpp"
#include "report_junit.hpp"
#include "report_markdown.hpp"
#include "report_merge.hpp"
#include "report_sarif.hpp"
#include "report_stored.hpp"
#include "report_tap.hpp"

namespace wsproof::tools {

namespace {

namespace fs = std::filesystem;
using namespace conformance;

struct Options {
    std::vector<std::string> files;
    std::string out;
    std::string title = "wsproof: the matrix";  // of a matrix
    std::string target;                         // the name of all that are merged
    std::map<std::string, std::string> others;  // of a merge: "--junit" -> file
    std::string json;                           // of a diff
};

int usage(const std::string& reason) {
    std::cerr << "wsproof report: " << reason << '\n';
    return kUsage;
}

// read_all reads the reports; what is wrong with one is told, and the list then empty.
std::vector<StoredRun> read_all(const std::vector<std::string>& files) {
    std::vector<StoredRun> runs;
    for (const std::string& file : files) {
        try {
            runs.push_back(read_report(file));
        } catch (const BadScenario& error) {
            const std::string where = error.pointer.empty() ? "" : ": " + error.pointer;
            usage(printable(file + where + ": " + error.what()));
            return {};
        }
    }
    return runs;
}

// write says what went wrong; the result is the exit code.
int write(const std::string& path, const std::string& text) {
    const std::string error = write_whole(path, text);
    if (!error.empty()) {
        std::cerr << "wsproof report: " << error << '\n';
    }
    return error.empty() ? kConforms : kHarnessFault;
}

int write_page(const Options& options, const StoredRun& stored, const Catalogue& catalogue) {
    return write(options.out, html_page(stored.run, catalogue,
                                        {.name = fs::path(options.files.front()).stem().string(),
                                         .tool = stored.tool}));
}

// write_site: the matrix as `out`, and a page beside it for each target, called like its report.
int write_site(const Options& options, const std::vector<StoredRun>& runs,
               const Catalogue& catalogue) {
    const fs::path out = options.out;
    const fs::path folder = out.has_parent_path() ? out.parent_path() : fs::path(".");
    std::vector<MatrixTarget> targets;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const std::string name = fs::path(options.files[i]).stem().string();
        const std::string page = name + ".html";
        const bool is_taken = page == out.filename() || std::any_of(targets.begin(), targets.end(),
                                                                    [&](const MatrixTarget& other) {
                                                                        return other.file == page;
                                                                    });
        if (is_taken) {
            return usage(options.files[i] + ": " + page +
                         " is the name of another page: a page is called like its report");
        }
        targets.push_back({.name = name, .file = page, .tool = runs[i].tool, .run = &runs[i].run});
    }
    for (const MatrixTarget& target : targets) {
        const int code = write(
            (folder / target.file).string(),
            html_page(*target.run, catalogue,
                      {.name = target.name, .tool = target.tool, .home = out.filename().string()}));
        if (code != kConforms) {
            return code;
        }
    }
    return write(options.out, html_matrix(targets, catalogue, options.title));
}

int html(const Options& options) {
    if (const std::string error = why_not_writable(options.out); !error.empty()) {
        return usage(error);
    }
    const std::vector<StoredRun> runs = read_all(options.files);
    if (runs.empty()) {
        return kUsage;
    }
    const Catalogue catalogue(data_directory());
    return runs.size() == 1 ? write_page(options, runs.front(), catalogue)
                            : write_site(options, runs, catalogue);
}

int merge_reports(const Options& options) {
    std::vector<std::string> paths = {options.out};
    for (const auto& [option, path] : options.others) {
        paths.push_back(path);
    }
    for (const std::string& path : paths) {
        if (const std::string error = path.empty() ? "" : why_not_writable(path); !error.empty()) {
            return usage(error);
        }
    }
    std::vector<StoredRun> parts = read_all(options.files);
    if (parts.empty()) {
        return kUsage;
    }
    StoredRun whole;
    try {
        whole = merge(std::move(parts), options.target);
    } catch (const Unmergeable& error) {
        return usage(printable(error.what()));
    }
    if (!whole.run.ended_early.empty()) {
        std::cerr << "wsproof report: not whole: " << printable(whole.run.ended_early) << '\n';
    }
    const Catalogue catalogue(data_directory());
    const std::map<std::string, std::string (*)(const RunResult&, const Catalogue&)> kRenders = {
        {"--junit", junit_report},
        {"--sarif", sarif_report},
        {"--tap", tap_report},
        {"--markdown", markdown_report},
        {"--html",
         [](const RunResult& run, const Catalogue& rows) { return html_page(run, rows); }}};
    int code = write(options.out, json_report(whole.run, catalogue));
    for (const auto& [option, path] : options.others) {
        if (!path.empty() && code == kConforms) {
            code = write(path, kRenders.at(option)(whole.run, catalogue));
        }
    }
    return code;
}

int diff_reports(const Options& options) {
    if (options.files.size() != 2) {
        return usage("diff takes two reports: the earlier and the later");
    }
    if (const std::string error = options.json.empty() ? "" : why_not_writable(options.json);
        !error.empty()) {
        return usage(error);
    }
    const std::vector<StoredRun> runs = read_all(options.files);
    if (runs.empty()) {
        return kUsage;
    }
    const RunResult& before = runs.front().run;
    const RunResult& after = runs.back().run;
    const std::vector<Change> changes = diff(before, after);
    std::cout << diff_text(before, after, changes) << std::flush;
    if (!options.json.empty()) {
        if (const int code = write(options.json, diff_json(before, after, changes));
            code != kConforms) {
            return code;
        }
    }
    return count(changes, Change::Kind::fails) > 0 ? kFails : kConforms;
}

CLI::App* add_command(CLI::App& report, const std::string& name, const std::string& what,
                      const std::shared_ptr<Options>& options) {
    CLI::App* command = report.add_subcommand(name, what);
    command->add_option("file", options->files, "Reports of wsproof test --json")
        ->required()
        ->type_name("FILE");
    return command;
}

}  // namespace

void add_report(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    CLI::App* report = app.add_subcommand("report", "Pages, merges and differences of reports");
    report->require_subcommand(1);

    CLI::App* page = add_command(
        *report, "html",
        "One report: a page that needs no network. Several: a matrix, and beside it a page for "
        "each, called like its report",
        options);
    page->add_option("-o,--output", options->out, "The page")->required()->type_name("OUT.html");
    page->add_option("--title", options->title, "Of a matrix")->capture_default_str();
    page->callback([options, &exit_code] { exit_code = html(*options); });

    CLI::App* merged =
        add_command(*report, "merge",
                    "Put the reports of shards together, or of other parts of a run", options);
    merged->add_option("-o,--output", options->out, "The whole, as JSON")
        ->required()
        ->type_name("OUT.json");
    merged->add_option("--target", options->target, "Call it so, where the reports differ");
    for (const char* option : {"--junit", "--sarif", "--tap", "--markdown", "--html"}) {
        merged->add_option(option, options->others[option], "The whole, also so")
            ->type_name("FILE");
    }
    merged->callback([options, &exit_code] { exit_code = merge_reports(*options); });

    CLI::App* difference =
        add_command(*report, "diff", "What fails now, is fixed, changed or missing", options);
    difference->add_option("--json", options->json, "Write it there")->type_name("FILE");
    difference->footer("Exit codes: 0 no new fail; 1 new fails; 2 usage, or not a report.");
    difference->callback([options, &exit_code] { exit_code = diff_reports(*options); });
}

}  // namespace wsproof::tools
