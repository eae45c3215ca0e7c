#include "arena.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "launched_server.hpp"
#include "player.hpp"
#include "scenario_parse.hpp"

namespace wsproof::netfuzz {

namespace {

using namespace conformance;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kHurry{1'000};
constexpr milliseconds kHaste{300};
constexpr int kPlays = 3;
constexpr milliseconds kPatience{10'000};
constexpr int kAsks = 2;
constexpr milliseconds kWait{250};
constexpr milliseconds kReturn{5'000};  // for a target to come back

}  // namespace

Trial trial_of(Program program, const Setting& setting) {
    Trial trial{.program = std::move(program)};
    trial.prediction = predict(trial.program, setting);
    Case& made = trial.played;
    made.id = made.scenario = "fuzz/case";
    made.suite = "fuzz";
    made.title = "What the reference takes is taken, and what it refuses is refused";
    made.requirements = trial.prediction.rows;
    made.needs = trial.prediction.needs;
    made.under_test = setting.peer == Role::server ? UnderTest::server : UnderTest::client;
    if (!trial.prediction.steps.empty()) {
        made.steps = parse_steps(trial.prediction.steps, {}, "/scenarios/0/steps");
    }
    const bool asks_for_deflate =
        std::find(made.needs.begin(), made.needs.end(), "deflate") != made.needs.end();
    if (asks_for_deflate) {
        made.client.deflate = true;
    }
    return trial;
}

Arena::Arena(Stage& stage, const Setting& setting, unsigned jobs, unsigned rate)
    : patient_(stage),
      hurried_{.target = stage.target, .interrupt = stage.interrupt},
      setting_(setting),
      jobs_(jobs),
      most_(kHurry) {
    hurried_.seed = stage.seed;
    hurried_.peer = stage.peer;
    hurried_.clients = stage.clients;
    hurried_.server = stage.server;
    hurried_.echoes = stage.echoes;
    hurried_.sign_of_life = stage.sign_of_life;
    hurried_.pongs = stage.pongs;
    hurried_.deflates = stage.deflates;
    hurried_.offers_subprotocols = stage.offers_subprotocols;
    hurried_.acts = stage.acts;
    hurried_.greetings = stage.greetings;
    hurried_.greetings_vary = stage.greetings_vary;
    hurried_.patience.stop_counting();
    hurried_.patience.hurry(most_);
    if (rate > 0) {
        spacing_ = std::chrono::nanoseconds(1'000'000'000 / rate);
    }
}

void Arena::set_end(net::Deadline end) {
    hurried_.ends = end;
}

bool Arena::is_over() const {
    return patient_.interrupt.is_triggered() || net::Clock::now() >= hurried_.ends;
}

void Arena::wait_for_turn() {
    if (spacing_.count() == 0) {
        return;
    }
    SteadyClock::time_point mine;
    {
        const std::lock_guard lock(turn_);
        mine = std::max(next_, SteadyClock::now());
        next_ = mine + spacing_;
    }
    std::vector<net::Interest> nothing;
    static_cast<void>(
        net::wait(nothing, net::Clock::now() + (mine - SteadyClock::now()), &patient_.interrupt));
}

void Arena::play(Trial& trial, Stage& stage) {
    wait_for_turn();
    trial.began = SteadyClock::now();
    try {
        trial.result = Player(stage, trial.played).play();
        trial.end = Trial::End::played;
    } catch (const Interrupted&) {
        trial.end = Trial::End::stopped;
    } catch (const OutOfTime&) {
        trial.end = Trial::End::stopped;
    } catch (const Gone&) {
        trial.end = Trial::End::refused;
    } catch (const std::runtime_error&) {  // Overloaded and its like
        trial.end = Trial::End::turned_away;
    }
    trial.ended = SteadyClock::now();
}

void Arena::explore(std::vector<Trial>& trials) {
    std::atomic<std::size_t> next{0};
    std::atomic<bool> is_refused{false};
    const auto work = [&] {
        for (std::size_t index = next++; index < trials.size() && !is_over() && !is_refused;
             index = next++) {
            play(trials[index], hurried_);
            // Who was listening and no longer is need not be asked again and again.
            is_refused = is_refused || trials[index].end == Trial::End::refused;
        }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < std::min<std::size_t>(jobs_, trials.size()); ++i) {
        threads.emplace_back(work);
    }
    work();
    for (std::thread& thread : threads) {
        thread.join();
    }
}

void Arena::hurry_less() {
    most_ = std::min(kPatience, most_ * 2);
    hurried_.patience.hurry(most_);
}

void Arena::shrink_in_haste(bool is_so) {
    hurried_.patience.hurry(is_so ? std::min(most_, kHaste) : most_);
}

void Arena::judge(Trial& trial) {
    std::vector<Trial> again(kPlays, trial);
    std::vector<std::thread> threads;
    for (Trial& each : again) {
        each.end = Trial::End::stopped;
        threads.emplace_back([this, &each] { play(each, patient_); });
        if (!setting_.many_connections) {
            threads.back().join();
            threads.pop_back();
        }
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    const auto has_failed = [](const Trial& each) { return each.has_failed(); };
    const auto failed = static_cast<int>(std::count_if(again.begin(), again.end(), has_failed));
    const bool is_gone = std::any_of(again.begin(), again.end(), [](const Trial& each) {
        return each.end == Trial::End::refused || each.end == Trial::End::turned_away;
    });
    if (is_gone || (failed > 0 && !is_alive())) {
        judge_death(trial);
        return;
    }
    const auto worst = std::find_if(again.begin(), again.end(), has_failed);
    trial.end = again.front().end;
    trial.result =
        worst == again.end() ? std::move(again.front().result) : std::move(worst->result);
    trial.end = worst == again.end() ? trial.end : Trial::End::played;
    trial.result.plays = kPlays;
    trial.result.failed = failed;
    if (failed > 0 && failed < kPlays) {
        trial.result.behaviour = Behaviour::flaky;
    }
}

// judge_death leaves it to the judge of whole runs to find out whether it was this case.
void Arena::judge_death(Trial& trial) {
    if (!is_alive() && !revive()) {
        trial.end = Trial::End::stopped;
        return;
    }
    RunOptions options;
    options.jobs = 1;
    options.max_time = std::chrono::seconds(120);
    options.keep_transcripts = true;
    options.many_connections = setting_.many_connections;
    RunResult run_result;
    const Progress progress{[](std::size_t, const CaseResult&) {}};
    const std::vector<const Case*> cases = {&trial.played};
    conformance::run(patient_, cases, options, progress, run_result);
    patient_.ends = net::Deadline::max();
    trial.result = std::move(run_result.results.front());
    trial.end =
        trial.result.behaviour == Behaviour::blocked ? Trial::End::stopped : Trial::End::played;
}

bool Arena::is_alive() {
    for (int attempt = 0; attempt < kAsks; ++attempt) {
        try {
            Case none;
            none.id = "is-alive";
            Player player(patient_, none);
            Link& link = player.open("probe");
            if (patient_.peer == Role::client || !patient_.can_answer() ||
                player.answers(link, patient_.patience.canary())) {
                return true;
            }
            was_refused_ = false;
        } catch (const Gone&) {
            was_refused_ = true;
        } catch (const Interrupted&) {
            return true;
        } catch (const std::runtime_error&) {
            was_refused_ = false;
        }
        std::vector<net::Interest> nothing;
        static_cast<void>(net::wait(nothing, net::Clock::now() + kWait, &patient_.interrupt));
    }
    return false;
}

bool Arena::revive() {
    if (patient_.server != nullptr) {
        return patient_.server->start(patient_.interrupt).empty();
    }
    const auto until = SteadyClock::now() + kReturn;
    while (SteadyClock::now() < until && !patient_.interrupt.is_triggered()) {
        if (is_alive()) {
            return true;
        }
    }
    return false;
}

double Arena::round_trip_ms() {
    try {
        Case none;
        none.id = "round-trip";
        Player player(patient_, none);
        Link& link = player.open("probe");
        const auto began = SteadyClock::now();
        if (patient_.can_answer() && player.answers(link, patient_.patience.canary())) {
            return std::chrono::duration<double, std::milli>(SteadyClock::now() - began).count();
        }
    } catch (const std::exception&) {
        return -1;
    } catch (const Interrupted&) {
        return -1;
    }
    return -1;
}

}  // namespace wsproof::netfuzz
