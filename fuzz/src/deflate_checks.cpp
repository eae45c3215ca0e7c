#include "deflate_checks.hpp"

#include <algorithm>
#include <array>
#include <wsproof/deflate/zlib_codecs.hpp>

#include "deflate_stream.hpp"
#include "play.hpp"
#include "require.hpp"
#include "setting.hpp"
#include "wire/inflate.hpp"

namespace wsproof::fuzz {

namespace wire = conformance::wire;

namespace {

constexpr std::size_t kInflatedMax = std::size_t{1} << 20;  // bytes
constexpr std::array kTail = {std::byte{0}, std::byte{0}, std::byte{0xFF}, std::byte{0xFF}};

struct Read {
    Buffer content{};
    CodecStatus status = CodecStatus::ok;
    bool ends_with_block = false;
};

// read_all feeds `bytes` in pieces to memory of `room` bytes.
Read read_all(Inflater& inflater, Bytes bytes, Cutter& cutter, std::size_t room) {
    Read read;
    Buffer memory(room);
    std::size_t call_count = 0;
    const std::size_t size = bytes.size();
    Bytes piece;
    bool is_full = false;
    while ((!bytes.empty() || !piece.empty() || is_full) && read.content.size() < kInflatedMax) {
        if (piece.empty() && !is_full) {
            piece = bytes.first(cutter.next(bytes.size()));
            bytes = bytes.subspan(piece.size());
        }
        const Inflater::Progress progress = inflater.inflate(piece, memory);
        require(progress.consumed <= piece.size() && progress.produced <= room,
                "an inflater takes and makes no more than it was given");
        piece = piece.subspan(progress.consumed);
        read.content.insert(read.content.end(), memory.begin(),
                            memory.begin() + static_cast<std::ptrdiff_t>(progress.produced));
        read.status = progress.status;
        is_full = progress.produced == room;
        if (progress.status != CodecStatus::ok) {
            break;
        }
        require(piece.empty() || is_full, "an inflater goes on until it has read all");
        require(++call_count <= size + read.content.size() / room + 2, "calls are bounded");
    }
    read.ends_with_block = inflater.is_at_block_end();
    return read;
}

// check_agreement: zlib has rules of its own about dynamic blocks (see reference.cpp).
void check_agreement(const Read& read, const wire::Inflated& expected) {
    const bool is_good = read.status == CodecStatus::ok && read.ends_with_block;
    const bool is_proper = expected.is_whole() && expected.ending == wire::Ending::proper;
    require(!is_proper || is_good || expected.dynamic_blocks > 0,
            "the engine inflates what the judge can read");
    require(!is_good || expected.is_whole() || expected.ending == wire::Ending::swallowed,
            "the engine refuses what the judge cannot read");
    if (is_good && is_proper) {
        require(read.content == expected.data, "engine and judge inflate alike");
    } else if (expected.dynamic_blocks == 0 && !expected.is_whole() &&
               expected.fault != wire::InflateFault::cut_off) {
        require(read.content == expected.data, "engine and judge stop at the same place");
    }
}

}  // namespace

void check_inflater(Input& input) {
    const std::uint8_t how = input.byte();
    constexpr std::array<std::uint8_t, 4> kCuts = {0, 1, 3, 40};
    constexpr std::array<std::size_t, 4> kRooms = {1, 7, 300, 16'384};
    constexpr std::array<int, 4> kBits = {15, 8, 10, 12};
    const std::size_t room = kRooms[how >> 2 & 3U];
    const auto window = std::size_t{1} << static_cast<unsigned>(kBits[how >> 4 & 3U]);
    const unsigned damage = (how & 0x80U) != 0 ? 1 + input.byte() % 8U : 0;
    const Bytes first_recipe = input.take(input.byte());
    ZlibCodecs codecs(kSmallZlib);
    Inflater* inflater = codecs.take_inflater(room);
    require(inflater != nullptr && inflater->chunk().size() == room, "an inflater has its chunk");
    Cutter cutter(kCuts[how & 3U]);
    Buffer history;
    for (const Bytes recipe : {first_recipe, input.rest()}) {
        Input rest(recipe);
        const bool is_second = !history.empty() || recipe.data() != first_recipe.data();
        DeflateStream stream = make_stream(rest, history, window, is_second ? damage : 0);
        const auto expected = wire::inflate(stream.bytes, history, kInflatedMax);
        if (stream.is_valid) {
            require(expected.is_whole() && expected.data == stream.content &&
                        expected.ending == wire::Ending::proper,
                    "the judge reads what was written");
            require(expected.distance <= window, "no reference goes beyond the window");
        }
        stream.bytes.insert(stream.bytes.end(), kTail.begin(), kTail.end());
        const Read read = read_all(*inflater, stream.bytes, cutter, room);
        require(!stream.is_valid || (read.content == stream.content && read.ends_with_block),
                "the engine reads what was written");
        check_agreement(read, expected);
        if (read.status != CodecStatus::ok || !read.ends_with_block) {
            break;
        }
        history.insert(history.end(), read.content.begin(), read.content.end());
    }
    codecs.give_back(*inflater);
}

void check_deflater(Input& input) {
    const std::uint8_t how = input.byte();
    const int bits = kWindowBitsMin + (how & 7);
    const int level = how >> 3 & 7;
    const bool resets = (how & 0x40U) != 0;
    ZlibCodecs codecs({.level = level, .memory_level = 1, .spare_count = 1});
    Deflater* deflater = codecs.take_deflater(bits);
    require(deflater != nullptr, "there is a deflater");
    wire::History history;
    for (std::size_t i = 0; i < 8 && !input.empty(); ++i) {
        const std::size_t repeats = 1 + input.below(40);
        const Bytes part = input.take(1 + input.below(60));
        Buffer message;
        for (std::size_t n = 0; n < repeats; ++n) {
            message.insert(message.end(), part.begin(), part.end());
        }
        if (message.empty()) {
            break;
        }
        const auto deflated = deflater->deflate(message);
        require(deflated && deflated->size() >= kTail.size() &&
                    std::equal(kTail.begin(), kTail.end(), deflated->end() - kTail.size()),
                "what is deflated ends with an empty block");
        require(deflated->size() <= message.size() + message.size() / 8 + 64,
                "what does not shrink hardly grows");
        const auto read = wire::inflate(deflated->first(deflated->size() - kTail.size()),
                                        history.view(), kInflatedMax);
        require(read.is_whole() && read.data == message && read.ending == wire::Ending::proper,
                "the judge reads what the engine deflates");
        require(read.distance <= std::size_t{1} << static_cast<unsigned>(bits),
                "no reference goes beyond the window");
        history.append(message);
        if (resets) {
            deflater->reset();
            history.clear();
        }
    }
    codecs.give_back(*deflater);
}

}  // namespace wsproof::fuzz
