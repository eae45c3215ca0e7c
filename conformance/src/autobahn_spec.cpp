#include "autobahn_spec.hpp"

#include <algorithm>
#include <set>

#include "json_reader.hpp"
#include "nearest.hpp"
#include "selection.hpp"

namespace wsproof::conformance {

namespace {

using Strings = std::vector<std::string>;

constexpr const char* kAll = "; [\"*\"] names all";

bool is_pattern(std::string_view text) {
    return text.find('*') != std::string_view::npos;
}

// parts_of makes "6.10.1" comparable: 6, 10, 1.
std::vector<std::uint64_t> parts_of(const std::string& number) {
    std::vector<std::uint64_t> parts;
    for (std::size_t at = 0; at < number.size();) {
        std::size_t size = 0;
        parts.push_back(std::stoull(number.substr(at), &size));
        at += size + 1;
    }
    return parts;
}

// matching gives the numbers that a pattern of "cases" or "exclude-cases" stands for. With a star
// it is held against the beginning of a number, else against all of it.
Strings matching(const std::string& pattern, const Strings& numbers) {
    Strings found;
    for (const std::string& number : numbers) {
        if (is_pattern(pattern) ? is_like(number, pattern + "*") : number == pattern) {
            found.push_back(number);
        }
    }
    return found;
}

std::string suggestion(const std::string& pattern, const Strings& numbers) {
    if (!is_pattern(pattern) && !matching(pattern + ".*", numbers).empty()) {
        return "; did you mean " + pattern + ".*?";
    }
    return did_you_mean(nearest(numbers, pattern));
}

// is_remark: JSON has no comments, so people write members of such names.
bool is_remark(const std::string& key) {
    return key.empty() || key.find_first_of("_#/$") == 0 || key.starts_with("comment");
}

// refuse_unknown: Autobahn takes no notice of a mistyped name, and plays other cases than were
// meant.
void refuse_unknown(const Json& object, const std::string& pointer, const Strings& known) {
    if (!object.is_object()) {
        throw BadScenario(pointer, "an object is wanted");
    }
    for (const auto& [key, value] : object.items()) {
        if (std::find(known.begin(), known.end(), key) == known.end() && !is_remark(key)) {
            throw BadScenario(pointer + "/" + key, "nothing here is called \"" + key + "\"" +
                                                       did_you_mean(nearest(known, key)));
        }
    }
}

// refuse_options: Autobahn's own options have names that it alone knows; they are objects.
void refuse_options(JsonReader& reader) {
    const Json* options = reader.take("options");
    if (options != nullptr && !options->is_object()) {
        throw BadScenario(reader.at("options"), "an object is wanted");
    }
}

AutobahnTarget parse_target(const Json& value, const std::string& pointer) {
    refuse_unknown(value, pointer,
                   {"agent", "url", "options", "origin", "protocols", "hostname", "name", "desc"});
    JsonReader reader(value, pointer);
    AutobahnTarget target{.agent = reader.text("agent").value_or(""),
                          .url = reader.text("url").value_or(""),
                          .origin = reader.text("origin").value_or(""),
                          .hostname = reader.text("hostname").value_or(""),
                          .protocols = reader.texts("protocols"),
                          .pointer = pointer + "/url"};
    refuse_options(reader);
    if (target.url.empty()) {
        reader.refuse("\"url\" is missing");
    }
    return target;
}

std::vector<AutobahnTarget> parse_servers(JsonReader& reader) {
    std::vector<AutobahnTarget> targets;
    const Json* servers = reader.take("servers");
    if (servers == nullptr) {
        return targets;
    }
    if (!servers->is_array()) {
        throw BadScenario(reader.at("servers"), "a list is wanted");
    }
    for (std::size_t i = 0; i < servers->size(); ++i) {
        targets.push_back(
            parse_target((*servers)[i], reader.at("servers") + "/" + std::to_string(i)));
    }
    return targets;
}

Strings parse_cases(JsonReader& reader, const Strings& numbers, Strings& notes) {
    if (!reader.has("cases")) {
        reader.refuse(std::string("\"cases\" is missing") + kAll);
    }
    std::set<std::string> chosen;
    const Strings wanted = reader.texts("cases");
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const Strings found = matching(wanted[i], numbers);
        if (found.empty()) {
            throw BadScenario(
                reader.at("cases") + "/" + std::to_string(i),
                "no case is called \"" + wanted[i] + "\"" + suggestion(wanted[i], numbers));
        }
        chosen.insert(found.begin(), found.end());
    }
    // What excludes nothing is no error: files outlive cases.
    for (const std::string& pattern : reader.texts("exclude-cases")) {
        const Strings found = matching(pattern, numbers);
        if (found.empty()) {
            notes.push_back("\"" + pattern + "\" in exclude-cases excludes nothing" +
                            suggestion(pattern, numbers));
        }
        for (const std::string& number : found) {
            chosen.erase(number);
        }
    }
    if (chosen.empty()) {
        throw BadScenario(reader.at("cases"), std::string("no case is left to play") + kAll);
    }
    Strings cases(chosen.begin(), chosen.end());
    std::sort(cases.begin(), cases.end(),
              [](const auto& a, const auto& b) { return parts_of(a) < parts_of(b); });
    return cases;
}

std::vector<std::pair<std::string, Strings>> parse_excluded(JsonReader& reader) {
    std::vector<std::pair<std::string, Strings>> excluded;
    const Json* agents = reader.take("exclude-agent-cases");
    if (agents == nullptr) {
        return excluded;
    }
    JsonReader inner(*agents, reader.at("exclude-agent-cases"));
    for (const auto& [agent, patterns] : agents->items()) {
        excluded.emplace_back(agent, inner.texts(agent.c_str()));
    }
    return excluded;
}

void note_what_is_not_served(JsonReader& reader, AutobahnMode mode, Strings& notes) {
    const Json* port = reader.take("webport");
    if (mode == AutobahnMode::fuzzingserver && port != nullptr && *port != 0) {
        notes.emplace_back("\"webport\": no pages are served; the reports are in the outdir");
    }
    if (mode == AutobahnMode::fuzzingserver && !reader.texts("protocols").empty()) {
        notes.emplace_back("\"protocols\": no subprotocol is chosen");
    }
}

}  // namespace

