// wsproof autobahn -m fuzzingclient: plays Autobahn's cases with the servers of a spec file.
#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "autobahn.hpp"
#include "autobahn_plan.hpp"
#include "autobahn_report.hpp"
#include "commands.hpp"
#include "interrupt.hpp"
#include "preflight.hpp"
#include "report_format.hpp"
#include "run.hpp"
#include "run_options.hpp"
#include "target_options.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

constexpr const char* kUnknown = "UnknownServer";  // as Autobahn calls it

// Tested is one server and what was found.
struct Tested {
    AutobahnTarget asked;
    Target target{};
    std::string agent{};
    RunResult run{};
    std::vector<AutobahnResult> results{};
    int exit_code = kConforms;
};

// options_of a server that its spec speaks of. Autobahn checks no certificate, and the files are
// written for that.
TargetOptions options_of(const Tested& tested) {
    TargetOptions options;
    options.origin = tested.asked.origin;
    options.subprotocols = tested.asked.protocols;
    options.is_insecure = tested.target.is_secure;
    return options;
}

// set_target reads what the spec says of a server; or says what is wrong with it.
std::string set_target(Tested& tested) {
    const AutobahnTarget& asked = tested.asked;
    ParsedTarget parsed = parse_target(asked.url);
    if (!parsed.error.empty()) {
        return asked.pointer + ": " + asked.url + ": " + parsed.error;
    }
    tested.target = std::move(parsed.target);
    const std::string error = apply(options_of(tested), tested.target);
    return error.empty() ? "" : asked.pointer + ": " + error;
}

// name_of asks a server that the spec gives no name for its Server field.
std::string name_of(Stage& stage) {
    Case nothing;
    nothing.id = "preflight";
    Player player(stage, nothing);
    std::string name;
    try {
        player.open("main");
        for (const Entry& entry : player.recorder().entries()) {
            if (entry.kind == Entry::Kind::received) {
                const auto head = wire::parse_head(entry.bytes);
                const auto values = head.values("Server");
                name = values.empty() ? "" : values.front();
                break;
            }
        }
        player.leave();
    } catch (const std::runtime_error&) {
        name.clear();  // that it cannot be asked is for the cases to find
    }
    return name.empty() ? kUnknown : printable(name);
}

// make_unique_name: two servers with one name would have one report.
void make_unique_name(std::string& agent, std::set<std::string>& names) {
    const std::string given = agent;
    for (int i = 2; !names.insert(file_name(agent)).second; ++i) {
        agent = given + " " + std::to_string(i);
    }
}

std::vector<const Case*> cases_of(const std::vector<AutobahnNumber>& plan) {
    std::vector<const Case*> cases;
    std::set<const Case*> known;
    for (const AutobahnNumber& number : plan) {
        for (const Case* each : number.cases) {
            if (known.insert(each).second) {
                cases.push_back(each);
            }
        }
    }
    return cases;
}

// collect makes Autobahn's results of ours. What an interrupted run has not played is missing.
void collect(const std::vector<AutobahnNumber>& plan, Tested& tested) {
    std::map<const Case*, const CaseResult*> results;
    for (std::size_t i = 0; i < tested.run.cases.size(); ++i) {
        results.emplace(tested.run.cases[i], &tested.run.results[i]);
    }
    for (const AutobahnNumber& number : plan) {
        AutobahnResult result{.number = number.row,
                              .index = number.index,
                              .agent = tested.agent,
                              .started = tested.run.started,
                              .peer = Role::server,
                              .plays = {}};
        bool is_missing = false;
        for (const Case* each : number.cases) {
            const CaseResult* played = results.at(each);
            is_missing = is_missing || (tested.run.interrupted && played->plays == 0 &&
                                        played->behaviour == Behaviour::blocked);
            result.plays.push_back({each, played});
        }
        if (!is_missing) {
            tested.results.push_back(std::move(result));
        }
    }
}

// tell prints what is not OK, and the sums.
void tell(Tested& tested) {
    std::map<std::string_view, std::size_t> sums;
    bool has_failed = false;
    bool is_at_fault = false;
    for (const AutobahnResult& result : tested.results) {
        const AutobahnVerdict verdict = verdict_of(result);
        ++sums[verdict.behavior];
        has_failed = has_failed || verdict.is_bad;
        is_at_fault = is_at_fault || verdict.worst->result->behaviour == Behaviour::harness_error;
        if (verdict.behavior != "OK" && verdict.behavior != "UNIMPLEMENTED") {
            std::cout << "  " << result.number->id << ' ' << summary_of(result) << '\n';
        }
    }
    std::cout << tested.agent << ":";
    for (const auto& [word, count] : sums) {
        std::cout << ' ' << count << ' ' << word << ';';
    }
    std::cout << ' ' << static_cast<int>(tested.run.seconds + 0.5) << " s" << std::endl;
    tested.exit_code = tested.run.interrupted ? kInterrupted
                       : is_at_fault          ? kHarnessFault
                       : has_failed           ? kFails
                                              : kConforms;
}

int unreached(const std::string& reason) {
    std::cerr << "wsproof autobahn: " << reason << '\n';
    return kUnreached;
}

