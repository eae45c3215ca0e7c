#include "catalogue.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace wsproof::conformance {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// for_each_row calls `take` with each row of a table; any fault of the file is told with its name.
template <typename Take>
void for_each_row(const fs::path& path, Take take) {
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error(
            path.string() +
            ": cannot be read; is wsproof installed in whole? WSPROOF_DATA names "
            "the folder that holds data and scenarios");
    }
    try {
        for (const json& row : json::parse(file)) {
            take(row);
        }
    } catch (const json::exception& error) {
        throw std::runtime_error(path.string() + ": " + error.what());
    }
}

Behaviour behaviour_of(const std::string& word) {
    return word == "FAIL"         ? Behaviour::fail
           : word == "NON-STRICT" ? Behaviour::non_strict
                                  : Behaviour::info;
}

// folder looks where the user says, beside the command (so that an installed tree may be moved), in
// the source tree, and where the build was to be installed.
fs::path folder(const char* name, const char* source) {
    if (const char* data = std::getenv("WSPROOF_DATA"); data != nullptr && *data != '\0') {
        return fs::path(data) / name;
    }
    std::error_code error;
    const fs::path command = fs::read_symlink("/proc/self/exe", error);
    const fs::path beside =
        (command.parent_path() / WSPROOF_DATA_BESIDE_COMMAND).lexically_normal();
    if (!error && fs::exists(beside / name, error)) {
        return beside / name;
    }
    return fs::exists(source, error) ? fs::path(source) : fs::path(WSPROOF_INSTALLED_DATA) / name;
}

}  // namespace

std::string Requirement::clause() const {
    return "RFC " + std::to_string(rfc) + " §" + section;
}

Catalogue::Catalogue(const fs::path& directory) {
    for_each_row(directory / "requirements.json", [this](const json& row) {
        Requirement requirement{.id = row.at("id"),
                                .rfc = row.at("rfc"),
                                .section = row.at("section"),
                                .level = row.at("level"),
                                .who = row.at("who"),
                                .summary = row.at("summary"),
                                .check = row.at("check"),
                                .on_the_wire = row.at("observable") == "wire",
                                .on_violation = behaviour_of(row.at("on_violation")),
                                .ambiguities = row.value("ambiguity", std::vector<std::string>{})};
        index_.emplace(requirement.id, requirements_.size());
        requirements_.push_back(std::move(requirement));
    });
    for_each_row(directory / "bugs.json", [this](const json& row) {
        bugs_.push_back({.id = row.at("id"),
                         .kind = row.at("class"),
                         .who = row.at("who"),
                         .trigger = row.at("trigger"),
                         .harm = row.at("harm"),
                         .roles = row.at("roles"),
                         .reason = row.value("reason", ""),
                         .evidence = row.value("evidence", std::vector<std::string>{})});
    });
    for_each_row(directory / "ambiguities.json", [this](const json& row) {
        ambiguities_.emplace(row.at("id"),
                             Ambiguity{row.at("id"), row.at("spot"), row.at("verdict")});
    });
    for_each_row(directory / "autobahn.json", [this](const json& row) {
        autobahn_.push_back({.id = row.at("id"),
                             .does = row.at("does"),
                             .play = row.value("play", std::vector<std::string>{})});
    });
}

const Requirement* Catalogue::requirement(std::string_view id) const {
    const auto found = index_.find(id);
    return found == index_.end() ? nullptr : &requirements_[found->second];
}

const Bug* Catalogue::bug(std::string_view id) const {
    const auto found =
        std::find_if(bugs_.begin(), bugs_.end(), [&](const Bug& each) { return each.id == id; });
    return found == bugs_.end() ? nullptr : &*found;
}

const Ambiguity* Catalogue::ambiguity(std::string_view id) const {
    const auto found = ambiguities_.find(id);
    return found == ambiguities_.end() ? nullptr : &found->second;
}

fs::path data_directory() {
    return folder("data", WSPROOF_SOURCE_DATA);
}

fs::path scenario_directory() {
    return folder("scenarios", WSPROOF_SOURCE_SCENARIOS);
}

}  // namespace wsproof::conformance
