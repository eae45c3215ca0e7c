// When the target is lost: who did it, and can the run go on?
#include <algorithm>

#include "dispatcher.hpp"
#include "launched_server.hpp"

namespace wsproof::conformance {

namespace {

constexpr unsigned kDeathsMax = 50;     // of the target: then the rest is not played
constexpr milliseconds kLateExit{250};  // on a busy machine, exiting takes a while

}  // namespace

void Dispatcher::look_after(std::size_t index, const CaseResult& result) {
    if (has_exited()) {
        suspect(index);
        return;
    }
    if (result.behaviour < Behaviour::fail || is_evident(result)) {
        return;
    }
    if (!is_alive()) {
        suspect(index);
    }
}

bool Dispatcher::has_exited() const {
    return stage_.server != nullptr && stage_.server->exit().has_value();
}

bool Dispatcher::is_alive() {
    for (int attempt = 0; attempt < 3; ++attempt) {
        try {
            Case probe;
            probe.id = "is-alive";
            Player player(stage_, probe);
            Link& link = player.open("probe");
            // A client is another process each time, so one that comes is alive.
            if (stage_.peer == Role::client || !stage_.can_answer() ||
                player.answers(link, stage_.patience.canary())) {
                return true;
            }
            refused_ = false;
        } catch (const Gone&) {
            refused_ = true;
        } catch (const Interrupted&) {
            return true;
        } catch (const OutOfTime&) {
            return true;  // nothing is known to the contrary
        } catch (const std::runtime_error&) {
            refused_ = false;
        }
        if (has_exited()) {
            return false;
        }
        pause(milliseconds(300 << attempt));
    }
    return false;
}

void Dispatcher::suspect(std::size_t index) {
    const std::lock_guard lock(mutex_);
    gone_ = true;
    if (std::find(suspects_.begin(), suspects_.end(), index) == suspects_.end()) {
        suspects_.push_back(index);
    }
}

std::optional<Death> Dispatcher::look_for_death() {
    const bool answers = !has_exited() && is_alive();
    if (stage_.server != nullptr) {
        if (const auto exit = stage_.server->wait_for_exit(kLateExit)) {
            return Death{Behaviour::crash, "the server ended (" + exit->describe() + ")",
                         stage_.server->last_words()};
        }
    }
    if (answers) {
        return std::nullopt;
    }
    return refused_ ? Death{Behaviour::crash, "the target no longer listens", ""}
                    : Death{Behaviour::hang, "the target no longer answers anybody", ""};
}

void Dispatcher::look_for_late_death() {
    if (stage_.server != nullptr && stage_.server->wait_for_exit(kLateExit)) {
        gone_ = true;
    }
}

bool Dispatcher::revive() {
    if (stage_.server == nullptr) {
        return is_alive();
    }
    if (++result_.restarts > kDeathsMax) {
        --result_.restarts;
        trouble_ = " once more, after " + std::to_string(kDeathsMax) + " new starts";
        return false;
    }
    const std::string error = stage_.server->start(stage_.interrupt);
    is_fresh_ = true;
    trouble_ = error.empty() ? "" : " and cannot be started again: " + error;
    return error.empty();
}

bool Dispatcher::find_killer() {
    const std::optional<Death> first = look_for_death();
    if (first && (stage_.server == nullptr || !revive())) {
        give_up(*first);
        return false;
    }
    std::vector<std::size_t> suspects = std::exchange(suspects_, {});
    // What ended just before may have met the dying target, and taken its end for an answer.
    const std::size_t met = std::min<std::size_t>(recent_.size(), options_.jobs);
    for (auto recent = recent_.end() - static_cast<std::ptrdiff_t>(met); recent != recent_.end();
         ++recent) {
        if (std::find(suspects.begin(), suspects.end(), *recent) == suspects.end()) {
            suspects.push_back(*recent);
        }
    }
    bool is_found = false;
    for (std::size_t i = 0; i < suspects.size(); ++i) {
        if (kills(suspects[i], true)) {
            is_found = true;
            if (!revive()) {
                for (++i; i < suspects.size(); ++i) {
                    result_.results[suspects[i]] =
                        not_played(*cases_[suspects[i]], Behaviour::blocked, "not played");
                }
                return stay_away();
            }
        }
    }
    for (; !recent_.empty() && !is_found; recent_.pop_back()) {
        const std::size_t index = recent_.back();
        is_found = std::find(suspects.begin(), suspects.end(), index) == suspects.end() &&
                   kills(index, false);
        if (is_found && !revive()) {
            return stay_away();
        }
    }
    const std::lock_guard lock(mutex_);
    if (!is_found && first && first->behaviour == Behaviour::crash) {
        result_.deaths.push_back(first->text + " when " + listed(suspects) +
                                 "; played alone, none of that ends it" + first->last_words);
    }
    while (!recent_.empty()) {
        forget_oldest();
    }
    return true;
}

std::optional<Death> Dispatcher::plays_and_dies(std::size_t index, CaseResult& again) {
    again = play_alone(index);
    std::optional<Death> death = look_for_death();
    return death;
}

bool Dispatcher::kills(std::size_t index, bool was_in_flight) {
    if (stage_.interrupt.is_triggered() || net::Clock::now() > ends_) {
        return false;
    }
    CaseResult again;
    const bool was_fresh = std::exchange(is_fresh_, false);
    std::optional<Death> death = plays_and_dies(index, again);
    // What was played before it may have had its share: a server of ours is asked afresh.
    if (death && stage_.server != nullptr && !was_fresh && revive()) {
        death = plays_and_dies(index, again);
    }
    if (death) {
        again.behaviour = death->behaviour;
        again.reason = death->text + " after this case, played alone" + death->last_words;
        again.plays = 1;
    }
    if (death || was_in_flight) {
        result_.results[index] = std::move(again);
    }
    return death.has_value();
}

std::string Dispatcher::listed(const std::vector<std::size_t>& indices) const {
    constexpr std::size_t kListed = 4;
    if (indices.empty()) {
        return "nothing was asked of it";
    }
    std::string text;
    for (std::size_t i = 0; i < std::min(indices.size(), kListed); ++i) {
        text += (i == 0 ? "" : ", ") + cases_[indices[i]]->id;
    }
    if (indices.size() > kListed) {
        text += " and " + std::to_string(indices.size() - kListed) + " others";
    }
    return text + (indices.size() == 1 ? " was" : " were") + " in flight or had just ended";
}

void Dispatcher::give_up(const Death& death) {
    result_.ended_early = death.text + trouble_;
    for (const std::size_t index : suspects_) {
        CaseResult& result = result_.results[index];
        if (suspects_.size() == 1) {
            result.behaviour = death.behaviour;
            result.reason = result_.ended_early;
        } else {
            result = not_played(*cases_[index], Behaviour::blocked,
                                result_.ended_early + " since this case and " +
                                    std::to_string(suspects_.size() - 1) +
                                    " others were in flight; --jobs 1 tells which");
        }
    }
    stay_away();
}

bool Dispatcher::stay_away() {
    if (result_.ended_early.empty()) {
        result_.ended_early = "the target was gone" + trouble_;
    }
    for (CaseResult& result : result_.results) {
        if (result.plays == 0 && result.reason == "not played") {
            result.reason = result_.ended_early;
        }
    }
    return false;
}

void Dispatcher::convict(std::size_t index, CaseResult again) {
    again.behaviour = Behaviour::crash;
    again.plays = 1;
    const std::optional<Death> death = look_for_death();
    again.reason = death->text + " after this case, played alone" + death->last_words;
    result_.results[index] = std::move(again);
    gone_ = !revive();
}

}  // namespace wsproof::conformance
