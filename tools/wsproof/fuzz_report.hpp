// What `wsproof fuzz` says: a line that is redrawn on a terminal, plain lines elsewhere, and JSON.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "campaign.hpp"
#include "preflight.hpp"

namespace wsproof::tools {

class FuzzReport {
  public:
    // `replay` are the words that name the target on the command line of `wsproof replay`.
    FuzzReport(std::ostream& out, bool is_live, std::vector<std::string> replay,
               const conformance::Catalogue& catalogue)
        : out_(out), is_live_(is_live), replay_(std::move(replay)), catalogue_(catalogue) {}

    void begin(const conformance::Preflight& found, std::uint64_t seed, unsigned seconds);
    void progress(const netfuzz::Score& score);
    void found(const netfuzz::Finding& finding);
    void at_work(const std::string& what);
    void end(const netfuzz::Score& score, bool was_interrupted);
    [[nodiscard]] nlohmann::ordered_json json(const netfuzz::Score& score,
                                              const std::string& target, std::uint64_t seed) const;

  private:
    void clear_line();
    void draw(const std::string& line);
    [[nodiscard]] std::string clause_of(const netfuzz::Finding& finding) const;

    std::ostream& out_;
    bool is_live_;
    std::vector<std::string> replay_;
    const conformance::Catalogue& catalogue_;
    std::chrono::steady_clock::time_point drawn_{};
    std::string line_{};
};

}  // namespace wsproof::tools
