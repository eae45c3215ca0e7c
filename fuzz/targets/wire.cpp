// Invariant: the judge's own codecs read the same however bytes are cut, hide nothing, and read
// back what they write.
#include <algorithm>
#include <string>
#include <vector>

#include "input.hpp"
#include "play.hpp"
#include "require.hpp"
#include "wire/deflate_writer.hpp"
#include "wire/extensions.hpp"
#include "wire/frame_reader.hpp"
#include "wire/http_request.hpp"
#include "wire/http_response.hpp"
#include "wire/inflate.hpp"

namespace {

using namespace wsproof;
using namespace wsproof::conformance::wire;
using fuzz::require;

// read_frames: the frames, and their bytes made anew by the writer.
ByteString read_frames(ByteView bytes, std::uint8_t cuts, std::vector<Frame>& frames) {
    FrameReader reader(300);
    fuzz::Cutter cutter(cuts);
    ByteString again;
    while (!bytes.empty()) {
        ByteView piece = bytes.first(cutter.next(bytes.size()));
        bytes = bytes.subspan(piece.size());
        while (auto frame = reader.next(piece)) {
            require(frame->payload.size() == std::min<std::uint64_t>(frame->declared, 300),
                    "a payload is kept up to the cap");
            RawFrame raw{.fin = frame->fin,
                         .rsv = frame->rsv,
                         .opcode = frame->opcode,
                         .length = frame->length,
                         .declared = frame->declared,
                         .payload = frame->payload};
            if (frame->masked) {
                raw.key = frame->key;
            }
            append_frame(again, raw);
            frames.push_back(std::move(*frame));
        }
        require(piece.empty(), "a reader takes all bytes");
    }
    require(reader.payload_received() < 300 || reader.partial() == nullptr ||
                reader.partial()->payload.size() <= 300,
            "a declared length allocates nothing");
    return again;
}

void check_frames(fuzz::Input& input) {
    const std::uint8_t cuts = input.byte();
    const ByteView bytes = input.rest();
    std::vector<Frame> whole;
    std::vector<Frame> cut;
    const ByteString again = read_frames(bytes, 0, whole);
    static_cast<void>(read_frames(bytes, cuts, cut));
    require(whole.size() == cut.size(), "how bytes are cut does not change the frames");
    bool are_kept = true;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        require(whole[i].payload == cut[i].payload && whole[i].head == cut[i].head &&
                    whole[i].offset == cut[i].offset,
                "how bytes are cut does not change a frame");
        are_kept = are_kept && whole[i].declared <= 300;
    }
    require(!are_kept || std::equal(again.begin(), again.end(), bytes.begin()),
            "what is read can be written again");
}

template <typename Reader>
void check_heads(fuzz::Input& input) {
    fuzz::Cutter cutter(input.byte());
    const ByteView bytes = input.rest();
    Reader whole;
    ByteView in = bytes;
    const auto expected = whole.next(in);
    const std::size_t left = in.size();
    Reader cut;
    for (ByteView rest = bytes; !rest.empty();) {
        ByteView piece = rest.first(cutter.next(rest.size()));
        rest = rest.subspan(piece.size());
        if (const auto head = cut.next(piece)) {
            require(expected && head->head == expected->head &&
                        head->start_line == expected->start_line &&
                        head->deviations == expected->deviations,
                    "how bytes are cut does not change a head");
            require(piece.size() + rest.size() == left, "a head ends at the same byte");
            return;
        }
    }
    require(!expected, "a head is found however it is cut");
    require(whole.is_hopeless() || std::equal(bytes.begin(), bytes.end(), whole.received().begin(),
                                              whole.received().end()),
            "what came is kept");
}

void check_inflate(fuzz::Input& input) {
    const ByteView history = input.take(input.byte());
    const ByteView bytes = input.rest();
    const Inflated whole = inflate(bytes, history, 4096);
    const Inflated part = inflate_part(bytes, history, 4096);
    require(whole.data.size() <= 4096 && part.data.size() <= whole.data.size() &&
                std::equal(part.data.begin(), part.data.end(), whole.data.begin()),
            "a part of a message is its beginning");
    require(!describe(whole, bytes.size()).empty(), "a fault has a description");
    DeflateWriter writer;
    const auto tokens = tokens_of(bytes, history, 2000);
    writer.fixed(tokens, false);
    writer.dynamic(literals_of(bytes.first(std::min<std::size_t>(bytes.size(), 50))), true);
    writer.align();
    writer.stored({}, false);
    ByteString made = writer.take();
    made.resize(made.size() - 4);
    const Inflated read = inflate(made, history, 1 << 20);
    require(read.is_whole() && read.ending == Ending::proper && read.padding_is_zero,
            "the judge reads what it writes");
    require(std::equal(bytes.begin(), bytes.end(), read.data.begin()), "and reads it right");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::Input input(data, size);
    switch (input.below(5)) {
        case 0:
            check_frames(input);
            return 0;
        case 1:
            check_heads<HttpRequestReader>(input);
            return 0;
        case 2:
            check_heads<HttpResponseReader>(input);
            return 0;
        case 3:
            check_inflate(input);
            return 0;
        default:
            for (const auto& each : extensions_of(fuzz::text(input.rest()))) {
                require(!each.text.empty(), "an extension was sent");
            }
            return 0;
    }
}
