// The report for people: sections as they are done, then each failure with what was sent, expected
// and got.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "catalogue.hpp"
#include "run_result.hpp"

namespace wsproof::conformance {

struct TextOptions {
    std::string color = "auto";  // auto: on a terminal without NO_COLOR
    bool quiet = false;          // failures and totals only
    bool transcript = false;     // the wire of each failure
};

// TextReport prints to `out` while a run goes on. Its functions are called one at a time.
class TextReport {
  public:
    TextReport(std::ostream& out, const TextOptions& options, const Catalogue& catalogue);

    void begin(const RunResult& run, const std::vector<const Case*>& cases);
    // done: the verdict on the case at `index` stands. A section is printed when all before it are
    // done.
    void done(std::size_t index, const CaseResult& result);
    void end(const RunResult& run);

  private:
    struct Section {
        std::string number;
        std::string title;
        std::size_t left = 0;
        std::map<Behaviour, std::size_t> counts;
    };

    [[nodiscard]] std::string paint(const char* color, const std::string& text) const;
    void print_section(const Section& section);
    void print_progress();
    void clear_progress();
    void print_failures(const RunResult& run);
    void print_failure(const RunResult& run, std::size_t index,
                       const std::vector<std::size_t>& alike);
    void print_finding(const Finding& finding);
    void print_transcript(const CaseResult& result);
    void print_lesser(const RunResult& run);
    void print_totals(const RunResult& run);

    std::ostream& out_;
    TextOptions options_;
    const Catalogue& catalogue_;
    bool color_ = false;
    bool terminal_ = false;
    bool utf8_ = true;
    std::vector<const Case*> cases_;
    std::vector<Section> sections_;
    std::vector<std::size_t> section_of_;
    std::size_t next_section_ = 0;
    std::size_t done_ = 0;
    std::size_t bad_ = 0;
    bool shows_progress_ = false;
    std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace wsproof::conformance