bool AutobahnSpec::is_excluded(std::string_view agent, std::string_view number) const {
    // Unlike those of "cases", these patterns cover all of an agent's name, and all of a number.
    return std::any_of(excluded.begin(), excluded.end(), [&](const auto& each) {
        return matches_glob(agent, each.first) &&
               std::any_of(each.second.begin(), each.second.end(), [&](const std::string& pattern) {
                   return is_pattern(pattern) ? is_like(number, pattern) : number == pattern;
               });
    });
}

AutobahnSpec parse_autobahn_spec(const Json& spec, AutobahnMode mode, const Strings& numbers) {
    refuse_unknown(spec, "",
                   {"url", "outdir", "servers", "cases", "exclude-cases", "exclude-agent-cases",
                    "options", "webport", "protocols", "key", "cert"});
    JsonReader reader(spec, "");
    AutobahnSpec parsed;
    const bool is_client = mode == AutobahnMode::fuzzingclient;
    parsed.outdir =
        reader.text("outdir").value_or(is_client ? "./reports/servers" : "./reports/clients");
    if (const auto url = reader.text("url"); url && !is_client) {
        parsed.url = *url;
    }
    refuse_options(reader);
    parsed.servers = parse_servers(reader);
    parsed.cases = parse_cases(reader, numbers, parsed.notes);
    parsed.excluded = parse_excluded(reader);
    note_what_is_not_served(reader, mode, parsed.notes);
    return parsed;
}

}  // namespace wsproof::conformance
