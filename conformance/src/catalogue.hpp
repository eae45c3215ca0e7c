// The requirement catalogue and the lists beside it, as data.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "verdict.hpp"

namespace wsproof::conformance {

struct Requirement {
    std::string id;  // "6455-5.4-8"
    int rfc = 0;
    std::string section;  // "5.4"
    std::string level;    // "MUST", "SHOULD NOT"
    std::string who;      // "client", "server", "both", "proxy", "api"
    std::string summary;
    std::string check;
    bool on_the_wire = false;  // whether a peer can see it
    Behaviour on_violation = Behaviour::fail;
    std::vector<std::string> ambiguities;  // "A20"

    [[nodiscard]] std::string clause() const;  // "RFC 6455 §5.4"
};

struct Bug {
    std::string id;    // "B8"
    std::string kind;  // "Masking"
    std::string who;   // implementation, CVE
    std::string trigger;
    std::string harm;
    std::vector<std::string> roles{};     // "server", "client": whose wire can show it
    std::string reason{};                 // why none can
    std::vector<std::string> evidence{};  // addresses, or repository@commit
};

struct Ambiguity {
    std::string id;       // "A20"
    std::string spot;     // what it is about
    std::string verdict;  // the fair one
};

// AutobahnCase is one of the 517 that Autobahn|Testsuite 25.10.1 plays.
struct AutobahnCase {
    std::string id;                 // "5.6"
    std::string does;               // what it sends and wants
    std::vector<std::string> play;  // ids of the cases of ours that do the same, the nearest first
};

class Catalogue {
  public:
    // Reads requirements.json, bugs.json, ambiguities.json and autobahn.json of `directory`; throws
    // std::runtime_error that names the file and the reason.
    explicit Catalogue(const std::filesystem::path& directory);

    // nullptr if there is no such row.
    [[nodiscard]] const Requirement* requirement(std::string_view id) const;
    [[nodiscard]] const Bug* bug(std::string_view id) const;
    [[nodiscard]] const Ambiguity* ambiguity(std::string_view id) const;
    [[nodiscard]] const std::vector<Requirement>& requirements() const noexcept {
        return requirements_;
    }
    // bugs is in the order of the file: class by class.
    [[nodiscard]] const std::vector<Bug>& bugs() const noexcept { return bugs_; }
    // autobahn is in the order of the ids' numbers.
    [[nodiscard]] const std::vector<AutobahnCase>& autobahn() const noexcept { return autobahn_; }

  private:
    std::vector<Requirement> requirements_;
    std::map<std::string, std::size_t, std::less<>> index_;
    std::vector<Bug> bugs_;
    std::map<std::string, Ambiguity, std::less<>> ambiguities_;
    std::vector<AutobahnCase> autobahn_;
};

// data_directory holds the catalogue, scenario_directory the suites: in $WSPROOF_DATA (folders data
// and scenarios), where the build was installed, or in the source tree.
[[nodiscard]] std::filesystem::path data_directory();
[[nodiscard]] std::filesystem::path scenario_directory();

}  // namespace wsproof::conformance
