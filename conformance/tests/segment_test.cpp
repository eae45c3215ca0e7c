// Cuts: where they fall, and that they never leave the bytes.
#include "segment.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace wsproof::conformance;
using Offsets = std::vector<std::size_t>;

namespace {

// Sent is what a step sends: a head, then masked frames of these payload sizes.
struct Sent {
    explicit Sent(const Offsets& payloads, std::size_t head_size = 0) : head(head_size) {
        bytes.resize(head_size);
        for (const std::size_t size : payloads) {
            const wire::ByteString payload(size, std::byte{'x'});
            wire::append_frame(bytes, {.opcode = 2, .key = wire::Key{}, .payload = payload});
            boundaries.push_back(bytes.size());
        }
    }
    [[nodiscard]] Cuttable cuttable() const { return {bytes, head, boundaries}; }

    wire::ByteString bytes{};
    std::size_t head = 0;
    Offsets boundaries{};
};

Offsets cut(const char* segmentation, const Sent& sent, std::uint64_t seed = 1,
            std::size_t most = 4096) {
    return cuts_of(*parse_segmentation(segmentation), sent.cuttable(), seed, most);
}

bool holds(const Offsets& cuts, std::size_t first, std::size_t last) {
    for (std::size_t at = first; at <= last; ++at) {
        if (!std::binary_search(cuts.begin(), cuts.end(), at)) {
            return false;
        }
    }
    return true;
}

}  // namespace

TEST_CASE("Segmentation: names are read and written") {
    for (const char* text : {"whole", "frames", "bytes", "split", "coalesce", "random:7"}) {
        CHECK(name(parse_segmentation(text).value()) == text);
    }
    for (const char* text : {"", "byte", "bytes:1", "random", "random:", "random:x", "random:1x",
                             "random:-1", "whole "}) {
        CHECK_FALSE(parse_segmentation(text));
    }
}

TEST_CASE("Segmentation: headers are found, of every length form") {
    const Sent sent({5, 126, 65536, 0}, 40);
    const auto frames = frames_in(sent.cuttable());
    REQUIRE(frames.size() == 4);
    CHECK(frames[0].begin == 40);
    CHECK(frames[0].payload == 46);
    CHECK(frames[0].end == 51);
    CHECK(frames[1].payload - frames[1].begin == 8);
    CHECK(frames[2].payload - frames[2].begin == 14);
    CHECK(frames[3].payload == frames[3].end);
    CHECK(frames[3].end == sent.bytes.size());
}

TEST_CASE("Segmentation: a length that lies, and what is no frame, end at the boundary") {
    Sent sent({5, 5});
    sent.bytes[1] = std::byte{0x80 | 100};
    sent.bytes.push_back(std::byte{0x81});
    const auto frames = frames_in(sent.cuttable());
    REQUIRE(frames.size() == 3);
    CHECK(frames[0].end == sent.boundaries[0]);
    CHECK(frames[1].begin == sent.boundaries[0]);
    CHECK(frames[2].end == sent.bytes.size());
    CHECK(frames_in({}).empty());
}

TEST_CASE("Segmentation: whole and coalesce cut nothing, frames between frames") {
    const Sent sent({5, 200, 0}, 30);
    CHECK(cut("whole", sent).empty());
    CHECK(cut("coalesce", sent).empty());
    CHECK(cut("frames", sent) == Offsets{30, sent.boundaries[0], sent.boundaries[1]});
    CHECK(cut("frames", Sent({5})).empty());
}

TEST_CASE("Segmentation: bytes cuts at each of the first 4 KiB") {
    CHECK(cut("bytes", Sent({1})) == Offsets{1, 2, 3, 4, 5, 6});
    const Offsets cuts = cut("bytes", Sent({10'000}));
    CHECK(cuts.size() == 4096);
    CHECK(cuts.back() == 4096);
}

TEST_CASE("Segmentation: split cuts in headers, near the ends of payloads and by seed between") {
    const Sent sent({5, 1000});
    const Offsets cuts = cut("split", sent);
    const auto frames = frames_in(sent.cuttable());
    CHECK(holds(cuts, 1, frames[0].end));
    CHECK(holds(cuts, frames[1].begin, frames[1].payload + 64));
    CHECK(holds(cuts, frames[1].end - 64, frames[1].end - 1));
    const auto between = std::count_if(cuts.begin(), cuts.end(), [&](std::size_t at) {
        return at > frames[1].payload + 64 && at < frames[1].end - 64;
    });
    CHECK(between > 16);
    CHECK(between <= 32);
    CHECK(cut("split", sent, 2) != cuts);
}

TEST_CASE("Segmentation: split cuts in the head and in the blank line that ends it") {
    const Sent sent({5}, 200);
    const Offsets cuts = cut("split", sent);
    CHECK(holds(cuts, 196, 200));
    CHECK(std::count_if(cuts.begin(), cuts.end(), [](std::size_t at) { return at < 196; }) > 16);
}

TEST_CASE("Segmentation: split of a long row of frames is bounded") {
    const Sent sent(Offsets(5000, 1));
    const Offsets cuts = cut("split", sent);
    CHECK(cuts.size() < 200);
    CHECK(holds(cuts, 1, sent.boundaries[7] - 1));
    CHECK(holds(cuts, sent.boundaries[4992], sent.bytes.size() - 1));
}

TEST_CASE("Segmentation: random is by seed, and finds headers of long payloads") {
    const Sent sent({1 << 20});
    CHECK(cut("random:7", sent) == cut("random:7", sent));
    CHECK(cut("random:7", sent) != cut("random:8", sent));
    bool hits_header = false;
    for (std::uint64_t seed = 0; seed < 16; ++seed) {
        const Offsets cuts = cut("random:7", sent, seed);
        hits_header = hits_header || (!cuts.empty() && cuts.front() < 15);
    }
    CHECK(hits_header);
}

TEST_CASE("Segmentation: cuts ascend, lie inside and keep to their number") {
    for (const char* text : {"frames", "bytes", "split", "coalesce", "random:1"}) {
        for (const Sent& sent :
             {Sent({}), Sent({0}), Sent({}, 1), Sent({}, 3), Sent({7, 0, 300}, 12)}) {
            for (const std::size_t most : {0U, 1U, 3U, 4096U}) {
                const Offsets cuts = cut(text, sent, 5, most);
                CHECK(cuts.size() <= most);
                CHECK(std::is_sorted(cuts.begin(), cuts.end(), std::less_equal<>()));
                CHECK(std::all_of(cuts.begin(), cuts.end(), [&](std::size_t at) {
                    return at > 0 && at < sent.bytes.size();
                }));
            }
        }
    }
}
