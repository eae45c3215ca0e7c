#include "schema_check.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace wsproof::conformance {

namespace {

using Context = std::vector<std::string>;

// pointer_of turns valijson's path (`<root>`, `["steps"]`, `[0]`) into a JSON pointer (RFC 6901).
std::string pointer_of(const Context& context) {
    std::string pointer;
    for (std::size_t i = 1; i < context.size(); ++i) {
        std::string_view part = context[i];
        if (part.starts_with("[")) {
            part = part.substr(1, part.size() - 2);
        }
        if (part.starts_with("\"")) {
            part = part.substr(1, part.size() - 2);
        }
        pointer += '/';
        for (const char c : part) {
            pointer += c == '~' ? std::string("~0") : c == '/' ? "~1" : std::string(1, c);
        }
    }
    return pointer;
}

// reason_of says it in the words of the loader. valijson quotes the property at the end.
std::string reason_of(const std::string& description, const nlohmann::json& document,
                      const std::string& pointer) {
    const nlohmann::json::json_pointer place(pointer);
    const nlohmann::json value = document.contains(place) ? document.at(place) : nlohmann::json();
    const std::string shown = value.dump().substr(0, 60);
    if (description.find("could not be validated using") != std::string::npos) {
        const std::size_t begin = description.rfind(": '") + 3;
        return "nothing here is called \"" +
               description.substr(begin, description.rfind('\'') - begin) + "\"";
    }
    if (pointer == "/suite") {
        return shown + " is no name of a suite: FOLDER/NAME in small letters, as in \"mine/first\"";
    }
    if (description.find("regex") != std::string::npos ||
        description.find("enum") != std::string::npos) {
        return shown + " is not one of the words, or not of the form, that may stand here";
    }
    if (description.find("'type'") != std::string::npos) {
        return "a value of another type is wanted here, not " + shown;
    }
    const std::size_t fraction = description.find(".000000");
    return description.substr(0, fraction);
}

// Errors of a container that only repeat that something inside is wrong.
bool is_echo(const Context& outer, const Context& inner) {
    return outer.size() < inner.size() && std::equal(outer.begin(), outer.end(), inner.begin());
}

bool speaks_for_itself(const std::string& description) {
    return description.find("could not be validated using") != std::string::npos ||
           description.find("Missing required") != std::string::npos;
}

}  // namespace

struct SchemaCheck::Compiled {
    valijson::Schema schema;
};

SchemaCheck::SchemaCheck(const std::filesystem::path& schema)
    : compiled_(std::make_unique<Compiled>()) {
    std::ifstream file(schema);
    if (!file) {
        throw std::runtime_error(schema.string() + ": cannot be read");
    }
    try {
        const nlohmann::json json = nlohmann::json::parse(file);
        valijson::SchemaParser parser;
        const valijson::adapters::NlohmannJsonAdapter adapter(json);
        parser.populateSchema(adapter, compiled_->schema);
    } catch (const std::exception& error) {
        throw std::runtime_error(schema.string() + ": " + error.what());
    }
}

SchemaCheck::~SchemaCheck() = default;

std::vector<SchemaFault> SchemaCheck::check(const nlohmann::json& document) const {
    valijson::Validator validator;
    valijson::ValidationResults results;
    const valijson::adapters::NlohmannJsonAdapter adapter(document);
    // Without results valijson stops at the first fault: faster for what is right.
    if (validator.validate(compiled_->schema, adapter, nullptr)) {
        return {};
    }
    validator.validate(compiled_->schema, adapter, &results);
    std::vector<SchemaFault> faults;
    for (const auto& error : results) {
        const bool repeats = std::any_of(results.begin(), results.end(), [&](const auto& other) {
            return is_echo(error.context, other.context);
        });
        if (repeats && !speaks_for_itself(error.description)) {
            continue;
        }
        const std::string pointer = pointer_of(error.context);
        SchemaFault fault{pointer, reason_of(error.description, document, pointer)};
        if (std::none_of(faults.begin(), faults.end(), [&](const SchemaFault& known) {
                return known.pointer == fault.pointer && known.reason == fault.reason;
            })) {
            faults.push_back(std::move(fault));
        }
    }
    return faults;
}

}  // namespace wsproof::conformance
