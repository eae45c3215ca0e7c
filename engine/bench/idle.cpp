// Heap of a connection that has opened, echoed one message of 125 bytes and fallen silent, for two
// seconds: wsproof gives memory back when time has passed, the peers do not look at it. Receive
// buffers are shared and do not count. `bytes` is the mean of many connections, as malloc rounds.
#include <vector>

#include "deflated.hpp"
#include "inputs.hpp"
#include "rows.hpp"

namespace wsproof::bench {

namespace {

constexpr std::size_t kConnectionCount = 256;

void idle(benchmark::State& state, const Engine& engine, const EchoSetup& setup) {
    const std::vector<std::string> messages = make_records(125, 1);
    Image image = make_deflated_image(messages, true);
    if (!setup.deflate) {
        image.bytes = make_frame(Content::ascii, messages.front());
    }
    Wire wire;
    const auto first = engine.echoer(setup, wire);  // makes what connections share
    first->echo(Source{image.bytes}, image.count);
    std::vector<std::unique_ptr<Echoer>> connections(kConnectionCount);
    const Held held;
    for (auto& each : connections) {
        each = engine.echoer(setup, wire);
        each->echo(Source{image.bytes}, image.count);
        each->fall_silent();
    }
    for ([[maybe_unused]] auto _ : state) {  // nothing is timed here
    }
    state.counters["bytes"] = static_cast<double>(held.size()) / kConnectionCount;
}

}  // namespace

void add_idle_rows(std::span<const Engine> engines) {
    for (const Engine& engine : engines) {
        if (engine.echoer == nullptr || engine.name == "zlib") {
            continue;
        }
        const auto add = [&](const std::string& name, const EchoSetup& setup) {
            const std::string full = name + "/" + std::string(engine.name);
            benchmark::RegisterBenchmark(full.c_str(), [engine, setup](benchmark::State& state) {
                idle(state, engine, setup);
            })->Iterations(1);
        };
        add("idle/plain", {});
        if (engine.has_deflate) {
            add("idle/deflate-takeover", {.deflate = true});
            add("idle/deflate-no-takeover", {.deflate = true, .takeover = false});
        }
    }
}

}  // namespace wsproof::bench
