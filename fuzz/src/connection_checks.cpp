#include "connection_checks.hpp"

#include <array>
#include <wsproof/observer.hpp>

#include "memory.hpp"
#include "output_judge.hpp"
#include "play.hpp"
#include "reference.hpp"
#include "require.hpp"
#include "setting.hpp"
#include "wire/frame_reader.hpp"

namespace wsproof::fuzz {
namespace {

namespace wire = conformance::wire;

// FrameCompare holds the engine's view of frame headers to that of the judge's wire layer.
class FrameCompare final : public Observer {
  public:
    void start(Bytes stream) noexcept { stream_ = stream; }
    void received(const FrameHeader& header) noexcept override {
        ++received_count_;
        const auto frame = next_frame();
        require(frame.has_value(), "the wire layer sees each frame that the engine sees");
        require(frame->fin == header.fin && frame->rsv == header.reserved_bits &&
                    frame->opcode == static_cast<std::uint8_t>(header.opcode) &&
                    frame->masked == header.masked && frame->declared == header.payload_size &&
                    frame->head.size() == header_size(header),
                "the wire layer reads a header as the engine does");
        require(!header.masked || frame->key == header.key, "a key is a key");
    }
    void sent(const FrameHeader& /*header*/) noexcept override { ++sent_count_; }
    [[nodiscard]] std::uint64_t received_count() const noexcept { return received_count_; }
    [[nodiscard]] std::uint64_t sent_count() const noexcept { return sent_count_; }

  private:
    std::optional<wire::Frame> next_frame() {
        if (auto frame = reader_.next(stream_)) {
            return frame;
        }
        if (reader_.has_head()) {
            return *reader_.partial();
        }
        return std::nullopt;
    }

