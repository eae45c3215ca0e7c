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
};

struct Ambiguity {
    std::string id;       // "A20"
    std::string spot;     // what it is about
    std::string verdict;  // the fair one
};

class Catalogue {
  public:
    // Reads requirements.json, bugs.json and ambiguities.json of `directory`; throws
    // std::runtime_error that names the file and the reason.
    explicit Catalogue(const std::filesystem::path& directory);

    // nullptr if there is no such row.
    [[nodiscard]] const Requirement* requirement(std::string_view id) const;
    [[nodiscard]] const Bug* bug(std::string_view id) const;
    [[nodiscard]] const Ambiguity* ambiguity(std::string_view id) const;
    [[nodiscard]] const std::vector<Requirement>& requirements() const noexcept {
        return requirements_;
    }

  private:
    std::vector<Requirement> requirements_;
    std::map<std::string, std::size_t, std::less<>> index_;
    std::map<std::string, Bug, std::less<>> bugs_;
    std::map<std::string, Ambiguity, std::less<>> ambiguities_;
};

// data_directory holds the catalogue, scenario_directory the suites: in $WSPROOF_DATA (folders data
// and scenarios), where the build was installed, or in the source tree.
[[nodiscard]] std::filesystem::path data_directory();
[[nodiscard]] std::filesystem::path scenario_directory();

}  // namespace wsproof::conformance
