#include "autobahn_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "nearest.hpp"
#include "query.hpp"

namespace wsproof::conformance {

namespace {

using What = DriverRequest::What;
using Query = std::map<std::string, std::string>;

constexpr int kBadRequest = 400;
constexpr int kNotFound = 404;

struct Endpoint {
    const char* path;
    What what;
    bool needs_case;
    bool needs_agent;
};
constexpr std::array kEndpoints = {
    Endpoint{"/getCaseCount", What::case_count, false, false},
    Endpoint{"/getCaseInfo", What::case_info, true, false},
    Endpoint{"/getCaseStatus", What::case_status, true, true},
    Endpoint{"/runCase", What::run_case, true, true},
    Endpoint{"/updateReports", What::update_reports, false, true},
    Endpoint{"/stopServer", What::stop_server, false, false},
};
const std::vector<std::string> kParameters = {"case", "agent", "casetuple", "shutdownOnComplete"};

DriverRequest refused(int status, std::string why) {
    return {.status = status, .refusal = std::move(why)};
}

std::vector<std::string> paths() {
    std::vector<std::string> all;
    for (const Endpoint& each : kEndpoints) {
        all.emplace_back(each.path);
    }
    return all;
}

// read_query gives the parameters that are not empty; or why they are refused.
std::string read_query(std::string_view text, Query& query) {
    for (const auto& [name, value] : query_of(text)) {
        if (std::find(kParameters.begin(), kParameters.end(), name) == kParameters.end()) {
            return "there is no parameter \"" + name + "\"" +
                   did_you_mean(nearest(kParameters, name));
        }
        if (!value.empty() && !query.emplace(name, value).second) {
            return "the parameter \"" + name + "\" is there twice";
        }
    }
    return {};
}

// find_case takes "case", an index from 1, or else "casetuple", a number; or says what is wrong.
std::string find_case(const Query& query, const std::vector<std::string>& numbers,
                      std::optional<std::size_t>& index) {
    const std::string played = " (" + std::to_string(numbers.size()) + " are played)";
    if (const auto given = query.find("case"); given != query.end()) {
        const std::string& text = given->second;
        std::size_t position = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
        if (error != std::errc{} || end != text.data() + text.size() || position < 1 ||
            position > numbers.size()) {
            return "there is no case " + text + played;
        }
        index = position - 1;
        return {};
    }
    if (const auto given = query.find("casetuple"); given != query.end()) {
        const auto found = std::find(numbers.begin(), numbers.end(), given->second);
        if (found == numbers.end()) {
            return "the case \"" + given->second + "\" is not played" +
                   did_you_mean(nearest(numbers, given->second));
        }
        index = static_cast<std::size_t>(found - numbers.begin());
    }
    return {};
}

}  // namespace

DriverRequest read_driver_request(std::string_view target,
                                  const std::vector<std::string>& numbers) {
    const std::string_view path = target.substr(0, target.find('?'));
    const auto endpoint = std::find_if(kEndpoints.begin(), kEndpoints.end(),
                                       [&](const Endpoint& each) { return path == each.path; });
    if (endpoint == kEndpoints.end()) {
        return refused(kNotFound,
                       "there is no " + std::string(path) + did_you_mean(nearest(paths(), path)));
    }
    Query query;
    DriverRequest request{.what = endpoint->what};
    if (std::string error =
            read_query(target.substr(std::min(target.size(), path.size() + 1)), query);
        !error.empty()) {
        return refused(kBadRequest, std::move(error));
    }
    if (std::string error = find_case(query, numbers, request.index); !error.empty()) {
        return refused(kBadRequest, std::move(error));
    }
    if (endpoint->needs_case && !request.index) {
        return refused(kBadRequest, std::string(path) + " needs a case: case=1 is the first");
    }
    request.agent = query["agent"];
    if (endpoint->needs_agent && request.agent.empty()) {
        return refused(kBadRequest, std::string(path) + " needs an agent: agent=NAME");
    }
    const std::string& ends = query["shutdownOnComplete"];
    request.shuts_down = ends == "true" || ends == "yes" || ends == "True" || ends == "Yes";
    return request;
}

}  // namespace wsproof::conformance
