#include "scenario_load.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "json_file.hpp"
#include "json_reader.hpp"
#include "scenario_parse.hpp"
#include "schema_check.hpp"
#include "selection.hpp"

namespace wsproof::conformance {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 9> kNeeds = {
    "echo", "ping", "subprotocol", "deflate", "tcp", "tls", "connections", "client", "actions"};
template <typename List>
std::string listed(const List& list) {
    std::string text;
    for (const auto& element : list) {
        text += (text.empty() ? "" : ", ") + std::string(element);
    }
    return text;
}

template <typename List>
void need_known(const std::string& word, const List& known, const std::string& pointer) {
    if (std::find(known.begin(), known.end(), word) == known.end()) {
        throw BadScenario(pointer, "\"" + word + "\" is none of: " + listed(known));
    }
}

UnderTest under_test_of(const std::string& word, const std::string& pointer) {
    need_known(word, std::array<std::string_view, 3>{"server", "client", "either"}, pointer);
    return word == "server"   ? UnderTest::server
           : word == "client" ? UnderTest::client
                              : UnderTest::either;
}

Level level_of(const std::string& word, const std::string& pointer) {
    need_known(word, std::array<std::string_view, 3>{"must", "should", "may"}, pointer);
    return word == "must" ? Level::must : word == "should" ? Level::should : Level::may;
}

// parse_wishes reads what a client under test is asked for.
ClientWishes parse_wishes(const Json& value, const std::string& pointer) {
    JsonReader reader(value, pointer);
    ClientWishes wishes;
    wishes.resource = reader.text("resource").value_or("/");
    wishes.action = reader.text("action").value_or("");
    wishes.subprotocols = reader.texts("subprotocols");
    wishes.deflate = reader.flag("deflate");
    wishes.headers = reader.texts("headers");
    reader.done();
    return wishes;
}

// is_told: the parser's errors say already what the schema's fault says, at its place or around it.
bool is_told(std::span<const LoadError> errors, const SchemaFault& fault) {
    const std::string parent = fault.pointer.substr(0, fault.pointer.find_last_of('/'));
    const auto is_unknown_word = [](const std::string& reason) {
        return reason.starts_with("nothing here is called");
    };
    return std::any_of(errors.begin(), errors.end(), [&](const LoadError& error) {
        return (error.pointer == fault.pointer || error.pointer == parent) &&
               is_unknown_word(error.reason) == is_unknown_word(fault.reason);
    });
}

// need_one_offence: only the first byte sequence that breaks the RFC is the offence; what follows
// it cannot be a second one.
void need_one_offence(const std::vector<Step>& steps) {
    std::set<std::string> offended;  // connections
    for (const Step& step : steps) {
        const auto* send = std::get_if<SendStep>(&step.action);
        const auto* request = std::get_if<RequestStep>(&step.action);
        const auto* respond = std::get_if<RespondStep>(&step.action);
        const auto offend = [&] {
            if (!offended.insert(step.on).second) {
                throw BadScenario(step.pointer,
                                  "a second offence on the connection \"" + step.on +
                                      "\": the offence is the first bytes that break the RFC");
            }
        };
        if (respond != nullptr && respond->offence) {
            offend();
        }
        const std::vector<Item> none;
        for (const Item& item : send != nullptr      ? send->items
                                : request != nullptr ? request->then
                                : respond != nullptr ? respond->then
                                                     : none) {
            if (item.offence) {
                offend();
            }
        }
    }
}

// lines_of_ids: the line of each `"id": "…"`, from 1; a parsed document no longer knows it.
std::map<std::string, std::size_t> lines_of_ids(const fs::path& path) {
    constexpr std::string_view kKey = "\"id\": \"";
    std::map<std::string, std::size_t> lines;
    std::ifstream file(path);
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (const std::size_t at = line.find(kKey); at != std::string::npos) {
            const std::size_t begin = at + kKey.size();
            lines.emplace(line.substr(begin, line.find('"', begin) - begin), number);
        }
    }
    return lines;
}

// Loader reads one file; what is wrong in one scenario does not hide what is wrong in the next.
class Loader {
  public:
    Loader(Library& library, const Catalogue& catalogue, std::set<std::string>& ids)
        : library_(library),
          catalogue_(catalogue),
          ids_(ids),
          schema_(scenario_directory() / "schema.json") {}

