// Suite files for tests, in a directory that goes away with the object.
#pragma once

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "scenario_load.hpp"

namespace wsproof::conformance::test {

inline const Catalogue& catalogue() {
    static const Catalogue read(data_directory());
    return read;
}

class Suites {
  public:
    Suites() {
        std::string pattern = (std::filesystem::temp_directory_path() / "suites-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        directory_ = pattern;
    }
    ~Suites() {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
    Suites(const Suites&) = delete;
    Suites& operator=(const Suites&) = delete;

    // write stores `text` as the suite of this name.
    void write(const std::string& suite, const std::string& text) const {
        const std::filesystem::path path = directory_ / (suite + ".json");
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }
    // write_scenarios wraps scenarios in the suite t/suite.
    void write_scenarios(const std::string& scenarios) const {
        write(
            "t/suite",
            R"({"suite": "t/suite", "version": 1, "section": "5.4", "title": "T", "scenarios": [)" +
                scenarios + "]}");
    }
    [[nodiscard]] Library load() const {
        const std::vector<std::filesystem::path> paths = {directory_};
        return conformance::load(paths, catalogue());
    }
    [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

  private:
    std::filesystem::path directory_;
};

// scenario: one with this id, and `rest` for its steps and what else it has.
inline std::string scenario(const std::string& id, const std::string& rest) {
    return R"({"id": ")" + id + R"(", "title": "T", "requires": ["6455-5.4-8"], )" + rest + "}";
}

inline std::vector<std::string> ids(const Library& library) {
    std::vector<std::string> all;
    for (const Case& each : library.cases) {
        all.push_back(each.id);
    }
    return all;
}

inline std::string told(const Library& library) {
    std::string all;
    for (const LoadError& error : library.errors) {
        all += error.pointer + ": " + error.reason + "\n";
    }
    return all;
}

}  // namespace wsproof::conformance::test
