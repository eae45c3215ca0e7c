#include "report_text.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iomanip>
#include <sstream>
#include <string_view>

#include "report_format.hpp"

namespace wsproof::conformance {

namespace {

constexpr const char* kRed = "31";
constexpr const char* kGreen = "32";
constexpr const char* kYellow = "33";
constexpr const char* kBold = "1";
constexpr const char* kDim = "2";
constexpr std::size_t kAlikeShown = 8;
constexpr std::size_t kHexShown = 32;  // bytes of an entry

const char* color_of(Behaviour behaviour) {
    switch (behaviour) {
        case Behaviour::pass:
            return kGreen;
        case Behaviour::info:
        case Behaviour::unsupported:
            return kDim;
        case Behaviour::non_strict:
            return kYellow;
        case Behaviour::fail:
        case Behaviour::flaky:
        case Behaviour::crash:
        case Behaviour::hang:
        case Behaviour::blocked:
        case Behaviour::harness_error:
            return kRed;
    }
    return kDim;
}

bool speaks_utf8() {
    for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(variable);
        if (value != nullptr && *value != '\0') {
            const std::string_view locale = value;
            return locale.find("UTF-8") != std::string_view::npos ||
                   locale.find("utf8") != std::string_view::npos;
        }
    }
    return false;
}

// kind_of tells failures of one cause from others: the verdict, the clause, and what came, numbers
// and payloads left out. What a monitor saw is told by the clause alone.
std::string kind_of(const CaseResult& result) {
    std::string kind(name(result.behaviour));
    if (result.findings.empty()) {
        return kind + result.reason;
    }
    const Finding& worst = result.findings.front();
    kind += " " + worst.requirement + " ";
    if (worst.monitor) {
        return kind + "monitor";
    }
    kind += worst.text + " ";
    for (const char c : worst.got.substr(0, worst.got.find('"'))) {
        const char shown = c >= '0' && c <= '9' ? '#' : c;
        if (shown != '#' || kind.back() != '#') {
            kind += shown;
        }
    }
    return kind;
}

std::size_t width_of(int fd) {
    constexpr std::size_t kUsual = 80;
    winsize size{};
    const bool is_known = ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return is_known ? size.ws_col : kUsual;
}

std::string environment(const char* variable) {
    const char* value = std::getenv(variable);
    return value == nullptr ? "" : value;
}

}  // namespace

// collection_of: "rfc6455/5.2-base-framing/…" is of RFC 6455.
std::string collection_of(const std::string& id) {
    const std::string prefix = id.substr(0, id.find('/'));
    return prefix.starts_with("rfc") ? "RFC " + prefix.substr(3) : prefix;
}

Screen screen_of(int fd, const TextOptions& options) {
    const bool is_terminal = ::isatty(fd) != 0 && environment("TERM") != "dumb";
    const bool is_asked = options.color == "auto" && environment("NO_COLOR").empty();
    return {.color = options.color == "always" || (is_asked && is_terminal),
            .utf8 = speaks_utf8(),
            .live = is_terminal,
            .width = width_of(fd)};
}

TextReport::TextReport(std::ostream& out, const TextOptions& options, const Catalogue& catalogue)
    : TextReport(out, options, catalogue, screen_of(STDOUT_FILENO, options)) {}

TextReport::TextReport(std::ostream& out, const TextOptions& options, const Catalogue& catalogue,
                       Screen screen)
    : out_(out), options_(options), catalogue_(catalogue), screen_(screen) {}

// safe: nothing that a peer sent, and no name of a case, moves the cursor.
std::string TextReport::safe(std::string_view text) const {
    return printable(text, screen_.utf8 ? Charset::utf8 : Charset::ascii);
}

std::string TextReport::padded(std::string_view text, std::size_t width) const {
    const std::string shown = safe(text);
    return shown + std::string(width - std::min(width, columns(shown)), ' ');
}

std::string TextReport::paint(const char* color, const std::string& text) const {
    return screen_.color ? std::string("\x1b[") + color + "m" + text + "\x1b[0m" : text;
}

