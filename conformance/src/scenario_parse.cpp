#include "scenario_parse.hpp"

#include <array>

#include "json_reader.hpp"
#include "payload.hpp"
#include "wire/extensions.hpp"

namespace wsproof::conformance {

namespace {

constexpr std::uint64_t kPauseMax = 20'000;  // ms
constexpr std::uint64_t kRepeatMax = 100'000;
constexpr const char* kExtensions = "Sec-WebSocket-Extensions";

std::chrono::milliseconds milliseconds(std::uint64_t count) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(count));
}

std::uint8_t opcode_of(const Json& value, const std::string& pointer) {
    constexpr std::array<std::pair<std::string_view, std::uint8_t>, 6> kNames = {
        {{"continuation", 0}, {"text", 1}, {"binary", 2}, {"close", 8}, {"ping", 9}, {"pong", 10}}};
    if (!value.is_string()) {
        return static_cast<std::uint8_t>(number_of(value, pointer, 15));
    }
    for (const auto& [name, opcode] : kNames) {
        if (value == name) {
            return opcode;
        }
    }
    throw BadScenario(
        pointer,
        value.dump() + " is no frame: text, binary, continuation, close, ping, pong or 0..15");
}

wire::LengthForm length_form(JsonReader& reader) {
    const Json* form = reader.take("length");
    const std::string text = form == nullptr ? "minimal" : text_of(*form);
    if (text == "minimal") {
        return wire::LengthForm::minimal;
    }
    if (text == "16" || text == "64") {
        return text == "16" ? wire::LengthForm::bits16 : wire::LengthForm::bits64;
    }
    throw BadScenario(reader.at("length"), "\"" + text + "\" is no length form: minimal, 16 or 64");
}

std::optional<wire::Key> key_of(JsonReader& reader) {
    const auto text = reader.text("key");
    if (!text || *text == "random") {
        return std::nullopt;
    }
    const PayloadSpec spec = payload_of(Json{{"hex", *text}}, reader.at("key"));
    std::string digits;
    for (const char c : spec.recipe.at("hex").get<std::string>()) {
        digits += c == ' ' ? "" : std::string(1, c);
    }
    if (digits.size() != 8) {
        throw BadScenario(reader.at("key"), "a masking key is eight hex digits");
    }
    wire::Key key;
    for (std::size_t i = 0; i < key.size(); ++i) {
        key[i] = static_cast<std::byte>(std::stoi(digits.substr(2 * i, 2), nullptr, 16));
    }
    return key;
}

FrameSpec parse_frame(JsonReader& reader) {
    FrameSpec frame;
    frame.opcode = opcode_of(*reader.take("frame"), reader.at("frame"));
    frame.fin = reader.flag("fin").value_or(true);
    frame.rsv = static_cast<std::uint8_t>(reader.number("rsv", 7).value_or(0));
    frame.mask = reader.flag("mask");
    frame.key = key_of(reader);
    frame.length = length_form(reader);
    frame.declared = reader.number("declared");
    if (const auto code = reader.number("code", 0xFFFF)) {
        frame.close_code = static_cast<std::uint16_t>(*code);
        frame.payload = reader.payload("reason").value_or(PayloadSpec{});
    } else if (auto payload = reader.payload("payload")) {
        frame.payload = std::move(*payload);
    }
    return frame;
}

MessageSpec parse_message(JsonReader& reader) {
    MessageSpec message;
    message.opcode = opcode_of(*reader.take("message"), reader.at("message"));
    if (message.opcode != 1 && message.opcode != 2) {
        throw BadScenario(reader.at("message"), "a message is text or binary");
    }
    message.payload = reader.payload("payload").value_or(PayloadSpec{});
    if (const Json* sizes = reader.take("fragments")) {
        if (!sizes->is_array()) {
            throw BadScenario(reader.at("fragments"), "a list of sizes is wanted here");
        }
        for (const Json& size : *sizes) {
            message.fragments.push_back(number_of(size, reader.at("fragments"), UINT64_MAX));
        }
    } else if ((message.fragment_size = reader.number("fragment_size"));
               message.fragment_size == 0U) {
        throw BadScenario(reader.at("fragment_size"), "fragments of no size never end");
    }
    if (const Json* how = reader.take("compress")) {
        try {
            message.compress = recipe_of(nlohmann::json(*how));
        } catch (const BadRecipe& error) {
            throw BadScenario(reader.at("compress"), error.what());
        }
    }
    return message;
}

