// What the page of a target is drawn from: short keys, and each text once.
#pragma once

#include <cstddef>
#include <string>
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