void TextReport::begin(const RunResult& run, const std::vector<const Case*>& cases) {
    cases_ = cases;
    for (const Case* each : cases) {
        const std::string collection = collection_of(each->id);
        if (sections_.empty() || sections_.back().number != each->section ||
            sections_.back().collection != collection) {
            sections_.push_back({.collection = collection,
                                 .number = each->section,
                                 .title = each->suite_title,
                                 .left = 0,
                                 .counts = {}});
        }
        ++sections_.back().left;
        title_width_ = std::max(title_width_, columns(safe(each->suite_title)));
        section_of_.push_back(sections_.size() - 1);
    }
    if (options_.quiet) {
        return;
    }
    out_ << paint(kBold, safe(run.target)) << ": " << cases.size()
         << (cases.size() == 1 ? " case" : " cases");
    for (const auto& [key, value] : run.facts) {
        out_ << "; " << safe(key) << ": " << safe(value);
    }
    out_ << "\n\n" << std::flush;
}

void TextReport::done(std::size_t index, const CaseResult& result, Clock::time_point now) {
    Section& section = sections_[section_of_[index]];
    --section.left;
    if (result.known.empty()) {
        ++section.counts[result.behaviour];
    } else {
        ++section.known;
    }
    ++done_;
    bad_ += is_news(result) ? 1 : 0;
    while (next_section_ < sections_.size() && sections_[next_section_].left == 0) {
        clear_progress();
        print_section(sections_[next_section_++]);
    }
    print_progress(now);
}

void TextReport::print_section(const Section& section) {
    if (options_.quiet) {
        return;
    }
    std::size_t bad = 0;
    std::string rest;
    for (const auto& [behaviour, number] : section.counts) {
        if (behaviour == Behaviour::pass) {
            continue;
        }
        bad += is_bad(behaviour) ? number : 0;
        rest += "  " + paint(color_of(behaviour),
                             std::to_string(number) + " " + std::string(name(behaviour)));
    }
    if (section.known > 0) {
        rest += "  " + paint(kYellow, std::to_string(section.known) + " known");
    }
    if (section.collection != printed_collection_) {
        printed_collection_ = section.collection;
        out_ << "  " << paint(kBold, safe(section.collection)) << '\n';
    }
    const auto passed = section.counts.find(Behaviour::pass);
    const std::string mark =
        bad > 0 ? paint(kRed, screen_.utf8 ? "✘" : "x") : paint(kGreen, screen_.utf8 ? "✔" : "+");
    out_ << "  " << mark << " " << padded(section.number, 8)
         << padded(section.title, title_width_ + 2) << std::right << std::setw(5)
         << (passed == section.counts.end() ? 0 : passed->second) << " pass" << rest << '\n'
         << std::flush;
}

void TextReport::print_progress(Clock::time_point now) {
    constexpr std::chrono::milliseconds kRedrawInterval{100};
    const bool is_early = drawn_ != Clock::time_point{} && now - drawn_ < kRedrawInterval;
    if (!screen_.live || options_.quiet || is_early || done_ == cases_.size()) {
        return;
    }
    drawn_ = now;
    std::string line = "  " + std::to_string(done_) + "/" + std::to_string(cases_.size());
    line += bad_ > 0 ? "  " + std::to_string(bad_) + " failed" : "";
    if (next_section_ < sections_.size()) {
        line += "  " + sections_[next_section_].number + " " + safe(sections_[next_section_].title);
    }
    while (!line.empty() && columns(line) >= screen_.width) {
        line.pop_back();  // a line that wraps cannot be erased
    }
    out_ << "\r\x1b[K" << line << std::flush;
    shows_progress_ = true;
}

void TextReport::clear_progress() {
    if (shows_progress_) {
        out_ << "\r\x1b[K";
        shows_progress_ = false;
    }
}

void TextReport::end(const RunResult& run) {
    clear_progress();
    for (; next_section_ < sections_.size(); ++next_section_) {
        print_section(sections_[next_section_]);
    }
    print_failures(run);
    print_known(run);
    print_lesser(run);
    print_totals(run);
    out_ << std::flush;
}

void TextReport::print_failures(const RunResult& run) {
    std::map<std::string, std::vector<std::size_t>> kinds;
    std::vector<std::string> order;
    for (std::size_t i = 0; i < run.results.size(); ++i) {
        if (is_news(run.results[i])) {
            auto& alike = kinds[kind_of(run.results[i])];
            if (alike.empty()) {
                order.push_back(kind_of(run.results[i]));
            }
            alike.push_back(i);
        }
    }
    for (const std::string& kind : order) {
        print_failure(run, kinds[kind].front(), kinds[kind]);
    }
}

