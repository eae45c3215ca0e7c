// Decoding: masked frames as a server gets them, whole messages out.
#include <array>
#include <memory>

#include "inputs.hpp"
#include "rows.hpp"

namespace wsproof::bench {

namespace {

struct Row {
    Content content;
    std::size_t size;
    std::size_t read_size;
};

// image_of keeps the image of the last row asked for: only one row runs at a time, and the largest
// are of 16 MiB.
const Image& image_of(const Row& row, std::string_view& message) {
    static Content content;
    static std::string last_message;
    static Image image;
    if (last_message.size() != row.size || content != row.content) {
        content = row.content;
        last_message = make_message(row.content, row.size);
        image = make_image(row.content, last_message);
    }
    message = last_message;
    return image;
}

void decode(benchmark::State& state, const Engine& engine, const Row& row) {
    std::string_view message;
    const Image& image = image_of(row, message);
    const Source source{image.bytes, row.read_size};
    Sink sink(message);
    const auto decoder = engine.decoder(sink);
    if (engine.name != "memcpy") {
        sink.check(true);
        decoder->decode(source, image.count);
        if (sink.count() != image.count || sink.wrong_count() != 0) {
            state.SkipWithError("wrong messages");
            return;
        }
        sink.check(false);
    }
    measure(state, image.count, [&] { decoder->decode(source, image.count); });
}

constexpr std::array kReads = {
    Row{Content::binary, 125, 16},    Row{Content::binary, kKiB, 16},
    Row{Content::mixed, 125, 16},     Row{Content::binary, 125, 1460},
    Row{Content::binary, kKiB, 1460}, Row{Content::binary, 64 * kKiB, 1460},
    Row{Content::mixed, kKiB, 1460},  Row{Content::mixed, 64 * kKiB, 1460},
};

void add(const Row& row, const std::string& name, std::span<const Engine> engines) {
    for (const Engine& engine : engines) {
        if (engine.decoder != nullptr) {
            const std::string full = name + "/" + std::string(engine.name);
            benchmark::RegisterBenchmark(full.c_str(), [engine, row](benchmark::State& state) {
                decode(state, engine, row);
            });
        }
    }
}

// copy_once is the machine's own speed: from one buffer to another of the same size.
void copy_once(benchmark::State& state, std::size_t size) {
    const std::string from(size, 'x');
    std::string to(size, 'y');
    measure(state, 1, [&] {
        std::memcpy(to.data(), from.data(), size);
        benchmark::DoNotOptimize(to.data());
        benchmark::ClobberMemory();
    });
}

}  // namespace

void add_copy_rows() {
    for (const std::size_t size : {64 * kKiB, kMiB, 16 * kMiB}) {
        const std::string name = "memcpy/" + size_name(size) + "/memcpy";
        benchmark::RegisterBenchmark(name.c_str(),
                                     [size](benchmark::State& state) { copy_once(state, size); });
    }
}

void add_decode_rows(std::span<const Engine> engines) {
    for (const Content content : {Content::binary, Content::ascii, Content::mixed}) {
        for (const std::size_t size :
             {std::size_t{16}, std::size_t{125}, kKiB, 64 * kKiB, kMiB, 16 * kMiB}) {
            add({content, size, kReadSize},
                "decode/" + std::string(name_of(content)) + "/" + size_name(size), engines);
        }
    }
    for (const Row& row : kReads) {
        add(row,
            "decode-in-" + std::to_string(row.read_size) + "/" + std::string(name_of(row.content)) +
                "/" + size_name(row.size),
            engines);
    }
}

}  // namespace wsproof::bench
