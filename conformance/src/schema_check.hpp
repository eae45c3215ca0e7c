// Holds a suite to scenarios/schema.json (JSON Schema, draft 7).
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace wsproof::conformance {

struct SchemaFault {
    std::string pointer;  // JSON pointer into the document
    std::string reason;
};

class SchemaCheck {
  public:
    // Reads the schema; throws std::runtime_error that names the file and the reason.
    explicit SchemaCheck(const std::filesystem::path& schema);
    ~SchemaCheck();

    // check gives every fault of the document, the innermost ones only. Strings and sizes are
    // looked at in O(size of the document).
    [[nodiscard]] std::vector<SchemaFault> check(const nlohmann::json& document) const;

  private:
    struct Compiled;
    std::unique_ptr<Compiled> compiled_;
};

}  // namespace wsproof::conformance
