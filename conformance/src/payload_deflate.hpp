// The payload recipe "deflate": a compressed stream, by rule or block by block.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>

#include "wire/frame_writer.hpp"

namespace wsproof::conformance {

// measure_deflated finds every fault of the recipe and gives a bound of its size; `measure` does
// so for the payloads inside. Throws BadRecipe.
[[nodiscard]] std::uint64_t measure_deflated(
    const nlohmann::json& recipe,
    const std::function<std::uint64_t(const nlohmann::json&)>& measure);

// make_deflated makes the stream of a recipe that measure_deflated has let pass.
[[nodiscard]] wire::ByteString make_deflated(
    const nlohmann::json& recipe,
    const std::function<wire::ByteString(const nlohmann::json&)>& make);

}  // namespace wsproof::conformance
