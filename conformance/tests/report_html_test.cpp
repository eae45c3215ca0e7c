// The pages: what is in them, how large they are, and that no peer can put script into them.
#include "report_html.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report_html_data.hpp"
#include "support/full_run.hpp"

using namespace wsproof::conformance;
using namespace wsproof::conformance::test;
using Catch::Matchers::Contains;

namespace {

const std::string kInjection = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";

// data_of is what the page's script is given.
nlohmann::json data_of(const std::string& page) {
    const std::string begin = R"(<script type="application/json" id="data">)";
    const std::size_t at = page.find(begin);
    REQUIRE(at != std::string::npos);
    const std::size_t from = at + begin.size();
    return nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from));
}

std::size_t times(const std::string& text, const std::string& word) {
    std::size_t count = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        ++count;
    }
    return count;
}

nlohmann::json detail(const nlohmann::json& data, Behaviour behaviour) {
    for (const auto& scenario : data["scenarios"]) {
        for (const auto& one : scenario["cases"]) {
            if (one[1] == static_cast<int>(behaviour) && one.size() > 4) {
                return data["details"][one[4].get<std::size_t>()];
            }
        }
    }
    return nullptr;
}

}  // namespace

TEST_CASE("HTML: a page holds each case, its findings, clauses and bugs") {
    const FullRun full;
    const nlohmann::json data = data_of(html_page(full.played.run, catalogue()));
    CHECK(data["scenarios"].size() == full.played.cases.size());
    CHECK(data["sections"][0]["label"] == "RFC 6455 §5.4");
    CHECK(data["requirements"]["6455-5.4-8"]["summary"] ==
          catalogue().requirement("6455-5.4-8")->summary);
    CHECK(data["bugs"]["B8"]["harm"] == catalogue().bug("B8")->harm);
    CHECK(data["rulings"]["A20"]["verdict"] == catalogue().ambiguity("A20")->verdict);
    CHECK(data["replay"] == "wsproof test ws://h/ --seed 7");
    const nlohmann::json fail = detail(data, Behaviour::fail);
    CHECK(fail["f"][0]["g"] == "nothing");
    CHECK(fail["f"][0]["e"].size() == 2);
}

TEST_CASE("HTML: the wire has 64 bytes of a payload, its length and hash, and who ended TCP") {
    const FullRun full;
    const nlohmann::json fail =
        detail(data_of(html_page(full.played.run, catalogue())), Behaviour::fail);
    REQUIRE(fail["t"].size() == 4);
    const nlohmann::json received = fail["t"][2];
    CHECK(received["x"].get<std::string>().size() == 2 * (64 + 14));
    CHECK(received["n"] == 304);
    CHECK(received["h"] == std::string(64, 'a'));
    CHECK(received["i"] == "42");
    CHECK(fail["t"][3]["e"] == 1);
    CHECK(fail["p"].size() == 2);
    CHECK(fail["w"] == 2);  // the entry that had come by 1.5 ms
}

TEST_CASE("HTML: passes have no transcript") {
    const FullRun full;
    CHECK(detail(data_of(html_page(full.played.run, catalogue())), Behaviour::pass).is_null());
}

TEST_CASE("HTML: a peer cannot put script into a page") {
    FullRun full;
    RunResult& run = full.played.run;
    full.played.fail(0, kInjection);
    run.results[0].transcript[2].summary = kInjection;
    run.results[0].reason = kInjection;
    run.results[0].known = kInjection;
    run.target = kInjection;
    run.facts = {{"server", kInjection + kHostile}};
    run.deaths = {kInjection};
    run.findings = {a_finding(Behaviour::info, kInjection)};
    const std::string text = html_page(run, catalogue());
    CHECK(times(text, "<script") == 2);  // the data and the page's own
    CHECK(times(text, "</script") == 2);
    CHECK(times(text, "<img") == 0);
    CHECK(data_of(text)["details"][0]["f"][0]["g"] == kInjection);
    const std::string matrix =
        html_matrix({{.name = kInjection, .file = "a.html", .tool = "wsproof", .run = &run}},
                    catalogue(), kInjection);
    CHECK(times(matrix, "<script") == 2);
    CHECK(times(matrix, "<img") == 0);
}

TEST_CASE("HTML: a page loads nothing, and its policy lets in its own script alone") {
    const FullRun full;
    const std::string text = html_page(full.played.run, catalogue());
    CHECK(times(text, " src=") == 0);
    CHECK(times(text, "<link") == 0);
    CHECK(times(text, "@import") == 0);
    CHECK(times(text, "url(") == 0);
    CHECK_THAT(text, Contains("default-src 'none'") && Contains("script-src 'sha256-"));
}

