#include "report_stored.hpp"

#include "json_file.hpp"
#include "report_json.hpp"

namespace wsproof::conformance {

namespace {

using Strings = std::vector<std::string>;

int nibble(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::vector<std::byte> bytes_of(const std::string& hex) {
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        const int high = nibble(hex[i]);
        const int low = nibble(hex[i + 1]);
        if (high < 0 || low < 0) {
            throw BadScenario("", "not hexadecimal: " + hex.substr(0, 20));
        }
        bytes.push_back(static_cast<std::byte>(high << 4 | low));
    }
    return bytes;
}

Behaviour behaviour_at(const Json& json, const char* key) {
    const std::string word = json.at(key);
    if (const auto found = behaviour_named(word)) {
        return *found;
    }
    throw BadScenario("", "\"" + word + "\" is no verdict");
}

Finding finding_of(const Json& json) {
    Finding finding{.verdict = behaviour_at(json, "verdict"),
                    .requirement = json.at("requirement"),
                    .because = json.at("because"),
                    .text = json.at("text"),
                    .sent = json.at("sent"),
                    .expected = json.at("expected").get<Strings>(),
                    .got = json.at("got"),
                    .step = json.at("step"),
                    .monitor = json.at("monitor"),
                    .segment = json.at("segment")};
    if (json.contains("ms")) {
        finding.ms = json["ms"].get<double>();
    }
    return finding;
}

Entry entry_of(const Json& json) {
    const std::string kind = json.at("kind");
    Entry entry;
    entry.kind = kind == "sent"       ? Entry::Kind::sent
                 : kind == "received" ? Entry::Kind::received
                                      : Entry::Kind::note;
    entry.ms = json.at("ms");
    entry.connection = json.at("connection");
    entry.summary = json.at("summary");
    entry.size = json.value("size", std::uint64_t{0});
    entry.bytes = bytes_of(json.value("hex", ""));
    entry.sha256 = json.value("sha256", "");
    entry.generator = json.value("generator", "");
    entry.ends = json.value("ends", "");
    if (json.contains("first_difference")) {
        entry.first_difference = json["first_difference"].get<std::uint64_t>();
    }
    if (json.contains("inflated_size")) {
        entry.inflated_size = json["inflated_size"].get<std::uint64_t>();
        entry.inflated = bytes_of(json.value("inflated", ""));
    }
    return entry;
}

Case case_of(const Json& json, const Json& suites) {
    Case made;
    made.id = json.at("id");
    made.suite = json.at("suite");
    made.scenario = json.at("scenario");
    made.section = json.at("section");
    made.suite_title = suites.at(made.suite);
    made.title = json.at("title");
    made.why = json.at("why");
    made.file = json.at("file");
    made.line = json.at("line");
    made.index = json.at("index");
    made.requirements = json.at("requires").get<Strings>();
    made.like = json.at("like").get<Strings>();
    made.group = json.at("group");
    const std::string under_test = json.at("under_test");
    made.under_test = under_test == "server"   ? UnderTest::server
                      : under_test == "client" ? UnderTest::client
                                               : UnderTest::either;
    const std::string level = json.at("level");
    made.level = level == "must" ? Level::must : level == "should" ? Level::should : Level::may;
    if (!made.id.starts_with(made.scenario) || !made.scenario.starts_with(made.suite + "/")) {
        throw BadScenario("",
                          "the id of a case begins with its scenario's, and that with its suite's");
    }
    return made;
}

CaseResult result_of(const Json& json) {
    CaseResult result;
    result.id = json.at("id");
    result.behaviour = behaviour_at(json, "behaviour");
    const std::string closing = json.at("closing");
    if (!closing_named(closing)) {
        throw BadScenario("", "\"" + closing + "\" is no way to close");
    }
    result.closing = *closing_named(closing);
    if (const Json& code = json.at("close_code"); !code.is_null()) {
        result.close_code = code.get<std::uint16_t>();
    }
    result.ms = json.at("ms");
    result.plays = json.at("plays");
    result.failed = json.at("failed");
    result.reason = json.at("reason");
    result.segment = json.at("segment");
    result.known = json.at("known");
    for (const auto& [segment, word] : json.at("segments").items()) {
        const auto behaviour = behaviour_named(word.get<std::string>());
        result.segments.emplace_back(segment, behaviour.value_or(Behaviour::harness_error));
    }
    for (const Json& finding : json.at("findings")) {
        result.findings.push_back(finding_of(finding));
    }
    for (const Json& entry : json.at("transcript")) {
        result.transcript.push_back(entry_of(entry));
    }
    for (const Json& piece : json.at("pieces")) {
        result.pieces.push_back({.ms = piece.at(0),
                                 .connection = piece.at(1),
                                 .sent = piece.at(2) == "sent",
                                 .size = piece.at(3)});
    }
    return result;
}

void read_run(const Json& json, RunResult& run) {
    run.role = json.at("role") == "client" ? Role::client : Role::server;
    run.command = json.at("command").get<Strings>();
    run.options = json.at("options").get<Strings>();
    run.asked = {.filters = json.at("filters").get<Strings>(),
                 .groups = json.at("groups").get<Strings>(),
                 .likes = json.at("like").get<Strings>(),
                 .max_time = json.at("max_time"),
                 .baseline = json.at("baseline"),
                 .shard = json.at("shard")};
    run.segments = json.at("segments").get<Strings>();
    for (const Json& word : json.at("allow")) {
        run.allowed.flaky = run.allowed.flaky || word == "flaky";
        run.allowed.blocked = run.allowed.blocked || word == "blocked";
    }
}

void read_notes(const Json& baseline, RunResult& run) {
    run.has_baseline = true;
    for (const Json& json : baseline.at("notes")) {
        const std::string word = json.at("note");
        BaselineNote note{.kind = BaselineNote::Kind::not_needed,
                          .cases = json.at("case"),
                          .reason = json.at("reason"),
                          .detail = json.at("detail")};
        for (const auto kind : {BaselineNote::Kind::of_no_case, BaselineNote::Kind::expired}) {
            note.kind = word == name(kind) ? kind : note.kind;
        }
        run.baseline_notes.push_back(std::move(note));
    }
}

StoredRun read_whole(const Json& report) {
    StoredRun stored;
    RunResult& run = stored.run;
    stored.tool = report.at("tool");
    run.target = report.at("target");
    run.started = report.at("started");
    run.seconds = report.at("seconds");
    run.seed = report.at("seed");
    run.jobs = report.at("jobs");
    run.interrupted = report.at("interrupted");
    run.ended_early = report.at("ended_early");
    run.restarts = report.at("restarts");
    run.deaths = report.at("deaths").get<Strings>();
    for (const auto& [fact, value] : report.at("facts").items()) {
        run.facts.emplace_back(fact, value.get<std::string>());
    }
    read_run(report.at("run"), run);
    if (report.contains("baseline")) {
        read_notes(report["baseline"], run);
    }
    for (const Json& finding : report.at("findings")) {
        run.findings.push_back(finding_of(finding));
    }
    for (const Json& each : report.at("cases")) {
        try {
            stored.cases.push_back(case_of(each, report.at("suites")));
            run.results.push_back(result_of(each));
        } catch (const BadScenario& error) {
            throw BadScenario("/cases/" + std::to_string(run.results.size()), error.what());
        }
    }
    for (const Case& each : stored.cases) {
        run.cases.push_back(&each);
    }
    return stored;
}

}  // namespace

StoredRun stored_run(const Json& report) {
    if (!report.is_object() || !report.contains("schema") || !report.contains("cases")) {
        throw BadScenario("", "not a report of wsproof test --json");
    }
    if (report["schema"] != kReportSchema) {
        throw BadScenario("/schema", "a report of schema " + report["schema"].dump() +
                                         "; this wsproof reads schema " +
                                         std::to_string(kReportSchema));
    }
    try {
        return read_whole(report);
    } catch (const nlohmann::json::exception& error) {
        throw BadScenario("", std::string("not a whole report: ") + error.what());
    }
}

StoredRun read_report(const std::filesystem::path& path) {
    return stored_run(read_json(path));
}

}  // namespace wsproof::conformance
