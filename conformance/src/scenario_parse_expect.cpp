// The expectations of a case.
#include <array>

#include "json_reader.hpp"
#include "scenario_parse.hpp"

namespace wsproof::conformance {

namespace {

std::uint16_t code_of(const Json& value, const std::string& pointer) {
    return static_cast<std::uint16_t>(number_of(value, pointer, 0xFFFF));
}

// one_or_many calls `each` for the elements of a list, or for the value itself.
template <typename Each>
void one_or_many(const Json& value, Each each) {
    if (!value.is_array()) {
        each(value);
        return;
    }
    for (const Json& element : value) {
        each(element);
    }
}

HeaderRule parse_rule(const std::string& name, const Json& value, const std::string& pointer) {
    HeaderRule rule{.name = name};
    if (value == "present" || value == "absent") {
        rule.kind = value == "present" ? HeaderRule::Kind::present : HeaderRule::Kind::absent;
        return rule;
    }
    JsonReader reader(value, pointer);
    if (auto is = reader.text("is")) {
        rule.kind = HeaderRule::Kind::is;
        rule.value = std::move(*is);
    } else if (auto token = reader.text("token")) {
        rule.kind = HeaderRule::Kind::token;
        rule.value = std::move(*token);
    } else if (auto contained = reader.text("contains")) {
        rule.kind = HeaderRule::Kind::contains;
        rule.value = std::move(*contained);
    } else if (auto lacking = reader.text("lacks")) {
        rule.kind = HeaderRule::Kind::lacks;
        rule.value = std::move(*lacking);
    } else if (const Json* list = reader.take("one_of"); list != nullptr && list->is_array()) {
        rule.kind = HeaderRule::Kind::one_of;
        for (const Json& element : *list) {
            rule.one_of.push_back(element.is_null() ? std::nullopt
                                                    : std::optional(text_of(element)));
        }
    } else {
        reader.refuse(
            "a header is \"present\", \"absent\", or an object with is, token, contains, lacks or "
            "one_of");
    }
    reader.done();
    return rule;
}

}  // namespace

std::vector<HeaderRule> parse_rules(JsonReader& reader, const char* key) {
    std::vector<HeaderRule> rules;
    if (const Json* headers = reader.take(key)) {
        if (!headers->is_object()) {
            throw BadScenario(reader.at(key), "an object is wanted here: name to rule");
        }
        for (const auto& [name, value] : headers->items()) {
            rules.push_back(parse_rule(name, value, reader.at(key) + "/" + name));
        }
    }
    return rules;
}

namespace {

// parse_agreement reads `"deflate": true`, false, or rules for the parameters that are agreed.
void parse_agreement(JsonReader& reader, ExpectResponse& response) {
    const Json* deflate = reader.take("deflate");
    if (deflate == nullptr) {
        return;
    }
    if (deflate->is_boolean()) {
        response.deflates = deflate->get<bool>();
        return;
    }
    response.deflates = true;
    response.agreement = parse_rules(reader, "deflate");
}

std::vector<int> parse_status(JsonReader& reader) {
    std::vector<int> codes;
    if (const Json* status = reader.take("status")) {
        one_or_many(*status, [&](const Json& value) {
            codes.push_back(static_cast<int>(number_of(value, reader.at("status"), 999)));
        });
    }
    return codes;
}

// parse_response reads `"opened": true` and `"refused": true`, which take an object in place of
// true, and `response`.
std::optional<ExpectResponse> parse_response(JsonReader& reader) {
    constexpr std::array<std::pair<const char*, ExpectResponse::Kind>, 3> kKinds = {
        {{"opened", ExpectResponse::Kind::opened},
         {"refused", ExpectResponse::Kind::refused},
         {"response", ExpectResponse::Kind::response}}};
    for (const auto& [key, kind] : kKinds) {
        const Json* inner = reader.take(key);
        if (inner == nullptr) {
            continue;
        }
        ExpectResponse response{.kind = kind};
        if (*inner == true && kind != ExpectResponse::Kind::response) {
            response.status = parse_status(reader);
            response.headers = parse_rules(reader, "headers");
            return response;
        }
        JsonReader nested(*inner, reader.at(key));
        response.status = parse_status(nested);
        response.headers = parse_rules(nested, "headers");
        parse_agreement(nested, response);
        nested.done();
        return response;
    }
    return std::nullopt;
}

Expectation parse_one(JsonReader& reader);

ExpectFailure parse_failure(JsonReader& reader) {
    ExpectFailure failure;
    one_or_many(*reader.take("failure"), [&](const Json& value) {
        failure.codes.push_back(
            value == "empty" ? std::nullopt : std::optional(code_of(value, reader.at("failure"))));
    });
    if (const Json* allow = reader.take("allow")) {
        std::size_t i = 0;
        one_or_many(*allow, [&](const Json& value) {
            JsonReader nested(value, reader.at("allow") + "/" + std::to_string(i++));
            failure.allow.push_back(parse_one(nested));
            nested.done();
        });
    }
    return failure;
}

ExpectClose parse_close_codes(JsonReader& reader) {
    ExpectClose close;
    const Json& value = *reader.take("close");
    if (value == "any") {
        return close;
    }
    one_or_many(value, [&](const Json& code) {
        close.codes.push_back(code == "empty" ? std::nullopt
                                              : std::optional(code_of(code, reader.at("close"))));
    });
    return close;
}

std::uint8_t message_opcode(JsonReader& reader) {
    const auto type = reader.text("message");
    if (type != "text" && type != "binary") {
        throw BadScenario(reader.at("message"), "a message is text or binary");
    }
    return type == "text" ? 1 : 2;
}

// parse_expected_request reads `"request": true`, or what more is asked of the request of a client.
ExpectRequest parse_expected_request(const Json& value, const std::string& pointer) {
    ExpectRequest request;
    if (value == true) {
        return request;
    }
    JsonReader reader(value, pointer);
    request.target = reader.text("target");
    request.headers = parse_rules(reader, "headers");
    reader.done();
    return request;
}

Expectation parse_one(JsonReader& reader) {
    Expectation expectation;
    if (reader.has("message")) {
        ExpectMessage message{.opcode = message_opcode(reader)};
        message.payload = reader.payload("payload").value_or(PayloadSpec{});
        expectation.what = std::move(message);
    } else if (auto pong = reader.payload("pong")) {
        expectation.what = ExpectPong{std::move(*pong)};
    } else if (const Json* pongs = reader.take("pongs")) {
        ExpectPongs all;
        one_or_many(*pongs, [&](const Json& value) {
            all.payloads.push_back(payload_of(value, reader.at("pongs")));
        });
        expectation.what = std::move(all);
    } else if (reader.has("close")) {
        expectation.what = parse_close_codes(reader);
    } else if (reader.flag("eof") == true) {
        expectation.what = ExpectEof{};
    } else if (reader.has("failure")) {
        expectation.what = parse_failure(reader);
    } else if (const Json* request = reader.take("request")) {
        expectation.what = parse_expected_request(*request, reader.at("request"));
    } else if (auto response = parse_response(reader)) {
        expectation.what = std::move(*response);
    } else {
        reader.refuse(
            "an expectation is one of message, pong, pongs, close, eof, failure, request, opened, "
            "refused, response, any, unordered");
    }
    expectation.verdict = reader.behaviour("verdict").value_or(Behaviour::pass);
    expectation.because = reader.text("because").value_or("");
    expectation.note = reader.text("note").value_or("");
    return expectation;
}

void parse_alternatives(const Json& list, const std::string& pointer, ExpectStep& step) {
    if (!list.is_array() || list.empty()) {
        throw BadScenario(pointer, "a list of expectations is wanted here");
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        JsonReader reader(list[i], pointer + "/" + std::to_string(i));
        step.expectations.push_back(parse_one(reader));
        reader.done();
    }
}

}  // namespace

ExpectStep parse_expect(const Json& value, const std::string& pointer) {
    JsonReader outer(value, pointer);
    static_cast<void>(outer.take("on"));
    ExpectStep step;
    JsonReader reader(*outer.take("expect"), outer.at("expect"));
    if (const Json* any = reader.take("any")) {
        parse_alternatives(*any, reader.at("any"), step);
    } else if (const Json* unordered = reader.take("unordered")) {
        step.mode = ExpectStep::Mode::unordered;
        parse_alternatives(*unordered, reader.at("unordered"), step);
    } else {
        step.expectations.push_back(parse_one(reader));
    }
    // What qualifies the step may stand beside the expectation or beside "expect".
    for (JsonReader* place : {&reader, &outer}) {
        if (const auto otherwise = place->behaviour("otherwise")) {
            step.otherwise = otherwise;
        }
        if (auto row = place->text("requires")) {
            step.requirement = std::move(*row);
        }
        if (const auto within = place->number("within_ms", 60'000)) {
            step.within = std::chrono::milliseconds(static_cast<std::int64_t>(*within));
        }
        if (const auto late = place->behaviour("late")) {
            step.late = *late;
        }
    }
    step.because = outer.text("because").value_or(reader.text("because").value_or(""));
    step.note = outer.text("note").value_or(reader.text("note").value_or(""));
    reader.done();
    outer.done();
    return step;
}

}  // namespace wsproof::conformance
