// permessage-deflate: a server that echoes compressed text, windows of 15 bits. `ratio` is what
// went out by what it was before.
#include "deflated.hpp"
#include "inputs.hpp"
#include "rows.hpp"

namespace wsproof::bench {

namespace {

struct Row {
    std::size_t size;
    EchoSetup setup;
};

void echo(benchmark::State& state, const Engine& engine, const Row& row) {
    const auto messages = make_records(row.size, std::max<std::size_t>(256 * kKiB / row.size, 8));
    const Image image = make_deflated_image(messages, row.setup.takeover);
    Wire wire;
    const auto echoer = engine.echoer(row.setup, wire);
    std::string written;
    wire.record(&written);
    echoer->echo(Source{image.bytes}, image.count);
    wire.record(nullptr);
    const Unframed all = unframe(written);
    if (!all.is_whole || inflate(all.payloads, row.setup.takeover) != messages) {
        state.SkipWithError("wrong echo");
        return;
    }
    const std::uint64_t size_before = wire.size();
    measure(state, image.count, [&] { echoer->echo(Source{image.bytes}, image.count); });
    state.counters["ratio"] =
        static_cast<double>(wire.size() - size_before) /
        (static_cast<double>(state.iterations()) * static_cast<double>(image.count * row.size));
}

void add(const Row& row, const std::string& name, const Engine& engine) {
    const std::string full = name + "/" + std::string(engine.name);
    benchmark::RegisterBenchmark(
        full.c_str(), [engine, row](benchmark::State& state) { echo(state, engine, row); });
}

// An engine whose level cannot be chosen is in the table of level 6, which is zlib's default.
void add_row(const Row& row, const std::string& name, std::span<const Engine> engines) {
    for (const Engine& engine : engines) {
        const bool can = engine.has_levels || (row.setup.level == 6 && row.setup.memory_level == 8);
        if (engine.has_deflate && can) {
            add(row, name, engine);
        }
    }
}

}  // namespace

void add_deflate_rows(std::span<const Engine> engines) {
    for (const std::size_t size : {kKiB, 64 * kKiB}) {
        for (const bool takeover : {true, false}) {
            const std::string end = (takeover ? "takeover/" : "no-takeover/") + size_name(size);
            for (const int level : {1, 3, 6}) {
                const EchoSetup setup{.deflate = true, .takeover = takeover, .level = level};
                add_row({size, setup}, "deflate-" + std::to_string(level) + "/" + end, engines);
            }
            // What Boost.Beast does if it is not told: level 8 with little memory.
            const EchoSetup beast{
                .deflate = true, .takeover = takeover, .level = 8, .memory_level = 4};
            add_row({size, beast}, "deflate-8-4/" + end, engines);
        }
    }
}

}  // namespace wsproof::bench
