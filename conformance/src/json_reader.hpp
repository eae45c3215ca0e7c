// Reads one JSON object of a scenario: typed members, and an error for each one nobody asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scenario.hpp"
#include "template.hpp"

namespace wsproof::conformance {

class JsonReader {
  public:
    // Throws BadScenario if `value` is not an object.
    JsonReader(const Json& value, std::string pointer);

    [[nodiscard]] bool has(const char* key) const { return value_.contains(key); }
    // take marks the member as read; nullptr if it is absent.
    const Json* take(const char* key);
    [[nodiscard]] std::string at(const char* key) const { return pointer_ + "/" + key; }

    std::optional<std::string> text(const char* key);
    std::optional<bool> flag(const char* key);
    // number: also "0x…" in a string, for what JSON cannot say. From 0 to `most`.
    std::optional<std::uint64_t> number(const char* key, std::uint64_t most = UINT64_MAX);
    std::optional<PayloadSpec> payload(const char* key);
    std::vector<std::string> texts(const char* key);  // a list of strings; empty if absent
    std::optional<Behaviour> behaviour(const char* key);

    // done throws BadScenario for the first member that was not taken.
    void done() const;

    [[nodiscard]] const std::string& pointer() const noexcept { return pointer_; }
    [[noreturn]] void refuse(const std::string& reason) const {
        throw BadScenario(pointer_, reason);
    }

  private:
    const Json& value_;
    std::string pointer_;
    std::set<std::string> taken_;
};

// payload_of checks and wraps a recipe.
[[nodiscard]] PayloadSpec payload_of(const Json& recipe, const std::string& pointer);
[[nodiscard]] std::uint64_t number_of(const Json& value, const std::string& pointer,
                                      std::uint64_t most);

}  // namespace wsproof::conformance
