#include "json_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace wsproof::conformance {

namespace {

// bounded_depth keeps what walks a document from running out of stack.
bool bounded_depth(int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
    constexpr int kDepthMax = 100;
    if (depth > kDepthMax) {
        throw BadScenario("", "nested deeper than " + std::to_string(kDepthMax));
    }
    return true;
}

std::string place_of(const std::string& text, std::size_t byte) {
    const auto end =
        text.begin() + static_cast<std::ptrdiff_t>(std::min(byte > 0 ? byte - 1 : 0, text.size()));
    const auto line = std::count(text.begin(), end, '\n') + 1;
    const auto column =
        end - std::find(std::make_reverse_iterator(end), text.rend(), '\n').base() + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

std::string syntax_reason(const std::string& what) {
    const std::size_t at = what.rfind("syntax error");
    return "not JSON: " + (at == std::string::npos ? what : what.substr(at));
}

}  // namespace

Json read_json(const std::filesystem::path& path) {
    std::ifstream stream(path);
    std::stringstream text;
    text << stream.rdbuf();
    if (!stream) {
        throw BadScenario("", "cannot be read");
    }
    try {
        return Json::parse(text.str(), bounded_depth);
    } catch (const Json::parse_error& error) {
        throw BadScenario(place_of(text.str(), error.byte), syntax_reason(error.what()));
    }
}

}  // namespace wsproof::conformance
