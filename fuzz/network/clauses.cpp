#include "clauses.hpp"

#include <array>
#include <optional>
#include <utility>

namespace wsproof::netfuzz {

namespace {

bool is_close(const Json& item) {
    return item.contains("frame") && item["frame"] == "close";
}

bool is_control(const Json& item) {
    if (!item.contains("frame")) {
        return false;
    }
    const Json& frame = item["frame"];
    return frame == "ping" || frame == "pong" || frame == "close";
}

std::string row_of_bits(const Offence& offence) {
    const bool is_rsv1 = offence.item.contains("rsv") && offence.item["rsv"] == 4;
    const bool is_later = offence.item.contains("frame") && offence.item["frame"] == "continuation";
    return offence.deflates && is_rsv1 && (is_later || is_control(offence.item)) ? "7692-6.1-4"
                                                                                 : "6455-5.2-3";
}

std::string row_of_code(const Json& item) {
    const auto code = item.contains("code") ? item["code"].get<int>() : 0;
    return code == 1005   ? "6455-7.4.1-7"
           : code == 1006 ? "6455-7.4.1-8"
           : code == 1015 ? "6455-7.4.1-15"
           : code == 1004 ? "6455-7.4.1-6"
           : code < 1000  ? "6455-7.4.2-1"
           : code < 3000  ? "6455-7.4.2-2"
                          : "6455-7.4.2-5";
}

Json failing(Json codes, const Json& allowed) {
    Json failure = {{"failure", std::move(codes)}};
    if (!allowed.empty()) {
        failure["allow"] = allowed;
    }
    return failure;
}

Json lesser(Json expectation, const char* because) {
    expectation["verdict"] = "non-strict";
    if (because != nullptr) {
        expectation["because"] = because;
    }
    return expectation;
}

// taken_for_normal: a Close with something wrong about it, answered as if it were not.
Json taken_for_normal(Json codes, const char* because) {
    return lesser({{"close", std::move(codes)}}, because);
}

Json any(Json first, Json second) {
    return {{"any", Json::array({std::move(first), std::move(second)})}};
}

const char* reading_of(Error error) {
    return error == Error::reserved_bits                                     ? "A21"
           : error == Error::invalid_utf8                                    ? "A15"
           : error == Error::missing_mask || error == Error::unexpected_mask ? "A24"
                                                                             : nullptr;
}

const Json& normal_codes() {
    static const Json codes = Json::array({1000, 1001, "empty"});
    return codes;
}

Json answer_to_code(const Json& item, const Json& allowed) {
    const auto code = item.contains("code") ? item["code"].get<int>() : 0;
    const bool is_forbidden = code < 1000 || code == 1005 || code == 1006 || code == 1015;
    Json back = {{"close", Json::array({code})},
                 {"verdict", is_forbidden ? "fail" : "non-strict"},
                 {"because", "A12"}};
    return {{"any", Json::array({std::move(back), taken_for_normal(normal_codes(), "A12"),
                                 failing(1002, allowed)})}};
}

}  // namespace

std::string row_of(const Offence& offence) {
    constexpr std::array<std::pair<Error, const char*>, 10> kRows = {{
        {Error::reserved_opcode, "6455-5.2-4"},
        {Error::missing_mask, "6455-5.1-2"},
        {Error::unexpected_mask, "6455-5.1-5"},
        {Error::length_not_minimal, "6455-5.2-8"},
        {Error::length_msb_set, "6455-5.2-7"},
        {Error::fragmented_control, "6455-5.4-5"},
        {Error::long_control, "6455-5.5-1"},
        {Error::orphan_continuation, "6455-5.4-2"},
        {Error::interrupted_message, "6455-5.4-7"},
        {Error::one_byte_close, "6455-5.5.1-2"},
    }};
    for (const auto& [error, row] : kRows) {
        if (error == offence.error) {
            return row;
        }
    }
    return offence.error == Error::reserved_bits        ? row_of_bits(offence)
           : offence.error == Error::invalid_close_code ? row_of_code(offence.item)
           : offence.error == Error::bad_deflate        ? "7692-7.2.2-1"
           : is_close(offence.item)                     ? "6455-8.1-2"
           : offence.was_compressed                     ? "7692-6.1-6"
                                                        : "6455-8.1-1";
}

Json answer_to(const Offence& offence, const Json& allowed, const Json& taken) {
    const Error error = offence.error;
    if (error == Error::length_not_minimal) {  // A20: the sender is bound, the receiver is not
        return taken.is_null() ? Json() : any(failing(1002, allowed), lesser(taken, "A20"));
    }
    if (error == Error::invalid_close_code) {
        return answer_to_code(offence.item, allowed);
    }
    if (error == Error::one_byte_close) {
        Json back = {{"close", Json::array({1005})}, {"verdict", "fail"}, {"because", "A14"}};
        return {{"any", Json::array({taken_for_normal(normal_codes(), "A14"), std::move(back),
                                     failing(1002, allowed)})}};
    }
    Json codes = error == Error::bad_deflate  // A40
                     ? Json::array({1002, 1003, 1007, 1008, 1009, 1011})
                     : Json::array({1002, 1007, 1009});
    Json failure = failing(std::move(codes), allowed);
    return is_close(offence.item)
               ? any(taken_for_normal(normal_codes(), reading_of(error)), std::move(failure))
               : failure;
}

Json answer_to_close(std::optional<std::uint16_t> code) {
    const bool is_later = code && *code >= 1012;  // registered later, or by nobody (A13)
    if (!is_later) {
        return {{"close", "any"}};
    }
    return any({{"close", "any"}}, lesser({{"eof", true}}, "A13"));
}

std::string row_of_echo(const std::set<std::string>& features) {
    // The first that holds: from what is special to what every message has.
    constexpr std::array<std::pair<const char*, const char*>, 20> kRows = {{
        {"control-in-message", "6455-5.4-8"},
        {"compressed-twice", "7692-7.2.2-5"},
        {"compressed-fragments", "7692-6-3"},
        {"final-block", "7692-7.2.2-1"},
        {"compressed", "7692-7.2.2-1"},
        {"plain-where-deflate", "7692-6-4"},
        {"pong", "6455-5.5.3-4"},
        {"ping", "6455-5.5.2-2"},
        {"cut", "6455-5.2-16"},
        {"pipelined", "6455-6.2-5"},
        {"empty-fragment", "6455-5.4-3"},
        {"text-fragments", "6455-5.6-1"},
        {"fragments", "6455-5.4-2"},
        {"key", "6455-5.3-5"},
        {"several", "6455-6.2-5"},
        {"large", "6455-5.2-6"},
        {"wide", "6455-8.1-5"},
        {"empty", "6455-5.2-12"},
        {"text", "6455-5.6-3"},
        {"binary", "6455-5.6-2"},
    }};
    for (const auto& [feature, row] : kRows) {
        if (features.contains(feature)) {
            return row;
        }
    }
    return "6455-5.6-2";
}

std::string row_of_pong(const std::set<std::string>& features) {
    return features.contains("control-in-message") ? "6455-5.4-8"
           : features.contains("cut")              ? "6455-5.2-16"
                                                   : "6455-5.5.2-2";
}

}  // namespace wsproof::netfuzz
