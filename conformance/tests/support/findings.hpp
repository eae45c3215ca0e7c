// Findings of a monitor as lines: "non-strict 6455-7.4.1-6 A12".
#pragma once

#include <string>
#include <vector>

#include "monitor.hpp"

namespace wsproof::conformance::test {

inline std::vector<std::string> lines(const Monitor& monitor) {
    std::vector<std::string> lines;
    for (const Finding& finding : monitor.findings()) {
        lines.push_back(std::string(name(finding.verdict)) + " " + finding.requirement +
                        (finding.because.empty() ? "" : " " + finding.because));
    }
    return lines;
}

}  // namespace wsproof::conformance::test
