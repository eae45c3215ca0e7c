#include "match_head.hpp"

#include <algorithm>

namespace wsproof::conformance {

namespace {

// values_of a parameter of permessage-deflate; without a value it is empty.
std::vector<std::string_view> values_of(const wire::Extension& extension, std::string_view name) {
    std::vector<std::string_view> values;
    for (const wire::ExtensionParameter& parameter : extension.parameters) {
        if (parameter.name == name) {
            values.emplace_back(parameter.value ? std::string_view(*parameter.value)
                                                : std::string_view());
        }
    }
    return values;
}

}  // namespace

bool holds(const HeaderRule& rule, const std::vector<std::string_view>& values) {
    switch (rule.kind) {
        case HeaderRule::Kind::present:
            return !values.empty();
        case HeaderRule::Kind::absent:
            return values.empty();
        case HeaderRule::Kind::is:
            return values.size() == 1 && wire::equal_ignoring_case(values.front(), rule.value);
        case HeaderRule::Kind::token:
            return std::any_of(values.begin(), values.end(), [&](std::string_view value) {
                const auto tokens = wire::tokens_of(value);
                return std::any_of(tokens.begin(), tokens.end(), [&](auto token) {
                    return wire::equal_ignoring_case(token, rule.value);
                });
            });
        case HeaderRule::Kind::one_of:
            return std::any_of(rule.one_of.begin(), rule.one_of.end(), [&](const auto& value) {
                return value ? values.size() == 1 && values.front() == *value : values.empty();
            });
        case HeaderRule::Kind::contains:
        case HeaderRule::Kind::lacks:
            return std::any_of(values.begin(), values.end(), [&](std::string_view value) {
                       return value.find(rule.value) != std::string_view::npos;
                   }) == (rule.kind == HeaderRule::Kind::contains);
    }
    return false;
}

bool agrees(const ExpectResponse& expected, const std::optional<DeflateAgreement>& agreed) {
    if (expected.deflates && *expected.deflates != agreed.has_value()) {
        return false;
    }
    return std::all_of(expected.agreement.begin(), expected.agreement.end(),
                       [&](const HeaderRule& rule) {
                           return agreed && holds(rule, values_of(agreed->answer, rule.name));
                       });
}

std::string got_headers(const ExpectResponse& expected, const wire::HttpResponse& response) {
    std::string text;
    for (const HeaderRule& rule : expected.headers) {
        const auto values = response.values(rule.name);
        if (holds(rule, values)) {
            continue;
        }
        text += text.empty() ? " with " : ", ";
        text += values.empty() ? "no " + rule.name
                               : rule.name + ": \"" + std::string(values.front()) + "\"";
    }
    if (expected.deflates) {
        const auto values = response.values("Sec-WebSocket-Extensions");
        text += text.empty() ? " with " : ", ";
        text += values.empty() ? "no extensions" : "\"" + std::string(values.front()) + "\"";
    }
    return text;
}

}  // namespace wsproof::conformance