Item parse_item(const Json& value, const std::string& pointer) {
    JsonReader reader(value, pointer);
    Item item;
    if (reader.has("frame")) {
        item.what = parse_frame(reader);
    } else if (reader.has("message")) {
        item.what = parse_message(reader);
    } else if (auto raw = reader.payload("raw")) {
        item.what = RawSpec{std::move(*raw)};
    } else {
        reader.refuse("what is sent is a frame, a message or raw bytes");
    }
    item.offence = reader.flag("offence").value_or(false);
    reader.done();
    return item;
}

Cut parse_cut(JsonReader& reader) {
    Cut cut;
    if (const auto pause = reader.number("pause_ms", kPauseMax)) {
        cut.pause = milliseconds(*pause);
    }
    const Json* value = reader.take("cut");
    if (value == nullptr || *value == "whole") {
        return cut;
    }
    if (*value == "frames" || *value == "bytes") {
        cut.kind = *value == "frames" ? Cut::Kind::frames : Cut::Kind::bytes;
        return cut;
    }
    JsonReader inner(*value, reader.at("cut"));
    if (const auto every = inner.number("every")) {
        cut.kind = Cut::Kind::every;
        cut.every = *every;
    } else if (const Json* offsets = inner.take("at"); offsets != nullptr && offsets->is_array()) {
        cut.kind = Cut::Kind::at;
        for (const Json& offset : *offsets) {
            cut.offsets.push_back(number_of(offset, inner.at("at"), UINT64_MAX));
        }
    } else {
        inner.refuse(R"(a cut is "whole", "frames", "bytes", {"at": [offsets]} or {"every": n})");
    }
    if (cut.kind == Cut::Kind::every && cut.every == 0) {
        inner.refuse("pieces of no size never end");
    }
    inner.done();
    return cut;
}

std::vector<std::pair<std::string, PayloadSpec>> parse_fields(const Json& fields,
                                                              const std::string& pointer) {
    std::vector<std::pair<std::string, PayloadSpec>> parsed;
    if (fields.is_object()) {
        for (const auto& [name, value] : fields.items()) {
            parsed.emplace_back(name, payload_of(value, pointer + "/" + name));
        }
        return parsed;
    }
    for (const Json& field : fields) {
        if (!field.is_array() || field.size() != 2 || !field[0].is_string()) {
            throw BadScenario(pointer, R"(fields are added as [["Name", value], …])");
        }
        parsed.emplace_back(field[0].get<std::string>(), payload_of(field[1], pointer));
    }
    return parsed;
}

// parse_head reads what requests and responses have in common.
void parse_head(JsonReader& reader, HeadSpec& head) {
    head.version = reader.text("version").value_or("HTTP/1.1");
    if (const Json* set = reader.take("set")) {
        head.set = parse_fields(*set, reader.at("set"));
    }
    head.remove = reader.texts("remove");
    if (const Json* add = reader.take("add")) {
        head.add = parse_fields(*add, reader.at("add"));
    }
    if (const Json* extensions = reader.take("extensions")) {
        const std::string where = reader.at("extensions");
        head.remove.emplace_back(kExtensions);
        for (const Json& line : extensions->is_array() ? *extensions : Json::array({*extensions})) {
            head.add.emplace_back(kExtensions, payload_of(line, where));
        }
    }
    const std::string order = reader.text("order").value_or("as-is");
    const std::string names = reader.text("names").value_or("as-is");
    if ((order != "as-is" && order != "reversed") ||
        (names != "as-is" && names != "lower" && names != "upper")) {
        reader.refuse("\"order\" is as-is or reversed, \"names\" is as-is, lower or upper");
    }
    head.reversed = order == "reversed";
    head.names = names == "lower"   ? HeadSpec::Names::lower
                 : names == "upper" ? HeadSpec::Names::upper
                                    : HeadSpec::Names::as_is;
    head.raw = reader.payload("raw");
    if (const Json* then = reader.take("then")) {
        head.then = parse_items(*then, reader.at("then"));
    }
}