    void read(const fs::path& path, const std::string& expected_suite) {
        file_ = path.string();
        lines_ = lines_of_ids(path);
        Json json;
        try {
            json = read_json(path);
        } catch (const BadScenario& error) {
            refuse(error.pointer, error.what());
            return;
        }
        const std::size_t known = library_.errors.size();
        try {
            read_suite(json, expected_suite);
        } catch (const BadScenario& error) {
            refuse(error.pointer, error.what());
        }
        const std::vector<LoadError> told(
            library_.errors.begin() + static_cast<std::ptrdiff_t>(known), library_.errors.end());
        for (SchemaFault& fault : schema_.check(nlohmann::json::parse(json.dump()))) {
            if (!is_told(told, fault)) {
                refuse(std::move(fault.pointer), std::move(fault.reason));
            }
        }
    }

  private:
    void refuse(std::string pointer, std::string reason) {
        library_.errors.push_back({file_, std::move(pointer), std::move(reason)});
    }

    void read_suite(const Json& json, const std::string& expected) {
        JsonReader reader(json, "");
        const std::string suite = reader.text("suite").value_or("");
        if (suite.empty() || (!expected.empty() && suite != expected)) {
            throw BadScenario("/suite", "the suite's name is its path: \"" + expected +
                                            "\", not \"" + suite + "\"");
        }
        if (reader.number("version").value_or(0) < 1) {
            throw BadScenario("/version", "a version from 1 up is wanted");
        }
        const std::string section = reader.text("section").value_or("");
        const std::string title = reader.text("title").value_or("");
        if (section.empty() || title.empty()) {
            throw BadScenario("", "a suite has a \"section\" and a \"title\"");
        }
        const Json* scenarios = reader.take("scenarios");
        reader.done();
        if (scenarios == nullptr || !scenarios->is_array()) {
            throw BadScenario("/scenarios", "a list of scenarios is wanted here");
        }
        for (std::size_t i = 0; i < scenarios->size(); ++i) {
            try {
                Case common;
                common.suite = suite;
                common.section = section;
                common.suite_title = title;
                common.file = file_;
                read_scenario((*scenarios)[i], "/scenarios/" + std::to_string(i),
                              std::move(common));
            } catch (const BadScenario& error) {
                refuse(error.pointer, error.what());
            }
        }
    }

    void read_scenario(const Json& json, const std::string& pointer, Case common) {
        JsonReader reader(json, pointer);
        const std::string id = reader.text("id").value_or("");
        if (id.empty() ||
            id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos) {
            throw BadScenario(pointer + "/id",
                              "an id is kebab-case: small letters, digits and hyphens");
        }
        common.scenario = common.suite + "/" + id;
        if (!ids_.insert(common.scenario).second) {
            throw BadScenario(pointer + "/id", "\"" + id + "\" is there twice");
        }
        common.line = lines_[id];
        common.title = reader.text("title").value_or("");
        if (common.title.empty()) {
            throw BadScenario(pointer, "a scenario has a \"title\": the behaviour that conforms");
        }
        common.why = reader.text("why").value_or("");
        common.requirements = reader.texts("requires");
        common.like = reader.texts("like");
        common.needs = reader.texts("needs");
        common.under_test =
            under_test_of(reader.text("under_test").value_or("either"), reader.at("under_test"));
        common.level = level_of(reader.text("level").value_or("must"), reader.at("level"));
        common.group = reader.text("group").value_or("core");
        check_words(common, reader);
        const Json* client = reader.take("client");
        const Json* loop = reader.take("for");
        const Json* steps = reader.take("steps");
        reader.done();
        if (steps == nullptr) {
            throw BadScenario(pointer, "a scenario has \"steps\"");
        }
        const std::vector<Parameters> sets =
            loop == nullptr ? std::vector<Parameters>(1) : expand(*loop, reader.at("for"));
        for (const Parameters& parameters : sets) {
            Case made = common;
            if (client != nullptr) {
                made.client = parse_wishes(fill_in(*client, parameters, reader.at("client")),
                                           reader.at("client"));
            }
            add_case(std::move(made), *steps, parameters, reader.at("steps"));
        }
    }

