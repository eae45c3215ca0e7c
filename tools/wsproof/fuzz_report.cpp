#include "fuzz_report.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include "report_format.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;
using netfuzz::Finding;
using netfuzz::Score;

constexpr std::chrono::milliseconds kRedraw{200};
constexpr std::chrono::seconds kPlain{30};  // between lines where nothing can be redrawn
constexpr double kGrown = 10;               // times the first round trip
constexpr double kGrownBy = 100;            // and milliseconds

std::string with_dots(double value, int digits) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(digits) << value;
    return text.str();
}

std::string times(const Finding& finding) {
    return std::to_string(finding.failed) + " of " + std::to_string(finding.plays);
}

bool has_grown(const Score& score) {
    return score.first_trip_ms > 0 && score.last_trip_ms > kGrown * score.first_trip_ms &&
           score.last_trip_ms > score.first_trip_ms + kGrownBy;
}

std::string line_of(const Score& score) {
    const double rate =
        score.seconds > 0 ? static_cast<double>(score.executions) / score.seconds : 0;
    return with_dots(score.seconds, 0) + " s: " + std::to_string(score.executions) + " cases, " +
           with_dots(rate, 0) + " a second, " + std::to_string(score.states.size()) + " states, " +
           std::to_string(score.findings.size()) +
           (score.findings.size() == 1 ? " finding" : " findings");
}

}  // namespace

void FuzzReport::clear_line() {
    if (!line_.empty()) {
        out_ << '\r' << std::string(line_.size(), ' ') << '\r';
        line_.clear();
    }
}

void FuzzReport::draw(const std::string& line) {
    constexpr std::size_t kWidth = 78;
    clear_line();
    line_ = line.substr(0, kWidth);
    out_ << line_ << std::flush;
}

std::string FuzzReport::clause_of(const Finding& finding) const {
    const Requirement* row = catalogue_.requirement(finding.cause.row);
    return row == nullptr ? finding.cause.row : row->clause() + " (" + row->id + ")";
}

void FuzzReport::begin(const Preflight& found, std::uint64_t seed, unsigned seconds) {
    for (const auto& [fact, value] : found.facts) {
        out_ << (fact == found.facts.front().first ? "" : "; ") << fact << ": " << printable(value);
    }
    out_ << "\nfuzzing for " << seconds << " s with seed " << seed << "\n\n" << std::flush;
    drawn_ = std::chrono::steady_clock::now();
}

void FuzzReport::progress(const Score& score) {
    const auto now = std::chrono::steady_clock::now();
    if (now - drawn_ <
        (is_live_ ? std::chrono::milliseconds(kRedraw) : std::chrono::milliseconds(kPlain))) {
        return;
    }
    drawn_ = now;
    if (is_live_) {
        draw(line_of(score));
    } else {
        out_ << line_of(score) << '\n' << std::flush;
    }
}

void FuzzReport::at_work(const std::string& what) {
    if (is_live_) {
        draw(what);
    }
}

void FuzzReport::found(const Finding& finding) {
    clear_line();
    const Requirement* row = catalogue_.requirement(finding.cause.row);
    out_ << "FOUND after " << with_dots(finding.seconds, 1) << " s: " << finding.cause.what
         << "\n  " << clause_of(finding) << ": " << (row == nullptr ? "" : row->summary) << "\n  "
         << finding.trials.front().prediction.steps.size() << " steps, of " << finding.steps_before
         << "; fails " << times(finding);
    if (finding.trials.size() > 1) {
        out_ << "; any of " << finding.trials.size() << " cases may have done it";
    }
    out_ << "\n  wsproof replay " << finding.file.string();
    for (const std::string& word : replay_) {
        out_ << ' ' << (word.find(' ') == std::string::npos ? word : "'" + word + "'");
    }
    out_ << "\n\n" << std::flush;
}

void FuzzReport::end(const Score& score, bool was_interrupted) {
    clear_line();
    out_ << (was_interrupted ? "interrupted; " : "") << line_of(score) << '\n';
    if (score.unsupported + score.turned_away > 0) {
        out_ << score.unsupported << " cases were about what the target declines, "
             << score.turned_away << " found no room\n";
    }
    for (const Finding& finding : score.findings) {
        out_ << "  " << clause_of(finding) << ": " << finding.cause.what << ", " << times(finding)
             << ", seen " << finding.seen << (finding.seen == 1 ? " time\n" : " times\n");
    }
    if (!score.doubts.empty()) {
        out_ << score.doubts.size()
             << (score.doubts.size() == 1 ? " failure was" : " kinds of failures were")
             << " not seen again with more patience: no findings\n";
    }
    if (has_grown(score)) {
        out_ << "slower: a round trip took " << with_dots(score.first_trip_ms, 1)
             << " ms at first and " << with_dots(score.last_trip_ms, 1) << " ms at last\n";
    }
    if (!score.ended_early.empty()) {
        out_ << "ended early: " << score.ended_early << '\n';
    }
    out_ << std::flush;
}

nlohmann::ordered_json FuzzReport::json(const Score& score, const std::string& target,
                                        std::uint64_t seed) const {
    nlohmann::ordered_json report = {{"wsproof", WSPROOF_VERSION},
                                     {"target", target},
                                     {"seed", seed},
                                     {"seconds", score.seconds},
                                     {"executions", score.executions},
                                     {"unsupported", score.unsupported},
                                     {"turned_away", score.turned_away},
                                     {"states", score.states},
                                     {"round_trip_ms", {score.first_trip_ms, score.last_trip_ms}},
                                     {"ended_early", score.ended_early}};
    report["findings"] = nlohmann::ordered_json::array();
    for (const Finding& finding : score.findings) {
        const CaseResult& result = finding.trials.front().result;
        const conformance::Finding* worst =
            result.findings.empty() ? nullptr : &result.findings.front();
        report["findings"].push_back(
            {{"requirement", finding.cause.row},
             {"clause", clause_of(finding)},
             {"what", finding.cause.what},
             {"verdict", name(result.behaviour)},
             {"got", worst == nullptr ? result.reason : printable(worst->got)},
             {"file", finding.file.string()},
             {"steps", finding.trials.front().prediction.steps.size()},
             {"steps_before", finding.steps_before},
             {"failed", finding.failed},
             {"plays", finding.plays},
             {"seen", finding.seen},
             {"after_seconds", finding.seconds}});
    }
    report["doubts"] = nlohmann::ordered_json::array();
    for (const netfuzz::Doubt& doubt : score.doubts) {
        report["doubts"].push_back(
            {{"requirement", doubt.cause.row}, {"what", doubt.cause.what}, {"seen", doubt.seen}});
    }
    return report;
}

}  // namespace wsproof::tools
