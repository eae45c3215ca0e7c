// What wsproof asks of a client, as PORTING.md says: read from the environment, for the C++ shims.
#pragma once

#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace asked {

[[noreturn]] inline void unsupported() {
    std::_Exit(89);
}

inline std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

inline std::vector<std::string> pieces(const std::string& text, char separator) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string piece; std::getline(in, piece, separator);) {
        if (!piece.empty()) {
            out.push_back(piece);
        }
    }
    return out;
}

inline std::string subprotocols() {
    std::string out;
    for (const auto& name : pieces(variable("WSPROOF_SUBPROTOCOLS"), ',')) {
        out += (out.empty() ? "" : ", ") + name;
    }
    return out;
}

inline bool offers_deflate() {
    return variable("WSPROOF_DEFLATE") != "0";
}

inline std::vector<std::pair<std::string, std::string>> headers() {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& line : pieces(variable("WSPROOF_HEADERS"), '\n')) {
        const auto colon = line.find(':');
        const auto begin = line.find_first_not_of(' ', colon + 1);
        out.emplace_back(line.substr(0, colon),
                         begin == std::string::npos ? "" : line.substr(begin));
    }
    return out;
}

struct Action {
    std::string verb = "echo";
    std::string payload{};  // of binary: the bytes themselves
    int code = 0;           // of close; 0: none
    std::string reason{};
};

inline Action action() {
    const std::string words = variable("WSPROOF_ACTION");
    const auto colon = words.find(':');
    Action out;
    out.verb = words.empty() ? "echo" : words.substr(0, colon);
    const std::string rest = colon == std::string::npos ? "" : words.substr(colon + 1);
    out.payload = rest;
    if (out.verb == "binary") {
        out.payload.clear();
        for (std::size_t i = 0; i + 1 < rest.size(); i += 2) {
            out.payload += static_cast<char>(std::stoi(rest.substr(i, 2), nullptr, 16));
        }
    } else if (out.verb == "close" && !rest.empty()) {
        out.code = std::atoi(rest.c_str());
        const auto second = rest.find(':');
        out.reason = second == std::string::npos ? "" : rest.substr(second + 1);
    }
    return out;
}

}  // namespace asked
