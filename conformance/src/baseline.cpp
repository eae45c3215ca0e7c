#include "baseline.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <set>

#include "json_file.hpp"
#include "json_reader.hpp"
#include "report_format.hpp"
#include "selection.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::string_view kNotClosed = "not-closed";
constexpr std::array kCovered = {Behaviour::fail, Behaviour::flaky, Behaviour::crash,
                                 Behaviour::hang, Behaviour::blocked};

// is_date: a day of the calendar as RFC 3339 writes it.
bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    const auto number = [&](std::size_t at, std::size_t size) {
        unsigned value = 0;
        const char* const end = text.data() + at + size;
        return std::from_chars(text.data() + at, end, value).ptr == end ? value : 0U;
    };
    return std::chrono::year_month_day(std::chrono::year(static_cast<int>(number(0, 4))),
                                       std::chrono::month(number(5, 2)),
                                       std::chrono::day(number(8, 2)))
        .ok();
}

bool is_verdict(std::string_view word) {
    return word == kNotClosed || std::any_of(kCovered.begin(), kCovered.end(),
                                             [&](Behaviour each) { return word == name(each); });
}

KnownFailure known_failure(const Json& json, const std::string& pointer) {
    JsonReader reader(json, pointer);
    KnownFailure known{.cases = reader.text("case").value_or(""),
                       .reason = reader.text("reason").value_or(""),
                       .expires = reader.text("expires").value_or("")};
    const bool has_expiry = reader.has("expires");
    const bool has_verdicts = reader.has("verdict");
    known.verdicts = reader.texts("verdict");
    reader.done();
    if (known.cases.empty()) {
        throw BadScenario(reader.at("case"), "which cases? An id or a glob over ids is wanted");
    }
    if (known.reason.empty()) {
        throw BadScenario(reader.at("reason"), "why is this failure put up with?");
    }
    if (has_expiry && !is_date(known.expires)) {
        throw BadScenario(reader.at("expires"),
                          "\"" + known.expires + "\" is no day: write it like 2027-01-31");
    }
    if (has_verdicts && known.verdicts.empty()) {
        throw BadScenario(reader.at("verdict"), "a list with something in it, or leave it out");
    }
    for (std::size_t i = 0; i < known.verdicts.size(); ++i) {
        if (!is_verdict(known.verdicts[i])) {
            throw BadScenario(reader.at("verdict") + "/" + std::to_string(i),
                              "\"" + known.verdicts[i] +
                                  "\" is none of fail, flaky, crash, hang, blocked, not-closed");
        }
    }
    return known;
}

std::string_view without_parameters(std::string_view id) {
    return id.substr(0, id.find('['));
}

// is_of: an id without wildcards names that case or scenario and no longer ones.
bool is_of(const KnownFailure& known, std::string_view id) {
    return id == known.cases || without_parameters(id) == known.cases ||
           (known.cases.find_first_of("*?") != std::string::npos && matches(id, known.cases));
}

std::string_view verdict_of(const CaseResult& result) {
    return is_bad(result.behaviour) ? name(result.behaviour) : kNotClosed;
}

bool covers(const KnownFailure& known, const CaseResult& result) {
    return is_of(known, result.id) &&
           (known.verdicts.empty() || std::find(known.verdicts.begin(), known.verdicts.end(),
                                                verdict_of(result)) != known.verdicts.end());
}

bool was_judged(const CaseResult& result) {
    return result.plays > 0 && result.behaviour != Behaviour::unsupported &&
           result.behaviour != Behaviour::blocked;
}

// severity: what a written entry covers; that a failure becomes a crash is news.
std::vector<std::string> severity(const CaseResult& result) {
    if (result.behaviour == Behaviour::crash || result.behaviour == Behaviour::hang) {
        return {"crash", "hang"};
    }
    if (result.behaviour == Behaviour::blocked) {
        return {"blocked"};
    }
    return {"fail", "flaky", std::string(kNotClosed)};
}