void TextReport::print_failure(const RunResult& run, std::size_t index,
                               const std::vector<std::size_t>& alike) {
    const CaseResult& result = run.results[index];
    const Case& played = *run.cases[index];
    const bool only_open = !is_bad(result.behaviour) && result.closing == Closing::not_closed;
    const std::string verdict = only_open ? "not-closed" : std::string(name(result.behaviour));
    out_ << '\n'
         << paint(kRed, verdict) << "  " << paint(kBold, safe(played.id)) << "\n  "
         << safe(played.title) << '\n';
    if (!result.reason.empty()) {
        out_ << "  " << safe(result.reason) << '\n';
    }
    for (const Finding& finding : result.findings) {
        if (finding.verdict >= Behaviour::fail) {
            print_finding(finding);
        }
    }
    if (only_open) {
        out_ << "  clause    "
             << safe("RFC 6455 §7.1.1 (A17): the server ends TCP once both Closes are exchanged")
             << "\n  got       TCP still open after the closing handshake\n";
    } else if (result.closing != Closing::not_judged) {
        out_ << "  closing   " << name(result.closing) << '\n';
    }
    if (options_.transcript) {
        print_transcript(result);
    }
    out_ << "  again     " << replay_command(run, played, result.segment)
         << (options_.transcript ? "" : " --transcript") << '\n';
    for (std::size_t i = 1; i < std::min(alike.size(), kAlikeShown + 1); ++i) {
        out_ << (i == 1 ? "  also      " : "            ") << safe(run.cases[alike[i]]->id) << '\n';
    }
    if (alike.size() > kAlikeShown + 1) {
        out_ << "            and " << alike.size() - kAlikeShown - 1
             << " more alike (--json has all)\n";
    }
}

void TextReport::print_finding(const Finding& finding) {
    if (!finding.segment.empty()) {
        out_ << "  cut       " << safe(finding.text) << '\n';
    }
    if (!finding.sent.empty()) {
        out_ << "  sent      " << safe(finding.sent) << '\n';
    }
    const char* label = "  expected  ";
    for (const std::string& expected : finding.expected) {
        out_ << label << safe(expected) << '\n';
        label = "        or  ";
    }
    if (finding.expected.empty() && finding.monitor) {
        out_ << label << safe(finding.text) << '\n';
    }
    out_ << "  got       " << safe(finding.got) << '\n';
    if (const Requirement* row = catalogue_.requirement(finding.requirement)) {
        out_ << "  clause    "
             << safe(row->clause() + ", " + row->level + ": " + row->summary + " (" + row->id +
                     (finding.because.empty() ? "" : ", " + finding.because) + ")")
             << '\n';
    }
}

void TextReport::print_transcript(const CaseResult& result) {
    constexpr const char* kArrows[] = {"->", "<-", "--"};
    for (const Entry& entry : result.transcript) {
        out_ << "    " << std::fixed << std::setprecision(1) << std::setw(9) << entry.ms << " ms "
             << (entry.connection == "main" ? "" : "[" + entry.connection + "] ")
             << kArrows[static_cast<std::size_t>(entry.kind)] << " " << safe(entry.summary) << '\n';
        if (!entry.bytes.empty() && entry.summary.compare(0, 5, "HTTP:") != 0) {
            const auto shown =
                std::span(entry.bytes).first(std::min(kHexShown, entry.bytes.size()));
            out_ << "                 " << hex(shown) << (entry.size > kHexShown ? " ..." : "")
                 << '\n';
        } else if (!entry.bytes.empty()) {
            std::string text(entry.bytes.size(), '\0');
            std::memcpy(text.data(), entry.bytes.data(), text.size());
            std::istringstream lines(text);
            for (std::string line; std::getline(lines, line) && line != "\r";) {
                line.erase(line.find_last_not_of('\r') + 1);
                out_ << "                 " << safe(line) << '\n';
            }
        }
    }
}

// What the baseline covers, a line for each reason.
void TextReport::print_known(const RunResult& run) {
    std::map<std::string, std::vector<std::size_t>> reasons;
    for (std::size_t i = 0; i < run.results.size(); ++i) {
        if (!run.results[i].known.empty()) {
            reasons[run.results[i].known].push_back(i);
        }
    }
    if (options_.quiet || reasons.empty()) {
        return;
    }
    out_ << '\n' << paint(kYellow, "known failures") << " (baseline)\n";
    for (const auto& [reason, cases] : reasons) {
        out_ << "  " << safe(reason) << ": " << safe(run.cases[cases.front()]->id);
        if (cases.size() > 1) {
            out_ << " and " << cases.size() - 1 << " more";
        }
        out_ << '\n';
    }
}

