#include "prologue.hpp"

#include <map>

#include "json_file.hpp"
#include "json_reader.hpp"
#include "scenario_parse.hpp"

namespace wsproof::conformance {

namespace {

// take_like: a greeting seldom says the same twice, so that {"expect": {"like": GLOB}} is a message
// of such a text. The step is rewritten as one that the language has; the glob is returned.
std::optional<std::string> take_like(Json& step, const std::string& pointer) {
    if (!step.is_object() || !step.contains("expect") || !step["expect"].is_object() ||
        !step["expect"].contains("like")) {
        return std::nullopt;
    }
    JsonReader outer(step, pointer);
    JsonReader reader(*outer.take("expect"), outer.at("expect"));
    std::optional<std::string> like = reader.text("like");
    reader.done();
    outer.done();
    step["expect"] = {{"message", "text"}, {"payload", ""}};
    return like;
}

void check(const Step& step) {
    if (step.on != "main") {
        throw BadScenario(step.pointer + "/on",
                          "a prologue is played on whatever connection has just opened");
    }
    if (const auto* send = std::get_if<SendStep>(&step.action)) {
        for (const Item& item : send->items) {
            if (item.offence) {
                throw BadScenario(step.pointer, "a prologue breaks no rule: no offence here");
            }
        }
        return;
    }
    if (!std::holds_alternative<ExpectStep>(step.action) &&
        !std::holds_alternative<PauseStep>(step.action)) {
        throw BadScenario(step.pointer, "the steps of a prologue are send, expect and pause_ms");
    }
}

}  // namespace

std::vector<Step> load_prologue(const std::filesystem::path& path) {
    Json json = read_json(path);
    if (!json.is_array() || json.empty()) {
        throw BadScenario("", "a prologue is a list of steps");
    }
    std::map<std::string, std::string> likes;  // by the pointer of the step
    for (std::size_t i = 0; i < json.size(); ++i) {
        const std::string pointer = "/" + std::to_string(i);
        if (auto like = take_like(json[i], pointer)) {
            likes[pointer] = std::move(*like);
        }
    }
    std::vector<Step> steps = parse_steps(json, {}, "");
    for (Step& step : steps) {
        check(step);
        auto* expect = std::get_if<ExpectStep>(&step.action);
        if (expect == nullptr) {
            continue;
        }
        expect->otherwise = Behaviour::fail;
        if (const auto like = likes.find(step.pointer); like != likes.end()) {
            std::get<ExpectMessage>(expect->expectations.front().what).like = like->second;
        }
    }
    return steps;
}

std::optional<Probe> parse_probe(std::string_view text) {
    const std::size_t parting = text.find('=');
    if (parting == std::string_view::npos || parting == 0 || parting + 1 == text.size()) {
        return std::nullopt;
    }
    return Probe{.request = std::string(text.substr(0, parting)),
                 .reply = std::string(text.substr(parting + 1))};
}

}  // namespace wsproof::conformance
