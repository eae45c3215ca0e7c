#include "segment.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "payload.hpp"

namespace wsproof::conformance {

namespace {

using Offsets = std::set<std::size_t>;

constexpr std::size_t kByteByByte = 4096;
constexpr std::size_t kNearAnEnd = 64;     // bytes of a payload, at either end
constexpr std::size_t kSeeded = 32;        // cuts in what is between
constexpr std::size_t kFramesAtAnEnd = 8;  // of a long row of frames, split at either end
constexpr std::uint64_t kRandomMost = 12;  // cuts of one step

constexpr struct {
    Segmentation::Kind kind;
    std::string_view name;
} kNames[] = {
    {Segmentation::Kind::whole, "whole"},       {Segmentation::Kind::frames, "frames"},
    {Segmentation::Kind::bytes, "bytes"},       {Segmentation::Kind::split, "split"},
    {Segmentation::Kind::coalesce, "coalesce"}, {Segmentation::Kind::random, "random"},
};

// size_of_frame is what its header announces, or 0 if not even the header is there.
FrameSpan span_of(wire::ByteView bytes, std::size_t begin, std::size_t limit) {
    const FrameSpan rest{begin, limit, limit};
    if (limit - begin < 2) {
        return rest;
    }
    const auto second = std::to_integer<std::uint64_t>(bytes[begin + 1]);
    const std::size_t extended = (second & 127) == 126 ? 2 : (second & 127) == 127 ? 8 : 0;
    const std::size_t payload = begin + 2 + extended + ((second & 128) != 0 ? 4 : 0);
    if (payload > limit) {
        return rest;
    }
    std::uint64_t length = extended == 0 ? second & 127 : 0;
    for (std::size_t i = 0; i < extended; ++i) {
        length = length << 8 | std::to_integer<std::uint64_t>(bytes[begin + 2 + i]);
    }
    const auto left = static_cast<std::uint64_t>(limit - payload);
    return {begin, payload, payload + static_cast<std::size_t>(std::min(length, left))};
}

void add_range(Offsets& cuts, std::size_t first, std::size_t end) {
    for (std::size_t at = first; at < end; ++at) {
        cuts.insert(at);
    }
}

void add_seeded(Offsets& cuts, std::size_t first, std::size_t end, std::uint64_t seed) {
    if (end <= first + kSeeded) {
        add_range(cuts, first, end);
        return;
    }
    Random random(seed);
    for (std::size_t i = 0; i < kSeeded; ++i) {
        cuts.insert(first + static_cast<std::size_t>(random.below(end - first)));
    }
}

void split_frame(Offsets& cuts, const FrameSpan& frame, std::uint64_t seed) {
    add_range(cuts, frame.begin, frame.payload + 1);
    const std::size_t size = frame.end - frame.payload;
    if (size <= 2 * kNearAnEnd) {
        add_range(cuts, frame.payload, frame.end);
        return;
    }
    add_range(cuts, frame.payload, frame.payload + kNearAnEnd + 1);
    add_range(cuts, frame.end - kNearAnEnd, frame.end);
    add_seeded(cuts, frame.payload + kNearAnEnd, frame.end - kNearAnEnd, seed);
}

Offsets split(const Cuttable& sent, std::uint64_t seed) {
    Offsets cuts;
    if (sent.head > 0) {
        add_seeded(cuts, 1, sent.head, seed);
        add_range(cuts, sent.head - std::min<std::size_t>(sent.head, 4), sent.head);
    }
    const std::vector<FrameSpan> frames = frames_in(sent);
    for (std::size_t i = 0; i < frames.size(); ++i) {
        if (i < kFramesAtAnEnd || i + kFramesAtAnEnd >= frames.size()) {
            split_frame(cuts, frames[i], seed + i);
        }
    }
    if (frames.size() > 2 * kFramesAtAnEnd) {
        add_seeded(cuts, frames[kFramesAtAnEnd].begin, frames[frames.size() - kFramesAtAnEnd].begin,
                   seed);
    }
    return cuts;
}

// Half of the cuts go into headers: in a long payload chance alone would hit none.
Offsets at_random(const Cuttable& sent, std::uint64_t seed) {
    Random random(seed);
    const std::vector<FrameSpan> frames = frames_in(sent);
    Offsets cuts;
    for (std::uint64_t left = 1 + random.below(kRandomMost); left > 0; --left) {
        if (frames.empty() || random.below(2) == 0) {
            cuts.insert(static_cast<std::size_t>(random.below(sent.bytes.size())));
        } else {
            const FrameSpan& frame = frames[random.below(frames.size())];
            cuts.insert(frame.begin +
                        static_cast<std::size_t>(random.below(frame.payload - frame.begin + 1)));
        }
    }
    return cuts;
}

Offsets offsets_of(const Segmentation& segmentation, const Cuttable& sent, std::uint64_t seed) {
    Offsets cuts;
    switch (segmentation.kind) {
        case Segmentation::Kind::whole:
        case Segmentation::Kind::coalesce:
            break;
        case Segmentation::Kind::frames:
            for (const FrameSpan& frame : frames_in(sent)) {
                cuts.insert(frame.begin);
            }
            break;
        case Segmentation::Kind::bytes:
            add_range(cuts, 1, std::min(sent.bytes.size(), kByteByByte + 1));
            break;
        case Segmentation::Kind::split:
            return split(sent, seed);
        case Segmentation::Kind::random:
            return at_random(sent, seed + segmentation.seed);
    }
    return cuts;
}

}  // namespace

std::string name(const Segmentation& segmentation) {
    for (const auto& each : kNames) {
        if (each.kind == segmentation.kind) {
            return std::string(each.name) + (segmentation.kind == Segmentation::Kind::random
                                                 ? ":" + std::to_string(segmentation.seed)
                                                 : "");
        }
    }
    return "";
}

std::optional<Segmentation> parse_segmentation(std::string_view text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    for (const auto& each : kNames) {
        if (each.name != text.substr(0, colon)) {
            continue;
        }
        Segmentation segmentation{.kind = each.kind};
        const bool has_seed = each.kind == Segmentation::Kind::random;
        if (has_seed != (colon < text.size())) {
            return std::nullopt;
        }
        if (has_seed) {
            const char* end = text.data() + text.size();
            const auto [rest, error] =
                std::from_chars(text.data() + colon + 1, end, segmentation.seed);
            if (error != std::errc{} || rest != end) {
                return std::nullopt;
            }
        }
        return segmentation;
    }
    return std::nullopt;
}

std::vector<FrameSpan> frames_in(const Cuttable& sent) {
    std::vector<FrameSpan> frames;
    std::size_t begin = sent.head;
    const auto walk = [&](std::size_t limit) {
        while (begin < limit) {
            frames.push_back(span_of(sent.bytes, begin, limit));
            begin = frames.back().end;
        }
    };
    for (const std::size_t boundary : sent.boundaries) {
        walk(std::min(boundary, sent.bytes.size()));
    }
    walk(sent.bytes.size());
    return frames;
}

std::vector<std::size_t> cuts_of(const Segmentation& segmentation, const Cuttable& sent,
                                 std::uint64_t seed, std::size_t most) {
    if (sent.bytes.size() < 2) {
        return {};
    }
    std::vector<std::size_t> cuts;
    for (const std::size_t at : offsets_of(segmentation, sent, seed)) {
        if (at > 0 && at < sent.bytes.size() && cuts.size() < most) {
            cuts.push_back(at);
        }
    }
    return cuts;
}

}  // namespace wsproof::conformance
