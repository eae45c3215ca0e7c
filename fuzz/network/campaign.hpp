// A campaign: programs are made and mutated, played and judged, and what fails again is shrunk and
// written down, until the time is up.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "arena.hpp"
#include "finding.hpp"

namespace wsproof::netfuzz {

struct CampaignOptions {
    std::uint64_t seed = 1;
    std::uint64_t cases = 0;  // 0: as many as the time allows
    std::chrono::seconds time{60};
    std::filesystem::path directory = "out/fuzz";
};

// Doubt is what failed once, and not again when it was played with patience.
struct Doubt {
    Cause cause{};
    std::size_t seen = 1;
};

struct Score {
    std::uint64_t executions = 0;
    std::uint64_t unsupported = 0;  // of those: the target declined what they are about
    std::uint64_t turned_away = 0;
    std::vector<std::string>
        states{};  // sequences of reactions, in the order in which they were met
    std::vector<Finding> findings{};
    std::vector<Doubt> doubts{};
    double seconds = 0;
    double first_trip_ms = -1;  // of a message, at the beginning
    double last_trip_ms = -1;
    std::string ended_early{};  // why; empty: it did not
    std::string trouble{};      // a file could not be written
};

// Told is called from the thread that runs the campaign.
struct Told {
    std::function<void(const Score&)> progress;
    std::function<void(const Finding&)> found;
    std::function<void(const std::string&)> at_work;  // on what, for people
};

class Campaign {
  public:
    Campaign(Arena& arena, const conformance::Catalogue& catalogue, const CampaignOptions& options,
             Told told);

    [[nodiscard]] const Score& run();

  private:
    std::vector<Trial> round();
    Program next_program();
    [[nodiscard]] bool is_known(const std::set<std::string>& tags);
    void learn(const Trial& trial);
    void examine(Trial trial);
    void shrink_down(Finding& finding);
    void settle(Finding finding);
    void look_after_target(std::vector<Trial>& trials);
    void report_death(std::vector<Trial> suspects);
    void write(Finding& finding);
    void pass_time();

    Arena& arena_;
    const conformance::Catalogue& catalogue_;
    CampaignOptions options_;
    Told told_;
    Random random_;
    Score score_;
    std::set<std::string> states_;
    std::deque<Program> pool_;
    std::set<std::uint64_t> played_;  // hashes of steps
    std::chrono::steady_clock::time_point began_;
    bool is_dead_ = false;
};

}  // namespace wsproof::netfuzz