RequestStep parse_request(const Json& value, const std::string& pointer) {
    JsonReader reader(value, pointer);
    RequestStep request;
    request.method = reader.text("method").value_or("GET");
    request.target = reader.text("target");
    request.plain = reader.flag("plain").value_or(false);
    parse_head(reader, request);
    reader.done();
    return request;
}

RespondStep parse_respond(const Json& value, const std::string& pointer) {
    RespondStep response;
    if (value == true) {
        return response;
    }
    JsonReader reader(value, pointer);
    response.status = static_cast<int>(reader.number("status", 999).value_or(101));
    response.reason = reader.text("reason");
    response.before = reader.payload("before");
    response.offence = reader.flag("offence").value_or(false);
    parse_head(reader, response);
    reader.done();
    return response;
}

CloseStep parse_close(const Json& value, const std::string& pointer) {
    CloseStep close;
    if (value == "empty") {
        return close;
    }
    if (!value.is_object()) {
        close.code = static_cast<std::uint16_t>(number_of(value, pointer, 0xFFFF));
        return close;
    }
    JsonReader reader(value, pointer);
    if (const auto code = reader.number("code", 0xFFFF)) {
        close.code = static_cast<std::uint16_t>(*code);
    }
    close.reason = reader.payload("reason").value_or(PayloadSpec{});
    reader.done();
    return close;
}

AssertStep parse_assert(JsonReader& step) {
    AssertStep check;
    JsonReader reader(*step.take("assert"), step.at("assert"));
    const std::string who = reader.text("closed_first").value_or("");
    if (who == "peer" || who == "player") {
        check.what = who == "peer" ? AssertStep::What::peer_closed_first
                                   : AssertStep::What::player_closed_first;
    } else if (reader.flag("back_pressure") == true) {
        check.what = AssertStep::What::back_pressure;
    } else {
        reader.refuse(
            R"(an assertion is {"closed_first": "peer" or "player"} or {"back_pressure": true})");
    }
    reader.done();
    check.otherwise = step.behaviour("otherwise");
    return check;
}

void need_true(JsonReader& reader, const char* key) {
    if (reader.flag(key) != true) {
        throw BadScenario(reader.at(key), "only true makes sense here");
    }
}

// parse_plain reads the steps that are one word.
bool parse_plain(JsonReader& reader, Step& step) {
    const auto is = [&reader](const char* key) {
        if (!reader.has(key)) {
            return false;
        }
        need_true(reader, key);
        return true;
    };
    if (is("connect")) {
        step.action = ConnectStep{};
    } else if (is("half_close")) {
        step.action = HalfCloseStep{};
    } else if (is("stop_reading")) {
        step.action = ReadingStep{.reads = false};
    } else if (is("read_on")) {
        step.action = ReadingStep{};
    } else if (is("reset")) {
        step.action = ResetStep{};
    } else if (is("drop")) {
        step.action = DropStep{};
    } else if (is("canary")) {
        step.action = CanaryStep{};
    } else {
        return false;
    }
    return true;
}

Step parse_step(const Json& value, const std::string& pointer) {
    JsonReader reader(value, pointer);
    Step step;
    step.pointer = pointer;
    step.on = reader.text("on").value_or("main");
    if (reader.has("expect")) {
        step.action = parse_expect(value, pointer);
        return step;  // parse_expect has looked at every member
    }
    if (const Json* items = reader.take("send")) {
        SendStep send{.items = parse_items(*items, reader.at("send"))};
        send.cut = parse_cut(reader);
        step.action = std::move(send);
    } else if (const Json* request = reader.take("request")) {
        RequestStep parsed = parse_request(*request, reader.at("request"));
        parsed.cut = parse_cut(reader);
        step.action = std::move(parsed);
    } else if (const Json* response = reader.take("respond")) {
        RespondStep parsed = parse_respond(*response, reader.at("respond"));
        parsed.cut = parse_cut(reader);
        step.action = std::move(parsed);
    } else if (const auto fence = reader.text("fence")) {
        if (*fence != "ping" && *fence != "echo") {
            throw BadScenario(reader.at("fence"), "a fence is ping or echo");
        }
        step.action = FenceStep{*fence == "echo"};
    } else if (const Json* close = reader.take("close")) {
        step.action = parse_close(*close, reader.at("close"));
    } else if (const auto pause = reader.number("pause_ms", kPauseMax)) {
        step.action = PauseStep{milliseconds(*pause)};
    } else if (reader.has("assert")) {
        step.action = parse_assert(reader);
    } else if (!parse_plain(reader, step)) {
        reader.refuse(
            "a step is one of send, request, respond, deflate, connect, expect, fence, close, "
            "half_close, stop_reading, read_on, reset, drop, pause_ms, canary, repeat, assert");
    }
    reader.done();
    return step;
}