Json to_json(const KnownFailure& known) {
    Json json = {{"case", known.cases}, {"reason", known.reason}};
    if (!known.expires.empty()) {
        json["expires"] = known.expires;
    }
    if (!known.verdicts.empty()) {
        json["verdict"] = known.verdicts;
    }
    return json;
}

}  // namespace

Baseline::Baseline(const Json& json, std::string_view today) {
    JsonReader reader(json, "");
    const Json* entries = reader.take("known");
    if (entries == nullptr || !entries->is_array()) {
        throw BadScenario("/known", "a list of known failures is wanted here");
    }
    reader.done();
    for (std::size_t i = 0; i < entries->size(); ++i) {
        KnownFailure known = known_failure((*entries)[i], "/known/" + std::to_string(i));
        const bool is_over = !known.expires.empty() && known.expires < today;
        (is_over ? expired_ : known_).push_back(std::move(known));
    }
}

Baseline Baseline::load(const std::filesystem::path& path, std::string_view today) {
    return {read_json(path), today};
}

const KnownFailure* Baseline::covering(const CaseResult& result) const {
    const auto found = std::find_if(known_.begin(), known_.end(), [&](const KnownFailure& known) {
        return covers(known, result);
    });
    return found == known_.end() ? nullptr : &*found;
}

void Baseline::mark(CaseResult& result) const {
    result.known.clear();
    if (!is_failure(result) || result.behaviour == Behaviour::harness_error) {
        return;
    }
    if (const KnownFailure* known = covering(result)) {
        result.known = known->reason;
    }
}

std::vector<BaselineNote> Baseline::notes(const RunResult& run,
                                          const std::vector<Case>& library) const {
    std::vector<BaselineNote> notes;
    for (const KnownFailure& known : expired_) {
        notes.push_back(
            {BaselineNote::Kind::expired, known.cases, known.reason, "since " + known.expires});
    }
    for (const KnownFailure& known : known_) {
        const bool has_case = std::any_of(library.begin(), library.end(),
                                          [&](const Case& each) { return is_of(known, each.id); });
        if (!has_case) {
            notes.push_back({BaselineNote::Kind::of_no_case, known.cases, known.reason, ""});
            continue;
        }
        std::size_t judged = 0;
        bool is_needed = false;
        for (const CaseResult& result : run.results) {
            if (is_of(known, result.id)) {
                judged += was_judged(result) ? 1 : 0;
                is_needed = is_needed || (is_failure(result) && covers(known, result));
            }
        }
        if (judged > 0 && !is_needed) {
            notes.push_back({BaselineNote::Kind::not_needed, known.cases, known.reason,
                             std::to_string(judged) + (judged == 1 ? " case" : " cases") +
                                 " played and none of them failed so"});
        }
    }
    return notes;
}

std::string Baseline::renewed(const RunResult& run) const {
    Json entries = Json::array();
    for (const KnownFailure& known : known_) {
        const bool is_needed = std::any_of(
            run.results.begin(), run.results.end(),
            [&](const CaseResult& each) { return is_failure(each) && covers(known, each); });
        if (is_needed) {
            entries.push_back(to_json(known));
        }
    }
    // Scenarios all of whose cases are alike need one entry.
    std::map<std::string_view, std::set<std::vector<std::string>>> kinds;
    const auto is_news = [&](const CaseResult& result) {
        return is_failure(result) && result.behaviour != Behaviour::harness_error &&
               covering(result) == nullptr;
    };
    for (const CaseResult& result : run.results) {
        kinds[without_parameters(result.id)].insert(is_news(result) ? severity(result)
                                                                    : std::vector<std::string>{});
    }
    std::set<std::string> written;
    for (const CaseResult& result : run.results) {
        if (!is_news(result)) {
            continue;
        }
        const bool is_alike = kinds[without_parameters(result.id)].size() == 1;
        const std::string cases(is_alike ? without_parameters(result.id) : result.id);
        if (written.insert(cases).second) {
            entries.push_back(to_json(
                {.cases = cases, .reason = "to be examined", .verdicts = severity(result)}));
        }
    }
    return Json{{"known", std::move(entries)}}.dump(2) + "\n";
}

}  // namespace wsproof::conformance