    // check_words collects all that is wrong: it does not keep the steps from being read.
    void check_words(const Case& common, const JsonReader& reader) {
        const auto known = [](const auto& words, const std::string& word) {
            return std::find(words.begin(), words.end(), word) != words.end();
        };
        if (!known(all_groups(), common.group)) {
            refuse(reader.at("group"),
                   "\"" + common.group + "\" is none of: " + listed(all_groups()));
        }
        for (const std::string& need : common.needs) {
            if (!known(kNeeds, need)) {
                refuse(reader.at("needs"), "\"" + need + "\" is none of: " + listed(kNeeds));
            }
        }
        if (common.requirements.empty()) {
            refuse(reader.at("requires"),
                   "a scenario cites the catalogue row that it holds the peer to");
        }
        for (const std::string& row : common.requirements) {
            if (catalogue_.requirement(row) == nullptr) {
                refuse(reader.at("requires"),
                       "\"" + row + "\" is no row of the requirement catalogue");
            }
        }
        for (const std::string& like : common.like) {
            const bool is_bug = like.starts_with("bug:");
            if ((!is_bug && !like.starts_with("autobahn:")) ||
                (is_bug && catalogue_.bug(like.substr(4)) == nullptr)) {
                refuse(reader.at("like"),
                       "\"" + like + "\" is neither an Autobahn case nor a known bug");
            }
        }
    }

    void add_case(Case made, const Json& steps, const Parameters& parameters,
                  const std::string& pointer) {
        made.id = made.scenario + id_of(parameters);
        for (const auto& [name, value] : parameters) {
            made.parameters.emplace_back(name, text_of(value));
        }
        made.steps = parse_steps(fill_in(steps, parameters, pointer), parameters, pointer);
        need_one_offence(made.steps);
        if (std::any_of(made.steps.begin(), made.steps.end(), [](const Step& step) {
                return std::holds_alternative<DeflateStep>(step.action);
            })) {
            made.client.deflate = true;
        }
        for (const Step& step : made.steps) {
            if (const auto* expect = std::get_if<ExpectStep>(&step.action);
                expect != nullptr && !expect->requirement.empty() &&
                catalogue_.requirement(expect->requirement) == nullptr) {
                throw BadScenario(step.pointer,
                                  "\"" + expect->requirement + "\" is no row of the catalogue");
            }
        }
        if (!ids_.insert(made.id + " ").second) {
            throw BadScenario(pointer, "the case " + made.id + " is there twice");
        }
        library_.cases.push_back(std::move(made));
    }

    Library& library_;
    const Catalogue& catalogue_;
    std::set<std::string>& ids_;
    SchemaCheck schema_;
    std::string file_;
    std::map<std::string, std::size_t> lines_;
};

std::vector<fs::path> suites_below(const fs::path& directory, std::error_code& error) {
    std::vector<fs::path> files;
    const fs::recursive_directory_iterator end;
    for (fs::recursive_directory_iterator at(directory, error); !error && at != end;
         at.increment(error)) {
        const fs::path& path = at->path();
        if (path.extension() == ".json" && path.filename() != "schema.json") {
            files.push_back(path);
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

// section_key sorts "10.4" behind "5.10" and "5.5.1" behind "5.5".
std::vector<int> section_key(const std::string& section) {
    std::vector<int> key;
    std::stringstream stream(section);
    for (std::string part; std::getline(stream, part, '.');) {
        key.push_back(part.empty() || part.find_first_not_of("0123456789") != std::string::npos
                          ? 9999
                          : std::stoi(part));
    }
    return key;
}

// The order of the files is kept within a section. (std::stable_sort warns of its own insides on
// clang-19.)
void sort_by_section(std::vector<Case>& cases) {
    std::map<std::pair<std::string, std::vector<int>>, std::vector<Case>> sections;
    for (Case& each : cases) {
        const std::string collection = each.id.substr(0, each.id.find('/'));
        sections[{collection, section_key(each.section)}].push_back(std::move(each));
    }
    cases.clear();
    for (auto& [key, group] : sections) {
        std::move(group.begin(), group.end(), std::back_inserter(cases));
    }
}

}  // namespace

std::string LoadError::to_string() const {
    return file + (pointer.empty() ? "" : ": " + pointer) + ": " + reason;
}

Library load(std::span<const fs::path> paths, const Catalogue& catalogue) {
    Library library;
    std::set<std::string> ids;
    Loader loader(library, catalogue, ids);
    for (const fs::path& path : paths) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            loader.read(path, "");
            continue;
        }
        const std::vector<fs::path> files = suites_below(path, error);
        if (error) {
            library.errors.push_back({path.string(), "", error.message()});
        }
        for (const fs::path& file : files) {
            loader.read(file, file.lexically_relative(path).replace_extension().generic_string());
        }
        if (files.empty() && !error) {
            library.errors.push_back({path.string(), "", "no suites in this directory"});
        }
    }
    sort_by_section(library.cases);
    for (std::size_t i = 0; i < library.cases.size(); ++i) {
        library.cases[i].index = i;
    }
    return library;
}

}  // namespace wsproof::conformance
