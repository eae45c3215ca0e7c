#include "report_diff.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "report_format.hpp"

namespace wsproof::conformance {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kKinds = {Change::Kind::fails, Change::Kind::fixed, Change::Kind::changed,
                               Change::Kind::missing, Change::Kind::added};

std::string words(const CaseResult& result) {
    std::string text(name(result.behaviour));
    if (result.closing != Closing::clean && result.closing != Closing::not_judged) {
        text += ", " + std::string(name(result.closing));
    }
    return text;
}

bool is_bad_news(const RunResult& run, const CaseResult& result) {
    return is_news(result) && !is_allowed(run, result);
}

// is_well: it was judged, and found good enough.
bool is_well(const CaseResult& result) {
    return result.behaviour <= Behaviour::non_strict && !is_failure(result);
}

Change::Kind kind_of(const RunResult& before, const CaseResult& was, const RunResult& after,
                     const CaseResult& is) {
    if (is_bad_news(after, is) && !is_failure(was)) {
        return Change::Kind::fails;
    }
    if (is_bad_news(after, is) && !is_bad_news(before, was)) {
        return Change::Kind::fails;  // what was put up with no longer is
    }
    return is_failure(was) && is_well(is) ? Change::Kind::fixed : Change::Kind::changed;
}

std::string title(Change::Kind kind) {
    switch (kind) {
        case Change::Kind::fails:
            return "New fails";
        case Change::Kind::fixed:
            return "Fixed";
        case Change::Kind::changed:
            return "Changed";
        case Change::Kind::missing:
            return "Missing";
        case Change::Kind::added:
            return "Added";
    }
    return "";
}

}  // namespace

std::string_view name(Change::Kind kind) noexcept {
    switch (kind) {
        case Change::Kind::fails:
            return "fails";
        case Change::Kind::fixed:
            return "fixed";
        case Change::Kind::changed:
            return "changed";
        case Change::Kind::missing:
            return "missing";
        case Change::Kind::added:
            return "added";
    }
    return "";
}

std::vector<Change> diff(const RunResult& before, const RunResult& after) {
    std::map<std::string, const CaseResult*> old;
    for (const CaseResult& result : before.results) {
        old.emplace(result.id, &result);
    }
    std::vector<Change> changes;
    for (const CaseResult& is : after.results) {
        const std::string got = is.findings.empty() ? is.reason : is.findings.front().got;
        const auto found = old.find(is.id);
        if (found == old.end()) {
            const bool fails = is_bad_news(after, is);
            changes.push_back({.kind = fails ? Change::Kind::fails : Change::Kind::added,
                               .id = is.id,
                               .after = words(is),
                               .got = got});
            continue;
        }
        const CaseResult& was = *found->second;
        const bool is_newly_bad = is_bad_news(after, is) && !is_bad_news(before, was);
        if (words(was) != words(is) || is_newly_bad) {
            changes.push_back({.kind = kind_of(before, was, after, is),
                               .id = is.id,
                               .before = words(was),
                               .after = words(is),
                               .got = got});
        }
        old.erase(found);
    }
    for (const CaseResult& was : before.results) {
        if (old.contains(was.id)) {
            changes.push_back({.kind = Change::Kind::missing, .id = was.id, .before = words(was)});
        }
    }
    return changes;
}

std::size_t count(const std::vector<Change>& changes, Change::Kind kind) {
    return static_cast<std::size_t>(
        std::count_if(changes.begin(), changes.end(),
                      [kind](const Change& change) { return change.kind == kind; }));
}

std::string diff_text(const RunResult& before, const RunResult& after,
                      const std::vector<Change>& changes) {
    std::string text = printable(before.target) + ", " + before.started + ", and then " +
                       printable(after.target) + ", " + after.started + "\n";
    std::string totals;
    for (const Change::Kind kind : kKinds) {
        const std::size_t number = count(changes, kind);
        if (number == 0) {
            continue;
        }
        totals += (totals.empty() ? "" : ", ") + std::to_string(number) + " " +
                  std::string(kind == Change::Kind::fails ? "new fails" : name(kind));
        text += "\n" + title(kind) + "\n";
        for (const Change& change : changes) {
            if (change.kind != kind) {
                continue;
            }
            text += "  " + printable(change.id) + ": " +
                    (change.before.empty() ? "not played" : change.before) + " -> " +
                    (change.after.empty() ? "not played" : change.after) + "\n";
            if (kind == Change::Kind::fails && !change.got.empty()) {
                text += "      got " + printable(change.got, Charset::utf8, 200) + "\n";
            }
        }
    }
    for (const BaselineNote& note : after.baseline_notes) {
        text += "\nbaseline: " + printable(note.cases) + ": " + std::string(name(note.kind)) +
                (note.detail.empty() ? "" : " (" + printable(note.detail) + ")");
    }
    text += after.baseline_notes.empty() ? "" : "\n";
    return text + "\n" + (totals.empty() ? "no difference" : totals) + "\n";
}

std::string diff_json(const RunResult& before, const RunResult& after,
                      const std::vector<Change>& changes) {
    const auto run_json = [](const RunResult& run) {
        return Json{{"target", run.target}, {"started", run.started}};
    };
    Json json = {{"schema", 1}, {"before", run_json(before)}, {"after", run_json(after)}};
    for (const Change::Kind kind : kKinds) {
        json["totals"][std::string(name(kind))] = count(changes, kind);
    }
    json["changes"] = Json::array();
    for (const Change& change : changes) {
        json["changes"].push_back({{"kind", name(change.kind)},
                                   {"case", change.id},
                                   {"before", change.before},
                                   {"after", change.after},
                                   {"got", printable(change.got)}});
    }
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace wsproof::conformance
