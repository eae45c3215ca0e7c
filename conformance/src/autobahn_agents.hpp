// What the clients under test have come to so far, by the names that their drivers give them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "autobahn_plan.hpp"
#include "autobahn_report.hpp"
#include "stage.hpp"
#include "walk_in_clients.hpp"

namespace wsproof::conformance {

// AutobahnAgent is one client under test. It outlives its plays, of which there may be several.
struct AutobahnAgent {
    AutobahnAgent(std::string its_name, const net::Interrupt& interrupt, std::uint64_t seed);

    struct Kept {
        const AutobahnNumber* number = nullptr;
        const Case* played = nullptr;
        CaseResult result{};
        std::string started{};
        bool is_new = true;  // not in the reports yet
    };

    std::string name;
    Target target{};  // of nobody: clients come to us
    HandedOver clients{};
    Stage stage;
    std::map<std::size_t, Kept> kept{};  // by the index of the number
    std::multiset<const AutobahnNumber*> in_play{};
    bool is_reported = false;  // its driver has had the reports written since its last case
};

// For any thread.
class AutobahnAgents {
  public:
    // Both outlive it.
    AutobahnAgents(const Catalogue& catalogue, const net::Interrupt& interrupt, std::uint64_t seed)
        : catalogue_(catalogue), interrupt_(interrupt), seed_(seed) {}

    // begin notes that a case is played from now on, with an agent that may be new; end
    // that it no longer is, which a play that was cut short never does. A result takes the place of
    // an older one of the same number.
    [[nodiscard]] AutobahnAgent& begin(const std::string& name, const AutobahnNumber& number);
    void end(AutobahnAgent& agent, const AutobahnNumber& number, const Case& played,
             CaseResult result, std::string started);

    // behavior_of is the word for the number, once it is no longer played; nullopt if it has not
    // been, or not in time.
    [[nodiscard]] std::optional<std::string> behavior_of(const std::string& name,
                                                         const AutobahnNumber& number,
                                                         std::chrono::seconds patience);
    // settle waits until the agent is in no case, or `patience` is over, and notes that its driver
    // has asked for reports.
    void settle(const std::string& name, std::chrono::seconds patience);
    // write writes the reports of all agents; empty on success, else the reason.
    // `port` stands in the command to play a case again.
    [[nodiscard]] std::string write(const std::filesystem::path& directory,
                                    const std::string& port);

    struct Sum {
        std::size_t played = 0;
        std::size_t bad = 0;
        bool is_unfinished = false;  // an agent is in a case, or has not asked for its reports
        bool has_news = false;       // that are in no report
    };
    [[nodiscard]] Sum sum();

  private:
    template <typename Holds>
    void wait(std::unique_lock<std::mutex>& lock, std::chrono::seconds patience, Holds holds);

    const Catalogue& catalogue_;
    const net::Interrupt& interrupt_;
    std::uint64_t seed_;
    std::mutex mutex_;  // of what is below, but for the stages
    std::condition_variable changed_;
    std::map<std::string, std::unique_ptr<AutobahnAgent>> agents_;
};

}  // namespace wsproof::conformance