// play fills in what came of one server; the result is its exit code.
int play(const AutobahnArguments& arguments, const AutobahnSpec& spec, const Chosen& chosen,
         std::set<std::string>& names, Tested& tested) {
    if (const std::string error = find_host(tested.target); !error.empty()) {
        return unreached(error);
    }
    if (!tested.asked.hostname.empty()) {
        tested.target.host = tested.asked.hostname;  // for TLS: where it is, is known by now
    }
    const net::Interrupt& interrupt = interrupt_on_signals();
    Stage stage{.target = tested.target, .interrupt = interrupt, .seed = arguments.seed};
    Preflight found;
    try {
        found = preflight(stage);
        tested.agent = tested.asked.agent;
        if (found.error.empty() && tested.agent.empty()) {
            tested.agent = name_of(stage);
        }
    } catch (const Interrupted&) {
        return kInterrupted;
    }
    if (!found.error.empty()) {
        return unreached(found.error);
    }
    make_unique_name(tested.agent, names);
    std::vector<std::string> numbers = spec.cases;
    std::erase_if(numbers, [&](const auto& each) { return spec.is_excluded(tested.agent, each); });
    const std::vector<AutobahnNumber> plan =
        plan_autobahn(chosen.catalogue, chosen.library.cases, numbers, Role::server);
    const std::vector<const Case*> cases = cases_of(plan);
    std::cout << tested.agent << ", " << tested.target.url << ": " << plan.size()
              << " cases of Autobahn" << std::endl;
    RunOptions options{.jobs = arguments.jobs,
                       .max_time = std::chrono::seconds(arguments.max_time),
                       .keep_transcripts = true,
                       .many_connections = found.many_connections,
                       .unsupported = unmet_needs(stage)};
    options.unsupported.emplace_back(tested.target.is_secure ? "tcp" : "tls");
    RunResult& run = tested.run;
    run.target = tested.target.url;
    run.facts = found.facts;
    run.seed = arguments.seed;
    run.jobs = arguments.jobs;
    run.started = utc_now();
    run.options = options_to_repeat(options_of(tested));
    const auto began = net::Clock::now();
    const Progress progress{.done = [&run](std::size_t index, const CaseResult&) {
        shorten(run.results[index].transcript);
    }};
    conformance::run(stage, cases, options, progress, run);
    run.seconds = std::chrono::duration<double>(net::Clock::now() - began).count();
    collect(plan, tested);
    tell(tested);
    return tested.exit_code;
}

// worst_of: what was interrupted is not whole; a fault of ours says nothing of servers; a fail is
// worse news than a server that is not there.
int worst_of(const std::vector<int>& codes) {
    for (const int code : {kInterrupted, kHarnessFault, kFails, kUnreached}) {
        if (std::find(codes.begin(), codes.end(), code) != codes.end()) {
            return code;
        }
    }
    return kConforms;
}

// write writes the reports of all servers that were reached.
int write(const std::string& outdir, const std::vector<Tested>& servers,
          const Catalogue& catalogue) {
    std::vector<AutobahnResult> results;
    std::vector<AutobahnPage> pages;
    for (const Tested& tested : servers) {
        results.insert(results.end(), tested.results.begin(), tested.results.end());
        if (!tested.results.empty()) {
            pages.push_back({.agent = tested.agent, .run = &tested.run});
        }
    }
    const std::string error = write_autobahn_reports(
        outdir, results, std::vector<bool>(results.size(), true), pages, catalogue);
    if (!error.empty()) {
        std::cerr << "wsproof autobahn: " << error << '\n';
        return kHarnessFault;
    }
    std::cout << "reports: " << outdir << "/index.json, index.html" << std::endl;
    return kConforms;
}

}  // namespace

int fuzz_servers(const AutobahnArguments& arguments, AutobahnSpec& spec, const Chosen& chosen) {
    for (AutobahnTarget& each : spec.servers) {
        each.pointer = arguments.spec + ": " + each.pointer;
    }
    if (spec.servers.empty() && !arguments.url.empty()) {
        spec.servers.push_back({.url = arguments.url, .pointer = "-w"});
    }
    std::string error =
        spec.servers.empty()
            ? arguments.spec + ": \"servers\" is missing or empty; -w URL names one too"
            : "";
    std::vector<Tested> servers;
    for (const AutobahnTarget& asked : spec.servers) {
        servers.push_back({.asked = asked});
        error = error.empty() ? set_target(servers.back()) : error;
    }
    if (error.empty()) {
        if (const std::string why = why_no_reports(spec.outdir); !why.empty()) {
            error = arguments.spec + ": /outdir: " + why + "; --outdir names another";
        }
    }
    if (!error.empty()) {
        std::cerr << "wsproof autobahn: " << error << '\n';
        return kUsage;
    }
    std::set<std::string> names;
    std::vector<int> codes;
    for (Tested& tested : servers) {
        codes.push_back(play(arguments, spec, chosen, names, tested));
        if (codes.back() == kInterrupted) {
            break;
        }
    }
    codes.push_back(write(spec.outdir, servers, chosen.catalogue));
    return worst_of(codes);
}

}  // namespace wsproof::tools