    wire::ByteView stream_;
    wire::FrameReader reader_;
    std::uint64_t received_count_ = 0;
    std::uint64_t sent_count_ = 0;
};

constexpr std::size_t kPongsMax = 16;  // which nobody has taken

struct Choice {
    Role role = Role::server;
    bool with_handshake = false;
    std::uint8_t cuts = 0;
    Options options{};
};

Connection make(const Choice& choice, Entropy& entropy) {
    if (!choice.with_handshake) {
        return Connection::adopt(choice.role, {{}, make_agreement(choice.options), {}},
                                 choice.options, entropy, Time{});
    }
    return choice.role == Role::server
               ? Connection::server(choice.options, entropy, Time{})
               : Connection::client({.host = "example.com", .subprotocols = {"chat", "echo"}},
                                    choice.options, entropy, Time{});
}

Heard run(const Choice& choice, Bytes bytes, std::uint8_t cuts) {
    FixedEntropy entropy;
    Connection connection = make(choice, entropy);
    Heard heard = play(connection, bytes, cuts);
    if (!choice.with_handshake) {
        heard.deflate = make_agreement(choice.options);
    }
    return heard;
}

void check_reference(const Choice& choice, const Heard& heard, Bytes bytes) {
    const bool is_open = !choice.with_handshake || heard.log.find(Happening::Kind::opened);
    if (!is_open) {
        return;
    }
    const Bytes stream = bytes.subspan(static_cast<std::size_t>(heard.open_at));
    const Prophecy prophecy =
        foretell(stream, {choice.role, choice.options.limits, heard.deflate, heard.open_at});
    check(heard.log, prophecy);
    if (!prophecy.is_lenient(heard.log.find(Happening::Kind::failed))) {
        require(prophecy.frame_count == heard.frames_received, "frames are counted");
    }
}

// check_headers: the engine's view of each header is that of the judge's wire layer.
void check_headers(const Choice& choice, const Heard& heard, Bytes bytes) {
    if (choice.with_handshake && !heard.log.find(Happening::Kind::opened)) {
        return;
    }
    const Bytes stream = bytes.subspan(static_cast<std::size_t>(heard.open_at));
    Options options = choice.options;
    FrameCompare compare;
    compare.start(stream);
    options.observer = &compare;
    FixedEntropy entropy;
    Connection connection =
        Connection::adopt(choice.role, {{}, heard.deflate, {}}, options, entropy, Time{});
    static_cast<void>(play(connection, stream, 0));
    require(compare.received_count() == heard.frames_received, "the observer sees each frame");
}

void check_output(const Choice& choice, const Heard& heard) {
    OutputJudge judge(choice.role, !choice.with_handshake);
    judge.agree(heard.deflate);
    judge.feed(heard.output);
    const bool is_open = !choice.with_handshake || heard.log.find(Happening::Kind::opened);
    const Happening* failed = heard.log.find(Happening::Kind::failed);
    const Happening* close = heard.log.find(Happening::Kind::close);
    if (close != nullptr && choice.options.automation.close) {
        require(judge.has_closed() && judge.close_code() == close->code,
                "RFC 6455 §5.5.1: a Close is answered, with its code");
    }
    require(heard.open_at <= choice.options.limits.head, "a head is within its limit");
    require(judge.pong_count() <= kPongsMax, "unsent Pongs are bounded");
    if (failed != nullptr && is_open) {
        require(judge.has_closed(), "RFC 6455 §7.1.7: who fails a connection says so");
        require(judge.close_code() == static_cast<unsigned>(info(failed->error).close_code),
                "the Close has the code of the error");
    }
    require(judge.messages().empty(), "nobody has sent a message");
}

// check_bounds: nothing of what a peer does makes a connection take more than its limits allow.
void check_bounds(const Choice& choice, Bytes bytes) {
    Buffer copy(bytes.begin(), bytes.end());
    FixedEntropy entropy;
    std::size_t event_count = 0;
    std::size_t inflated = 0;
    const Memory memory;
    {
        Connection connection = make(choice, entropy);
        MutableBytes in(copy);
        while (const auto event = connection.next(in)) {
            ++event_count;
            if (const auto* piece = std::get_if<MessageData>(&*event)) {
                inflated += piece->payload.size();
            } else if (std::holds_alternative<UpgradeRequest>(*event)) {
                static_cast<void>(connection.accept());
            }
        }
        const Limits& limits = choice.options.limits;
        const std::size_t head = std::min(limits.head, bytes.size());
        const bool deflates = choice.options.deflate.codecs != nullptr;
        const std::size_t allowed =
            (std::size_t{32} << 10) + 24 * head +
            (deflates ? (std::size_t{64} << 10) + 2 * limits.inflate_chunk : 0);
        require(memory.peak() <= allowed, "memory is bounded by the limits");
        require(memory.count() <= 150 + head, "allocations are bounded by the handshake");
        const std::size_t pieces =
            deflates ? inflated / std::max<std::size_t>(limits.inflate_chunk, 1) : 0;
        require(event_count <= bytes.size() + pieces + 8, "events are bounded by the input");
    }
}

void check_cut(const Choice& choice, const Heard& whole, Bytes bytes, unsigned how) {
    constexpr std::array<std::uint8_t, 4> kCuts = {1, 3, 17, 200};
    const Heard cut = run(choice, bytes, kCuts[how]);
    require(whole.log == cut.log, "how the input is cut does not change the events");
    require(whole == cut, "how the input is cut does not change what is said");
}

}  // namespace

// Its first byte: role, handshake, two bits of how to cut, two of what is checked besides.
void check_connection(Input& input) {
    const std::uint8_t first = input.byte();
    ZlibCodecs codecs(kSmallZlib);
    Choice choice;
    choice.role = (first & 1U) != 0 ? Role::client : Role::server;
    choice.with_handshake = (first & 2U) != 0;
    choice.options = make_options(input, codecs);
    const Bytes bytes = input.rest();
    const Heard whole = run(choice, bytes, 0);
    check_reference(choice, whole, bytes);
    check_output(choice, whole);
    // One more at a time: a second run costs as much as all of the above.
    switch (first >> 4 & 3U) {
        case 0:
            return;
        case 1:
            check_cut(choice, whole, bytes, first >> 2 & 3U);
            return;
        case 2:
            check_bounds(choice, bytes);
            return;
        default:
            check_headers(choice, whole, bytes);
            return;
    }
}

}  // namespace wsproof::fuzz
