// The report for people: sections as they are done, then each failure with what was sent, expected
// and got.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"
#include "run_result.hpp"

namespace wsproof::conformance {

struct TextOptions {
    std::string color = "auto";  // auto: on a terminal without NO_COLOR
    bool quiet = false;          // failures and totals only
    bool transcript = false;     // the wire of each failure
};

// Screen is what the place that is printed to can show.
struct Screen {
    bool color = false;
    bool utf8 = true;        // else ASCII alone
    bool live = false;       // a progress line that is redrawn in place
    std::size_t width = 80;  // columns: the progress line must not wrap
};

// screen_of looks at what stands behind `fd`, and at NO_COLOR, TERM, LC_ALL, LC_CTYPE and LANG.
[[nodiscard]] Screen screen_of(int fd, const TextOptions& options);

// TextReport prints to `out` while a run goes on. Its functions are called one at a time.
class TextReport {
  public:
    using Clock = std::chrono::steady_clock;

    // `out` and `catalogue` must outlive the report. Without a screen it is that of standard
    // output.
    TextReport(std::ostream& out, const TextOptions& options, const Catalogue& catalogue);
    TextReport(std::ostream& out, const TextOptions& options, const Catalogue& catalogue,
               Screen screen);

    void begin(const RunResult& run, const std::vector<const Case*>& cases);
    // done: the verdict on the case at `index` stands. A section is printed when all before it are
    // done.
    void done(std::size_t index, const CaseResult& result, Clock::time_point now = Clock::now());
    void end(const RunResult& run);

  private:
    struct Section {
        std::string collection;  // "RFC 6455"
        std::string number;
        std::string title;
        std::size_t left = 0;
        std::map<Behaviour, std::size_t> counts;
        std::size_t known = 0;  // failures that the baseline covers; not among the counts
    };

    [[nodiscard]] std::string safe(std::string_view text) const;
    [[nodiscard]] std::string padded(std::string_view text, std::size_t width) const;
    [[nodiscard]] std::string paint(const char* color, const std::string& text) const;
    void print_section(const Section& section);
    void print_progress(Clock::time_point now);
    void clear_progress();
    void print_failures(const RunResult& run);
    void print_failure(const RunResult& run, std::size_t index,
                       const std::vector<std::size_t>& alike);
    void print_finding(const Finding& finding);
    void print_transcript(const CaseResult& result);
    void print_known(const RunResult& run);
    void print_lesser(const RunResult& run);
    void print_segments(const RunResult& run);
    void print_totals(const RunResult& run);
    void print_baseline(const RunResult& run, const Totals& totals);

    std::ostream& out_;
    TextOptions options_;
    const Catalogue& catalogue_;
    Screen screen_;
    std::vector<const Case*> cases_;
    std::vector<Section> sections_;
    std::vector<std::size_t> section_of_;
    std::size_t title_width_ = 0;
    std::string printed_collection_;  // whose heading stands above
    std::size_t next_section_ = 0;
    std::size_t done_ = 0;
    std::size_t bad_ = 0;
    bool shows_progress_ = false;
    Clock::time_point drawn_{};
};

}  // namespace wsproof::conformance