TEST_CASE("HTML: a transcript keeps to its size, and keeps the divergence") {
    CaseResult result;
    for (int i = 0; i < 500; ++i) {
        Entry entry;
        entry.kind = i % 2 == 0 ? Entry::Kind::sent : Entry::Kind::received;
        entry.ms = i;
        entry.connection = "main";
        entry.summary = "Text " + std::to_string(i);
        entry.bytes = std::vector<std::byte>(200, std::byte{1});
        entry.size = 200;
        result.transcript.push_back(entry);
        result.pieces.push_back({entry.ms, "main", i % 2 == 0, 200});
    }
    const int divergence = GENERATE(0, 1, 250, 251, 499);
    result.findings = {a_finding(Behaviour::fail, "x")};
    result.findings[0].ms = divergence + 0.5;
    const std::size_t size_max = GENERATE(512U, 1024U, 4096U);
    const Json json = transcript_json(result, size_max);
    CHECK(json.dump().size() <= size_max);
    CHECK(json["t"][json["w"].get<std::size_t>()]["s"] == "Text " + std::to_string(divergence));
}

TEST_CASE("HTML: however much fails, a page is under 1 MB") {
    std::vector<Case> cases;
    for (int i = 0; i < 2000; ++i) {
        Case made = a_case("5.4", "x" + std::to_string(i / 4));
        made.id += "[n=" + std::to_string(i) + "]";
        made.like = {"bug:B8"};
        cases.push_back(made);
    }
    Played played(std::move(cases));
    const FullRun full;
    for (std::size_t i = 0; i < 2000; ++i) {
        CaseResult& result = played.fail(i, std::string(3000, 'y'));
        result.transcript.assign(8, full.played.run.results[4].transcript[2]);
    }
    CHECK(html_page(played.run, catalogue()).size() <= 1'000'000);
}

TEST_CASE("HTML: the matrix has a letter for each scenario and target, and a score by section") {
    FullRun first;
    Played second({a_case("5.4", "case-0")});
    second.run.role = Role::client;
    second.run.facts = {{"version", "1.2"}};
    const nlohmann::json data = data_of(html_matrix(
        {{.name = "one", .file = "one.html", .tool = "wsproof", .run = &first.played.run},
         {.name = "two", .file = "two.html", .tool = "wsproof", .run = &second.run}},
        catalogue(), "All"));
    CHECK(data["targets"][0]["grid"] == "PINUFKCHBE");
    CHECK(data["targets"][1]["grid"] == "P.........");
    CHECK(data["targets"][1]["version"] == "1.2");
    CHECK(data["targets"][1]["role"] == "client");
    CHECK(data["targets"][0]["scores"][0] == nlohmann::json({2, 4, 1}));
    CHECK(data["targets"][0]["scores"][1] == nlohmann::json({0, 3, 3}));
    CHECK(data["kinds"].size() == 1);
}

TEST_CASE("HTML: a page of a run that has not begun has each case, and may ask its server alone") {
    const FullRun full;
    const std::string text = html_live(full.played.run.cases, catalogue(), "wsproof serve");
    CHECK_THAT(text, Contains("; connect-src 'self' ws:\">"));
    CHECK_THAT(html_page(full.played.run, catalogue()), !Contains("connect-src"));
    const nlohmann::json data = data_of(text);
    CHECK(data["scenarios"].size() == full.played.cases.size());
    CHECK(data["replay"] == "wsproof serve");
    for (const auto& scenario : data["scenarios"]) {
        CHECK(scenario["cases"][0][1] == -1);
        CHECK(scenario["cases"][0].size() == 4);
    }
}

TEST_CASE("HTML: a verdict says where it belongs, and all that the page does not know") {
    const FullRun full;
    const auto& run = full.played.run;
    const nlohmann::json data = data_of(html_live(run.cases, catalogue(), "wsproof serve"));
    const LiveVerdicts live(run.cases, catalogue());
    for (std::size_t i = 0; i < run.cases.size(); ++i) {
        const Json verdict = live.of(i, run.results[i]);
        const auto& scenario = data["scenarios"][verdict["at"][0].get<std::size_t>()];
        const auto& one = scenario["cases"][verdict["at"][1].get<std::size_t>()];
        CHECK(scenario["id"].get<std::string>() + one[0].get<std::string>() == run.cases[i]->id);
        CHECK(verdict["one"][0] == one[0]);
        CHECK(verdict["one"][1] == static_cast<int>(run.results[i].behaviour));
    }
    const Json fail =
        live.of(FullRun::at(Behaviour::fail), run.results[FullRun::at(Behaviour::fail)]);
    const Json& finding = fail["detail"]["f"][0];
    CHECK(finding["g"] == "nothing");
    CHECK(fail["requirements"].contains(finding["r"].get<std::string>()));
    CHECK(fail["rulings"].contains("A20"));
    CHECK(fail["detail"].contains("t"));  // the wire
    const Json pass =
        live.of(FullRun::at(Behaviour::pass), run.results[FullRun::at(Behaviour::pass)]);
    CHECK_FALSE(pass.contains("detail"));
}
