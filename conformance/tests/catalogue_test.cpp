#include "catalogue.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <regex>
#include <set>

namespace wsproof::conformance::test {

namespace {

namespace fs = std::filesystem;

// Folder is made afresh and goes away with its files.
class Folder {
  public:
    Folder() : path_(fs::temp_directory_path() / "wsproof-catalogue-test") {
        fs::remove_all(path_);
        fs::create_directories(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }
    void write(const char* file, const char* text) const { std::ofstream(path_ / file) << text; }
    [[nodiscard]] const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

std::string refused(const fs::path& directory) {
    try {
        const Catalogue catalogue(directory);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("Catalogue: names each of Autobahn's 517 cases once") {
    const Catalogue catalogue(data_directory());
    CHECK(catalogue.autobahn().size() == 517);
    std::set<std::string> ids;
    for (const AutobahnCase& each : catalogue.autobahn()) {
        CHECK_FALSE(each.does.empty());
        ids.insert(each.id);
    }
    CHECK(ids.size() == 517);
}

TEST_CASE("Catalogue: the project's own, row by row") {
    const Catalogue catalogue(data_directory());
    CHECK(catalogue.requirements().size() == 480);
    const std::regex shape("(6455|7692|8441|9220|7936|8307)-[0-9A-Z.]+-[0-9]+");
    for (const Requirement& row : catalogue.requirements()) {
        CAPTURE(row.id);
        CHECK(std::regex_match(row.id, shape));
        CHECK(catalogue.requirement(row.id) == &row);
        CHECK_FALSE(row.summary.empty());
        CHECK(row.id.find("-" + row.section + "-") != std::string::npos);
        for (const std::string& id : row.ambiguities) {
            CHECK(catalogue.ambiguity(id) != nullptr);
        }
    }
}

TEST_CASE("Catalogue: fields of a row, and rows that are not there") {
    const Catalogue catalogue(data_directory());
    const Requirement* row = catalogue.requirement("6455-5.1-4");
    REQUIRE(row != nullptr);
    CHECK(row->rfc == 6455);
    CHECK(row->section == "5.1");
    CHECK(row->level == "MUST NOT");
    CHECK(row->who == "server");
    CHECK(row->on_the_wire);
    CHECK(row->on_violation == Behaviour::fail);
    CHECK(row->clause() == "RFC 6455 §5.1");
    CHECK(catalogue.requirement("6455-7.4.1-13")->on_violation == Behaviour::non_strict);
    CHECK(catalogue.requirement("6455-5.5.1-12")->on_violation == Behaviour::info);
    CHECK(catalogue.requirement("6455-5.1") == nullptr);
    CHECK(catalogue.bug("Z9") == nullptr);
    CHECK(catalogue.ambiguity("A0") == nullptr);
}

TEST_CASE("Catalogue: bugs have a class, a trigger and a harm; every reading has a verdict") {
    const Catalogue catalogue(data_directory());
    const Bug* bug = catalogue.bug("A1");
    REQUIRE(bug != nullptr);
    CHECK(bug->kind == "64-bit length / integer overflow (crash, OOB, OOM, desync)");
    CHECK_FALSE(bug->who.empty());
    CHECK_FALSE(bug->trigger.empty());
    CHECK_FALSE(bug->harm.empty());
    for (const Bug& each : catalogue.bugs()) {
        CAPTURE(each.id);
        CHECK(each.roles.empty() == !each.reason.empty());
    }
    for (int i = 1; i <= 42; ++i) {
        const Ambiguity* reading = catalogue.ambiguity("A" + std::to_string(i));
        CAPTURE(i);
        REQUIRE(reading != nullptr);
        CHECK_FALSE(reading->spot.empty());
        CHECK_FALSE(reading->verdict.empty());
    }
}

TEST_CASE("Catalogue: a file that is absent, not JSON or short of a field is named") {
    const Folder folder;
    CHECK(refused(folder.path()).find("requirements.json: cannot be read") != std::string::npos);
    folder.write("requirements.json", "[{");
    CHECK(refused(folder.path()).find("requirements.json: ") != std::string::npos);
    folder.write("requirements.json", R"([{"id": "6455-1-1"}])");
    CHECK(refused(folder.path()).find("requirements.json: ") != std::string::npos);
    folder.write("requirements.json", "[]");
    CHECK(refused(folder.path()).find("bugs.json: cannot be read") != std::string::npos);
    folder.write("bugs.json", "[]");
    folder.write("ambiguities.json", "{}");
    folder.write("autobahn.json", "[]");
    CHECK(refused(folder.path()).empty());
}

TEST_CASE("Data directory: the environment goes first") {
    const char* before = std::getenv("WSPROOF_DATA");
    const std::optional<std::string> kept =
        before == nullptr ? std::nullopt : std::optional<std::string>(before);
    ::setenv("WSPROOF_DATA", "/nowhere", 1);
    CHECK(data_directory() == "/nowhere/data");
    CHECK(scenario_directory() == "/nowhere/scenarios");
    ::setenv("WSPROOF_DATA", "", 1);
    CHECK(fs::exists(data_directory() / "requirements.json"));
    if (kept) {
        ::setenv("WSPROOF_DATA", kept->c_str(), 1);
    } else {
        ::unsetenv("WSPROOF_DATA");
    }
}

}  // namespace wsproof::conformance::test
