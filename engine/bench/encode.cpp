// Encoding: binary messages as a server and as a client sends them. In bursts of up to 64 messages
// or 64 KiB, as answers to one read come; and one at a time.
#include <algorithm>

#include "inputs.hpp"
#include "rows.hpp"

namespace wsproof::bench {

namespace {

constexpr std::size_t kBurstMax = 64;

struct Row {
    bool is_client;
    std::size_t size;
    std::size_t burst;
};

bool is_right(const std::string& wire, const std::string& message, std::size_t count) {
    const Unframed all = unframe(wire);
    return all.is_whole && all.payloads.size() == count &&
           std::all_of(all.payloads.begin(), all.payloads.end(),
                       [&](const std::string& each) { return each == message; });
}

void encode(benchmark::State& state, const Engine& engine, const Row& row) {
    const std::string message = make_message(Content::binary, row.size);
    Wire wire;
    const auto encoder = engine.encoder(row.is_client, wire);
    std::string written;
    wire.record(&written);
    encoder->send(message, row.burst);
    wire.record(nullptr);
    if (engine.name != "memcpy" && !is_right(written, message, row.burst)) {
        state.SkipWithError("wrong messages");
        return;
    }
    measure(state, row.burst, [&] { encoder->send(message, row.burst); });
}

void add(const Row& row, const std::string& name, std::span<const Engine> engines) {
    for (const Engine& engine : engines) {
        if (engine.encoder != nullptr) {
            const std::string full =
                name + "/" + size_name(row.size) + "/" + std::string(engine.name);
            benchmark::RegisterBenchmark(full.c_str(), [engine, row](benchmark::State& state) {
                encode(state, engine, row);
            });
        }
    }
}

}  // namespace

void add_encode_rows(std::span<const Engine> engines) {
    for (const bool is_client : {false, true}) {
        const std::string name = is_client ? "encode/client" : "encode/server";
        for (const std::size_t size :
             {std::size_t{16}, std::size_t{125}, kKiB, 64 * kKiB, kMiB, 16 * kMiB}) {
            const std::size_t burst = std::clamp<std::size_t>(kReadSize / size, 1, kBurstMax);
            add({is_client, size, burst}, name, engines);
        }
        for (const std::size_t size : {std::size_t{16}, std::size_t{125}, kKiB}) {
            add({is_client, size, 1}, name + "-singly", engines);
        }
    }
}

}  // namespace wsproof::bench
