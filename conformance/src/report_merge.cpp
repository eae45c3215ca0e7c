#include "report_merge.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "run.hpp"
#include "selection.hpp"
#include "shard.hpp"

namespace wsproof::conformance {

namespace {

void add_missing(std::vector<std::string>& all, const std::vector<std::string>& more) {
    for (const std::string& word : more) {
        if (std::find(all.begin(), all.end(), word) == all.end()) {
            all.push_back(word);
        }
    }
}

void need_alike(const StoredRun& first, const StoredRun& other, bool is_named) {
    const auto need = [](bool holds, const std::string& what, const std::string& a,
                         const std::string& b) {
        if (!holds) {
            throw Unmergeable("the reports differ in their " + what + ": " + a + " and " + b);
        }
    };
    const RunResult& a = first.run;
    const RunResult& b = other.run;
    const auto role = [](const RunResult& run) {
        return std::string(run.role == Role::client ? "client" : "server");
    };
    need(a.role == b.role, "role", role(a), role(b));
    need(first.tool == other.tool, "tool", first.tool, other.tool);
    need(a.seed == b.seed, "seed", std::to_string(a.seed), std::to_string(b.seed));
    need(is_named || a.target == b.target, "target (--target names them all)", a.target, b.target);
}

// missing_shards: those that no part is, of the numbers that the parts give.
std::string missing_shards(const std::vector<StoredRun>& parts) {
    std::map<unsigned, std::set<unsigned>> seen;
    for (const StoredRun& part : parts) {
        if (const ParsedShard parsed = parse_shard(part.run.asked.shard); parsed.error.empty()) {
            seen[parsed.shard.count].insert(parsed.shard.index);
        }
    }
    std::string missing;
    for (const auto& [count, indexes] : seen) {
        for (unsigned i = 1; i <= count; ++i) {
            if (!indexes.contains(i)) {
                missing += missing.empty() ? "shards are missing: " : ", ";
                missing += std::to_string(i) + "/" + std::to_string(count);
            }
        }
    }
    return missing;
}

// join_notes keeps what all say of the baseline; an entry is needed if any part needs it.
void join_notes(const std::vector<StoredRun>& parts, RunResult& run) {
    std::set<std::pair<BaselineNote::Kind, std::string>> told;
    const auto is_needed = [&](const BaselineNote& note) {
        return std::any_of(run.results.begin(), run.results.end(), [&](const CaseResult& result) {
            return !result.known.empty() && matches(result.id, note.cases);
        });
    };
    for (const StoredRun& part : parts) {
        for (const BaselineNote& note : part.run.baseline_notes) {
            if ((note.kind != BaselineNote::Kind::not_needed || !is_needed(note)) &&
                told.emplace(note.kind, note.cases).second) {
                run.baseline_notes.push_back(note);
            }
        }
    }
}

void join_run(const StoredRun& part, RunResult& run) {
    const RunResult& other = part.run;
    run.seconds += other.seconds;
    run.started = std::min(run.started, other.started);
    run.interrupted = run.interrupted || other.interrupted;
    run.ended_early = run.ended_early.empty() ? other.ended_early : run.ended_early;
    run.restarts += other.restarts;
    run.deaths.insert(run.deaths.end(), other.deaths.begin(), other.deaths.end());
    run.has_baseline = run.has_baseline || other.has_baseline;
    add_missing(run.segments, other.segments);
    add_missing(run.asked.filters, other.asked.filters);
    add_missing(run.asked.groups, other.asked.groups);
    add_missing(run.asked.likes, other.asked.likes);
}

// join_cases: in the order of the library, each once.
void join_cases(std::vector<StoredRun>& parts, StoredRun& whole) {
    std::multimap<std::size_t, std::pair<Case*, CaseResult*>> in_order;
    std::set<std::string> ids;
    for (StoredRun& part : parts) {
        for (std::size_t i = 0; i < part.cases.size(); ++i) {
            if (!ids.insert(part.cases[i].id).second) {
                throw Unmergeable("two of the reports hold the case " + part.cases[i].id);
            }
            in_order.emplace(part.cases[i].index, std::pair(&part.cases[i], &part.run.results[i]));
        }
    }
    for (auto& [index, entry] : in_order) {
        whole.cases.push_back(std::move(*entry.first));
        whole.run.results.push_back(std::move(*entry.second));
    }
    for (const Case& each : whole.cases) {
        whole.run.cases.push_back(&each);
    }
}

}  // namespace

StoredRun merge(std::vector<StoredRun> parts, const std::string& target) {
    StoredRun whole;
    whole.tool = parts.front().tool;
    whole.run = parts.front().run;
    RunResult& run = whole.run;
    run.cases.clear();
    run.results.clear();
    run.findings.clear();
    run.baseline_notes.clear();
    for (std::size_t i = 1; i < parts.size(); ++i) {
        need_alike(parts.front(), parts[i], !target.empty());
        join_run(parts[i], run);
    }
    run.target = target.empty() ? run.target : target;
    run.asked.shard.clear();
    if (const std::string missing = missing_shards(parts); !missing.empty()) {
        run.ended_early += (run.ended_early.empty() ? "" : "; ") + missing;
    }
    join_cases(parts, whole);
    join_notes(parts, run);
    note_monitors(run);
    return whole;
}

}  // namespace wsproof::conformance
