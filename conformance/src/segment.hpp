// How what is sent is cut into TCP writes where a scenario does not say: TCP is a stream of bytes,
// and what a peer makes of them must not depend on the cuts (RFC 6455 §5.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wire/frame_writer.hpp"

namespace wsproof::conformance {

struct Segmentation {
    enum class Kind : std::uint8_t {
        whole,     // a step, a write
        frames,    // a frame, a write
        bytes,     // the first 4 KiB byte by byte
        split,     // in every header, near the ends of payloads, in the head
        coalesce,  // steps that nothing stands between leave together
        random,    // by seed
    };
    Kind kind = Kind::whole;
    std::uint64_t seed = 0;  // random

    [[nodiscard]] bool is_whole() const noexcept { return kind == Kind::whole; }
};

[[nodiscard]] std::string name(const Segmentation& segmentation);  // "split", "random:7"
[[nodiscard]] std::optional<Segmentation> parse_segmentation(std::string_view text);

// FrameSpan is where a frame lies in what is sent: its header, from `begin`, and its payload.
struct FrameSpan {
    std::size_t begin = 0;
    std::size_t payload = 0;
    std::size_t end = 0;
};

// Cuttable is what one step sends: an HTTP head of `head` bytes, if there is one, and frames, whose
// ends `boundaries` knows.
struct Cuttable {
    wire::ByteView bytes{};
    std::size_t head = 0;
    std::span<const std::size_t> boundaries{};
};

// frames_in reads headers as they stand; a length that lies reaches to the next boundary.
[[nodiscard]] std::vector<FrameSpan> frames_in(const Cuttable& sent);

// cuts_of gives the offsets at which one write ends and the next begins: ascending, inside of what
// is sent, at most `most`.
[[nodiscard]] std::vector<std::size_t> cuts_of(const Segmentation& segmentation,
                                               const Cuttable& sent, std::uint64_t seed,
                                               std::size_t most);

}  // namespace wsproof::conformance