// What is no failure, a line each: what departs from a SHOULD, and what monitors noted of the
// target as a whole.
void TextReport::print_lesser(const RunResult& run) {
    if (options_.quiet) {
        return;
    }
    std::map<std::string, std::vector<std::size_t>> kinds;
    for (std::size_t i = 0; i < run.results.size(); ++i) {
        if (run.results[i].behaviour == Behaviour::non_strict) {
            kinds[run.cases[i]->scenario].push_back(i);
        }
    }
    if (!kinds.empty() || !run.findings.empty()) {
        out_ << '\n' << paint(kYellow, "not strict") << " (no failures)\n";
    }
    for (const auto& [scenario, cases] : kinds) {
        const CaseResult& first = run.results[cases.front()];
        out_ << "  " << scenario
             << (cases.size() > 1 ? " (" + std::to_string(cases.size()) + " cases)" : "") << ": ";
        if (!first.findings.empty()) {
            const Finding& worst = first.findings.front();
            out_ << safe(worst.got) << (worst.because.empty() ? "" : " [" + worst.because + "]");
        }
        out_ << '\n';
    }
    for (const Finding& finding : run.findings) {
        out_ << "  " << name(finding.verdict) << ": " << safe(finding.text) << "; got "
             << safe(finding.got) << " [" << finding.requirement
             << (finding.because.empty() ? "" : ", " + finding.because) << "]\n";
    }
}

// print_segments says how many verdicts stood under other cuts of the same bytes.
void TextReport::print_segments(const RunResult& run) {
    for (const std::string& segment : run.segments) {
        std::size_t differ = 0;
        std::size_t played = 0;
        for (const CaseResult& result : run.results) {
            for (const auto& [name, behaviour] : result.segments) {
                played += name == segment ? 1 : 0;
            }
            for (const Finding& finding : result.findings) {
                differ += finding.segment == segment ? 1 : 0;
            }
        }
        const std::string other = std::to_string(differ) + " otherwise";
        out_ << "segment " << segment << ": " << played - differ << " as when whole, "
             << (differ > 0 ? paint(kRed, other) : other) << ", " << run.results.size() - played
             << " not played so\n";
    }
}

void TextReport::print_totals(const RunResult& run) {
    const Totals totals = count(run);
    out_ << '\n' << run.results.size() << (run.results.size() == 1 ? " case:" : " cases:");
    for (const auto& [behaviour, number] : totals.behaviour) {
        out_ << ' '
             << paint(color_of(behaviour),
                      std::to_string(number) + " " + std::string(name(behaviour)));
    }
    out_ << "\nclosing:";
    for (const auto& [closing, number] : totals.closing) {
        out_ << ' ' << number << ' ' << name(closing);
    }
    out_ << '\n';
    print_segments(run);
    out_ << std::fixed << std::setprecision(1) << run.seconds << " s, seed " << run.seed << '\n';
    if (run.restarts > 0) {
        out_ << "the server was started again " << run.restarts
             << (run.restarts == 1 ? " time" : " times") << '\n';
    }
    for (const std::string& death : run.deaths) {
        out_ << paint(kRed, safe(death)) << '\n';
    }
    if (run.has_baseline) {
        print_baseline(run, totals);
    }
    if (!run.ended_early.empty()) {
        out_ << paint(kRed, "the run ended early: " + safe(run.ended_early)) << '\n';
    }
}

void TextReport::print_baseline(const RunResult& run, const Totals& totals) {
    out_ << totals.known << (totals.known == 1 ? " known failure" : " known failures")
         << " (baseline), " << paint(totals.news > 0 ? kRed : kGreen, std::to_string(totals.news))
         << " new\n";
    for (const BaselineNote& note : run.baseline_notes) {
        out_ << "baseline: " << paint(kYellow, std::string(name(note.kind))) << ": "
             << safe(note.cases) << " (" << safe(note.reason) << ")"
             << (note.detail.empty() ? "" : ": " + safe(note.detail)) << '\n';
    }
}

}  // namespace wsproof::conformance
