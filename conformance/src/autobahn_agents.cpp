#include "autobahn_agents.hpp"

#include <algorithm>

namespace wsproof::conformance {

namespace {

constexpr milliseconds kAnswer{20'000};     // of a slow client to a large message
constexpr milliseconds kScenario{120'000};  // some have 65,536 fragments
constexpr milliseconds kLook{100};          // between two looks at the interrupt

AutobahnResult result_of(const std::string& agent, const AutobahnAgent::Kept& kept) {
    return {.number = kept.number->row,
            .index = kept.number->index,
            .agent = agent,
            .started = kept.started,
            .peer = Role::client,
            .plays = {{kept.played, &kept.result}}};
}

// run_of: as if the cases had been one run, for the page. Two numbers can have the same case: the
// worse result stands for it.
RunResult run_of(const AutobahnAgent& agent, const std::string& port) {
    RunResult run;
    run.target = agent.name;
    run.role = Role::client;
    run.command = {"serve", "--port", port};
    run.seed = agent.stage.seed;
    for (const auto& [index, kept] : agent.kept) {
        const auto same = std::find(run.cases.begin(), run.cases.end(), kept.played);
        if (same == run.cases.end()) {
            run.cases.push_back(kept.played);
            run.results.push_back(kept.result);
        } else if (CaseResult& other =
                       run.results[static_cast<std::size_t>(same - run.cases.begin())];
                   other.behaviour < kept.result.behaviour) {
            other = kept.result;
        }
        run.seconds += kept.result.ms / 1000;
        run.started = run.started.empty() ? kept.started : std::min(run.started, kept.started);
    }
    return run;
}

}  // namespace

AutobahnAgent::AutobahnAgent(std::string its_name, const net::Interrupt& interrupt,
                             std::uint64_t seed)
    : name(std::move(its_name)),
      // No connection is there to find out on: each of them is a case.
      stage{.target = target,
            .interrupt = interrupt,
            .seed = seed,
            .peer = Role::client,
            .clients = &clients,
            .echoes = true,
            .pongs = true,
            .deflates = true} {
    stage.patience.be_slow(kAnswer, kScenario);
}

AutobahnAgent& AutobahnAgents::begin(const std::string& name, const AutobahnNumber& number) {
    const std::lock_guard lock(mutex_);
    auto& agent = agents_[name];
    if (agent == nullptr) {
        agent = std::make_unique<AutobahnAgent>(name, interrupt_, seed_);
    }
    agent->in_play.insert(&number);
    agent->is_reported = false;
    return *agent;
}

void AutobahnAgents::end(AutobahnAgent& agent, const AutobahnNumber& number, const Case& played,
                         CaseResult result, std::string started) {
    const std::lock_guard lock(mutex_);
    shorten(result.transcript);
    agent.kept[number.index] = {.number = &number,
                                .played = &played,
                                .result = std::move(result),
                                .started = std::move(started)};
    agent.in_play.erase(agent.in_play.find(&number));
    changed_.notify_all();
}

template <typename Holds>
void AutobahnAgents::wait(std::unique_lock<std::mutex>& lock, std::chrono::seconds patience,
                          Holds holds) {
    const auto last = net::Clock::now() + patience;
    // A signal wakes nobody here.
    while (!holds() && !interrupt_.is_triggered() && net::Clock::now() < last) {
        changed_.wait_for(lock, kLook);
    }
}

std::optional<std::string> AutobahnAgents::behavior_of(const std::string& name,
                                                       const AutobahnNumber& number,
                                                       std::chrono::seconds patience) {
    std::unique_lock lock(mutex_);
    const auto found = agents_.find(name);
    if (found == agents_.end()) {
        return std::nullopt;
    }
    const AutobahnAgent& agent = *found->second;
    wait(lock, patience, [&] { return agent.in_play.count(&number) == 0; });
    const auto kept = agent.kept.find(number.index);
    if (kept == agent.kept.end()) {
        return std::nullopt;
    }
    return std::string(verdict_of(result_of(name, kept->second)).behavior);
}

void AutobahnAgents::settle(const std::string& name, std::chrono::seconds patience) {
    std::unique_lock lock(mutex_);
    const auto found = agents_.find(name);
    if (found == agents_.end()) {
        return;
    }
    AutobahnAgent& agent = *found->second;
    wait(lock, patience, [&] { return agent.in_play.empty(); });
    agent.is_reported = agent.in_play.empty();
}

std::string AutobahnAgents::write(const std::filesystem::path& directory, const std::string& port) {
    const std::lock_guard lock(mutex_);
    std::vector<AutobahnResult> results;
    std::vector<bool> is_new;
    std::vector<std::unique_ptr<RunResult>> runs;
    std::vector<AutobahnPage> pages;
    for (auto& [name, agent] : agents_) {
        for (auto& [index, kept] : agent->kept) {
            results.push_back(result_of(name, kept));
            is_new.push_back(std::exchange(kept.is_new, false));
        }
        if (!agent->kept.empty()) {
            runs.push_back(std::make_unique<RunResult>(run_of(*agent, port)));
            pages.push_back({.agent = name, .run = runs.back().get()});
        }
    }
    return write_autobahn_reports(directory, results, is_new, pages, catalogue_);
}

AutobahnAgents::Sum AutobahnAgents::sum() {
    const std::lock_guard lock(mutex_);
    Sum sum;
    for (const auto& [name, agent] : agents_) {
        for (const auto& [index, kept] : agent->kept) {
            ++sum.played;
            sum.bad += verdict_of(result_of(name, kept)).is_bad ? 1 : 0;
            sum.has_news = sum.has_news || kept.is_new;
        }
        sum.is_unfinished = sum.is_unfinished || !agent->in_play.empty() || !agent->is_reported;
    }
    return sum;
}

}  // namespace wsproof::conformance