// parse_deflate: `{"deflate": "offer"}` stands, with a server, for a request with this offer and
// for an answer that accepts it; a server that declines is not judged further.
Step parse_deflate(const Json& value, const std::string& pointer) {
    JsonReader reader(value, pointer);
    const Json& what = *reader.take("deflate");
    Json offer = what;
    Json agreed = true;
    DeflateStep deflate;
    if (what.is_object()) {
        JsonReader inner(what, reader.at("deflate"));
        const Json* given = inner.take("offer");
        offer = given == nullptr ? Json("permessage-deflate") : *given;
        deflate.agreed = parse_rules(inner, "agreed");
        agreed = what.value("agreed", agreed);
        inner.done();
    }
    Step step;
    step.pointer = pointer;
    step.on = reader.text("on").value_or("main");
    reader.done();
    const auto elements = wire::extensions_of(offer.is_string() ? offer.get<std::string>() : "");
    if (!elements.empty()) {
        for (const wire::ExtensionParameter& parameter : elements.front().parameters) {
            deflate.parameters.emplace_back(parameter.name, parameter.value);
        }
    }
    const Json request = {{"on", step.on}, {"request", {{"extensions", offer}}}};
    const auto excuse = [](Json answer, const char* note) {
        answer["verdict"] = "unsupported";
        answer["note"] = note;
        return answer;
    };
    const Json answers = Json::array(
        {Json{{"opened", {{"deflate", agreed}}}},
         excuse({{"opened", {{"deflate", false}}}}, "the target declines the offer"),
         excuse({{"opened", true}}, "the target accepts the offer with other parameters"),
         excuse({{"refused", true}}, "the target refuses a handshake with this offer")});
    const Json expect = {{"on", step.on}, {"expect", {{"any", answers}}}};
    deflate.negotiation.push_back(parse_step(request, pointer));
    deflate.negotiation.push_back(parse_step(expect, pointer));
    step.action = std::move(deflate);
    return step;
}

}  // namespace

std::vector<Item> parse_items(const Json& items, const std::string& pointer) {
    std::vector<Item> parsed;
    if (!items.is_array()) {
        parsed.push_back(parse_item(items, pointer));
        return parsed;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        parsed.push_back(parse_item(items[i], pointer + "/" + std::to_string(i)));
    }
    return parsed;
}

std::vector<Step> parse_steps(const Json& steps, const Parameters& parameters,
                              const std::string& pointer) {
    if (!steps.is_array() || steps.empty()) {
        throw BadScenario(pointer, "steps are a list with something in it");
    }
    std::vector<Step> parsed;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const std::string place = pointer + "/" + std::to_string(i);
        if (!steps[i].is_object() || !steps[i].contains("repeat")) {
            if (steps[i].is_object() && steps[i].contains("deflate")) {
                parsed.push_back(parse_deflate(steps[i], place));
            } else {
                parsed.push_back(parse_step(steps[i], place));
            }
            continue;
        }
        JsonReader reader(steps[i], place);
        const std::uint64_t times = reader.number("repeat", kRepeatMax).value_or(0);
        const Json* inner = reader.take("steps");
        if (inner == nullptr) {
            reader.refuse("repeat what? \"steps\" is missing");
        }
        reader.done();
        for (std::uint64_t round = 0; round < times; ++round) {
            Parameters with_index = parameters;
            with_index.emplace_back("index", round);
            const Json filled = fill_in(*inner, with_index, place + "/steps");
            for (Step& step : parse_steps(filled, with_index, place + "/steps")) {
                parsed.push_back(std::move(step));
            }
        }
    }
    return parsed;
}

}  // namespace wsproof::conformance
