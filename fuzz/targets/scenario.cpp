// Invariant: whatever JSON a suite holds, its steps are read or refused with a place and a reason;
// steps that are read can be described, and their payloads made, of the size that was foretold.
#include <nlohmann/json.hpp>
#include <string>

#include "input.hpp"
#include "payload.hpp"
#include "player.hpp"
#include "require.hpp"
#include "scenario_parse.hpp"

namespace {

using namespace wsproof::conformance;
using wsproof::fuzz::require;

constexpr std::uint64_t kMadeMax = 20'000;  // bytes
constexpr std::size_t kSetsMax = 8;

void check_payload_of(const PayloadSpec& spec) {
    try {
        const std::uint64_t size = size_of(spec);
        require(!describe(spec).empty(), "a payload can be described");
        if (size <= kMadeMax) {
            require(make_payload(spec, 1).size() <= size, "a payload has the size foretold");
        }
    } catch (const BadRecipe& error) {
        require(error.what()[0] != '\0', "a refusal has a reason");
    }
}

void check_item(const Item& item) {
    require(!describe(item).empty(), "an item can be described");
    if (const auto* frame = std::get_if<FrameSpec>(&item.what)) {
        check_payload_of(frame->payload);
    } else if (const auto* message = std::get_if<MessageSpec>(&item.what)) {
        check_payload_of(message->payload);
    } else if (const auto* raw = std::get_if<RawSpec>(&item.what)) {
        check_payload_of(raw->bytes);
    }
}

void check_step(const Step& step) {
    require(step.pointer.starts_with("/scenarios/0/steps"), "a step knows its place");
    if (const auto* send = std::get_if<SendStep>(&step.action)) {
        for (const Item& item : send->items) {
            check_item(item);
        }
    } else if (const auto* request = std::get_if<RequestStep>(&step.action)) {
        require(!describe(*request).empty(), "a request can be described");
    } else if (const auto* respond = std::get_if<RespondStep>(&step.action)) {
        require(!describe(*respond).empty(), "a response can be described");
    } else if (const auto* expect = std::get_if<ExpectStep>(&step.action)) {
        for (const Expectation& each : expect->expectations) {
            require(!describe(each).empty(), "an expectation can be described");
        }
    }
}

void read(const Json& scenario) {
    const std::string pointer = "/scenarios/0";
    std::vector<Parameters> sets(1);
    if (scenario.contains("for")) {
        sets = expand(scenario["for"], pointer + "/for");
    }
    sets.resize(std::min(sets.size(), kSetsMax));
    for (const Parameters& parameters : sets) {
        require(id_of(parameters).empty() == parameters.empty(), "parameters make an id");
        const Json steps = fill_in(scenario["steps"], parameters, pointer + "/steps");
        for (const Step& step : parse_steps(steps, parameters, pointer + "/steps")) {
            check_step(step);
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr int kDepthMax = 64;  // as the loader has it
    const std::string text(reinterpret_cast<const char*>(data), size);
    const Json scenario = Json::parse(
        text, [](int depth, Json::parse_event_t, Json&) { return depth < kDepthMax; }, false);
    if (!scenario.is_object() || !scenario.contains("steps")) {
        return 0;
    }
    try {
        read(scenario);
    } catch (const BadScenario& error) {
        require(error.pointer.starts_with("/scenarios/0"), "a refusal has a place");
        require(error.what()[0] != '\0', "a refusal has a reason");
    }
    return 0;
}
