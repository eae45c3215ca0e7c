// What the page of a target is drawn from: short keys, and each text once.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "report_html.hpp"
#include "template.hpp"

namespace wsproof::conformance {

// PageBudget is how much one case may put into the page.
struct PageBudget {
    std::size_t transcript = 4096;  // bytes of JSON; 0: no transcripts
    std::size_t text = 400;         // characters of one text that a peer has a say in
};

[[nodiscard]] Json page_data(const RunResult& run, const Catalogue& catalogue,
                             const PageOptions& options, const PageBudget& budget);

// live_data is page_data of a run that has not begun: each case is there, without a verdict. `name`
// is that of what is under test, `command` those words that play a case again, without its id.
[[nodiscard]] Json live_data(const std::vector<const Case*>& cases, const Catalogue& catalogue,
                             const std::string& name, const std::string& command);

// LiveVerdicts says of each verdict, as it comes, what live_data() did not know.
class LiveVerdicts {
  public:
    // `cases` are those of live_data(). Both outlive this.
    LiveVerdicts(const std::vector<const Case*>& cases, const Catalogue& catalogue);

    // of: {"at": [scenario, case], "one": what stands there, "detail", "requirements", "rulings"}.
    [[nodiscard]] Json of(std::size_t index, const CaseResult& result) const;

  private:
    const std::vector<const Case*>& cases_;
    const Catalogue& catalogue_;
    std::vector<std::pair<std::size_t, std::size_t>> places_{};  // of each case
};

// Outline is what both pages say of the scenarios of some cases: by section, in the library's
// order.
struct Outline {
    struct Scenario {
        const Case* first = nullptr;  // of its cases
        std::size_t section = 0;
        std::vector<std::size_t> cases{};  // indexes into what was outlined
    };
    std::vector<Scenario> scenarios{};
    Json sections = Json::array();
};
[[nodiscard]] Outline outline(const std::vector<const Case*>& cases);

// transcript_json gives the entries of a case, its pieces of TCP and the index of the entry with
// the first divergence ("t", "p", "w"), in at most `size_max` bytes.
[[nodiscard]] Json transcript_json(const CaseResult& result, std::size_t size_max);

}  // namespace wsproof::conformance
