// How cost grows: each family doubles one size and nothing else. Times are of all the work, so that
// a slope of 1 on paper with two logarithmic axes is linear.
#include <memory>
#include <vector>

#include "inputs.hpp"
#include "rows.hpp"

namespace wsproof::bench {

namespace {

void decode_one(benchmark::State& state, const Engine& engine, const std::string& message,
                std::size_t fragments) {
    const Image image = make_image(Content::mixed, message, fragments);
    Sink sink(message);
    const auto decoder = engine.decoder(sink);
    sink.check(true);
    decoder->decode(Source{image.bytes}, image.count);
    sink.check(false);
    if (sink.count() != image.count || sink.wrong_count() != 0) {
        state.SkipWithError("wrong messages");
        return;
    }
    measure(state, image.count, [&] { decoder->decode(Source{image.bytes}, image.count); });
}

void grow_size(benchmark::State& state, const Engine& engine, std::size_t size) {
    decode_one(state, engine, make_message(Content::mixed, size), 1);
}

void grow_fragments(benchmark::State& state, const Engine& engine, std::size_t fragments) {
    decode_one(state, engine, make_message(Content::mixed, fragments * 16), fragments);
}

void grow_head(benchmark::State& state, const Engine& engine, std::size_t size) {
    const std::string request = make_request(size);
    Wire wire;
    const auto acceptor = engine.acceptor(wire);
    measure(state, 1, [&] { acceptor->accept(request); });
}

// grow_connections: each of `count` connections gets 64 messages in turn.
void grow_connections(benchmark::State& state, const Engine& engine, std::size_t count) {
    const std::string message = make_message(Content::binary, kKiB);
    const Image image = make_image(Content::binary, message);
    Sink sink(message);
    std::vector<std::unique_ptr<Decoder>> decoders(count);
    for (auto& each : decoders) {
        each = engine.decoder(sink);
    }
    measure(state, 1, [&] {
        for (const auto& each : decoders) {
            each->decode(Source{image.bytes}, image.count);
        }
    });
}

struct Family {
    const char* name;
    std::size_t begin;
    std::size_t end;
    void (*run)(benchmark::State& state, const Engine& engine, std::size_t size);
};

}  // namespace

void add_growth_rows(const Engine& engine) {
    // Heads end below Limits::head and Limits::fields; messages stay in the cache.
    for (const Family& family : {Family{"message-bytes", 4 * kKiB, 512 * kKiB, grow_size},
                                 Family{"fragments", 64, 16 * kKiB, grow_fragments},
                                 Family{"head-bytes", 512, 4 * kKiB, grow_head},
                                 Family{"connections", 16, kKiB, grow_connections}}) {
        for (std::size_t size = family.begin; size <= family.end; size *= 2) {
            const std::string name = std::string("growth/") + family.name + "/" +
                                     std::to_string(size) + "/" + std::string(engine.name);
            benchmark::RegisterBenchmark(name.c_str(),
                                         [engine, family, size](benchmark::State& state) {
                                             family.run(state, engine, size);
                                         });
        }
    }
}

}  // namespace wsproof::bench
