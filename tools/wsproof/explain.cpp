// wsproof explain: what one scenario sends, accepts and cites, and which real bugs it would catch.
#include <algorithm>
#include <iostream>
#include <memory>

#include "commands.hpp"
#include "library.hpp"
#include "nearest.hpp"
#include "payload.hpp"
#include "player.hpp"
#include "report_format.hpp"

namespace wsproof::tools {

namespace {

using namespace conformance;

using Cases = std::vector<const Case*>;

constexpr std::size_t kCasesShown = 12;

const char* word(Level level) {
    switch (level) {
        case Level::must:
            return "must: unmet is fail";
        case Level::should:
            return "should: unmet is non-strict";
        case Level::may:
            return "may: unmet is info";
    }
    return "";
}

const char* word(UnderTest under_test) {
    switch (under_test) {
        case UnderTest::server:
            return "servers";
        case UnderTest::client:
            return "clients";
        case UnderTest::either:
            return "servers and clients";
    }
    return "";
}

void print(const std::string& label, const std::string& text) {
    constexpr std::size_t kLabelWidth = 10;
    std::cout << "  " << label << std::string(kLabelWidth - label.size(), ' ') << printable(text)
              << '\n';
}

void add_once(std::vector<std::string>& list, const std::string& word) {
    if (!word.empty() && std::find(list.begin(), list.end(), word) == list.end()) {
        list.push_back(word);
    }
}

// Rows and rulings: of the scenario, then of its steps.
struct Citations {
    std::vector<std::string> requirements;
    std::vector<std::string> rulings;
};

Citations citations_of(const Case& each, const Catalogue& catalogue) {
    Citations cited{each.requirements, {}};
    for (const Step& step : each.steps) {
        const auto* expect = std::get_if<ExpectStep>(&step.action);
        if (expect == nullptr) {
            continue;
        }
        add_once(cited.requirements, expect->requirement);
        add_once(cited.rulings, expect->because);
        for (const Expectation& one : expect->expectations) {
            add_once(cited.rulings, one.because);
        }
    }
    for (const std::string& id : cited.requirements) {
        const Requirement* row = catalogue.requirement(id);
        for (const std::string& ruling :
             row == nullptr ? std::vector<std::string>{} : row->ambiguities) {
            add_once(cited.rulings, ruling);
        }
    }
    return cited;
}

void print_citations(const Case& each, const Catalogue& catalogue) {
    const Citations cited = citations_of(each, catalogue);
    for (const std::string& id : cited.requirements) {
        if (const Requirement* row = catalogue.requirement(id)) {
            print("requires", id + "  " + row->clause() + ", " + row->level + ": " + row->summary);
        }
    }
    for (const std::string& id : cited.rulings) {
        if (const Ambiguity* ruling = catalogue.ambiguity(id)) {
            print("ruling", id + "  " + ruling->spot + ": " + ruling->verdict);
        }
    }
    std::string autobahn;
    for (const std::string& like : each.like) {
        const std::string id = like.substr(like.find(':') + 1);
        if (like.starts_with("autobahn:")) {
            autobahn += (autobahn.empty() ? "" : ", ") + id;
        } else if (const Bug* bug = catalogue.bug(id)) {
            print("catches", id + "  " + bug->who + ": " + bug->trigger + " → " + bug->harm);
        }
    }
    if (!autobahn.empty()) {
        print("autobahn", autobahn);
    }
}

// head_of is the wire head of a frame in hex; a key that is drawn by seed stands as dots.
std::string head_of(const FrameSpec& frame) {
    const std::uint64_t size = make_payload(frame.payload, 0).size() + (frame.close_code ? 2 : 0);
    wire::RawFrame raw;
    raw.fin = frame.fin;
    raw.rsv = frame.rsv;
    raw.opcode = frame.opcode;
    raw.length = frame.length;
    raw.declared = frame.declared.value_or(size);
    const bool is_masked = frame.mask.value_or(true);  // to a server
    if (is_masked) {
        raw.key = frame.key.value_or(wire::Key{});
    }
    wire::ByteString head;
    wire::append_frame(head, raw);
    std::string text = hex(head);
    if (is_masked && !frame.key) {
        text.replace(text.size() - 11, 11, ".. .. .. ..");
    }
    return text;
}

void print_heads(const std::vector<Item>& items) {
    for (const Item& item : items) {
        if (const auto* frame = std::get_if<FrameSpec>(&item.what)) {
            std::cout << "         head " << head_of(*frame)
                      << (item.offence ? "  (the offence)" : "") << '\n';
        }
    }
}

void print_steps(const Case& each) {
    std::size_t number = 0;
    for (const Step& step : each.steps) {
        std::cout << "    " << ++number << ". " << printable(describe_step(step)) << '\n';
        if (const auto* send = std::get_if<SendStep>(&step.action)) {
            print_heads(send->items);
        } else if (const auto* request = std::get_if<RequestStep>(&step.action)) {
            print_heads(request->then);
        }
    }
}

void explain(const Cases& cases, const Catalogue& catalogue, const LibraryOptions& options) {
    const Case& first = *cases.front();
    std::cout << (cases.size() == 1 ? first.id : first.scenario) << "\n  " << printable(first.title)
              << "\n\n";
    if (!first.why.empty()) {
        print("why", first.why);
    }
    std::string needs;
    for (const std::string& need : first.needs) {
        needs += (needs.empty() ? ", and needs " : ", ") + need;
    }
    print("judges", word(first.under_test) + needs);
    print("group", first.group);
    print("level", word(first.level));
    print_citations(first, catalogue);
    if (cases.size() > 1) {
        print("cases", std::to_string(cases.size()) + "; the steps below are those of the first");
        for (std::size_t i = 0; i < std::min(cases.size(), kCasesShown); ++i) {
            print("", cases[i]->id.substr(first.scenario.size()));
        }
        if (cases.size() > kCasesShown) {
            print("", "and " + std::to_string(cases.size() - kCasesShown) + " more: wsproof list " +
                          first.scenario);
        }
    }
    std::cout << "\n  steps\n";
    print_steps(first);
    RunResult run;
    run.target = "URL";
    if (first.under_test == UnderTest::client) {
        run.command = {"test", "--client", "CMD {url}"};
    }
    run.options = options_to_repeat(options);
    std::cout << '\n';
    print("play", replay_command(run, first));
}

// cases_of finds what an id means: a case, the cases of a scenario, or of the one scenario that it
// is a part of.
Cases cases_of(const std::vector<Case>& all, const std::string& id) {
    Cases exact;
    Cases like;
    for (const Case& each : all) {
        if (each.id == id || each.scenario == id) {
            exact.push_back(&each);
        } else if (matches(each.id, id)) {
            like.push_back(&each);
        }
    }
    const bool is_one_scenario = std::all_of(like.begin(), like.end(), [&](const Case* each) {
        return each->scenario == like.front()->scenario;
    });
    return !exact.empty() || !is_one_scenario ? exact : like;
}

int explain_all(LibraryOptions options) {
    std::vector<std::string> ids = std::move(options.filters);
    options.filters.clear();
    if (ids.empty() && options.likes.empty()) {
        std::cerr << "wsproof explain: name a case, or give --like\n";
        return kUsage;
    }
    const auto chosen = choose(options, {"all"});
    if (chosen == nullptr) {
        return kUsage;
    }
    if (ids.empty()) {
        for (const Case* each : chosen->cases) {
            add_once(ids, each->scenario);
        }
    }
    int code = kConforms;
    for (const std::string& id : ids) {
        const Cases cases = cases_of(chosen->library.cases, id);
        if (cases.empty()) {
            const bool is_part =
                std::any_of(chosen->cases.begin(), chosen->cases.end(),
                            [&](const Case* each) { return matches(each->id, id); });
            std::cerr << "wsproof explain: "
                      << (is_part ? "more than one scenario matches \"" : "no case is called \"")
                      << id << '"'
                      << (is_part ? "; wsproof list " + shell_quoted(id) + " shows them"
                                  : did_you_mean(nearest(chosen->library.cases, id)))
                      << '\n';
            if (const std::string hint = is_part ? "" : file_hint(id); !hint.empty()) {
                std::cerr << "wsproof explain: " << hint << '\n';
            }
            code = kUsage;
            continue;
        }
        explain(cases, chosen->catalogue, options);
    }
    return code;
}

}  // namespace

void add_explain(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<LibraryOptions>();
    CLI::App* command =
        app.add_subcommand("explain", "Say what a case sends, accepts, cites, and would catch");
    add_library_options(*command, *options);
    command->add_option("id", options->filters, "Ids of cases or scenarios, or a part of one")
        ->type_name("");
    command->callback([options, &exit_code] { exit_code = explain_all(*options); });
}

}  // namespace wsproof::tools
