#include "reference_peer.hpp"

#include <algorithm>
#include <variant>
#include <wsproof/deflate/zlib_codecs.hpp>

#include "deflate_recipe.hpp"
#include "frame_spec.hpp"
#include "payload.hpp"
#include "scenario_parse.hpp"

namespace wsproof::netfuzz {

namespace {

// Nothing that the reference sends is looked at.
class NoEntropy final : public Entropy {
  public:
    void fill(MutableBytes out) noexcept override {
        std::fill(out.begin(), out.end(), std::byte{0x5A});
    }
};

}  // namespace

struct ReferencePeer::Impl {
    ZlibCodecs codecs{};
    NoEntropy entropy{};
    Connection engine;
    conformance::wire::FrameReader frames{0};
    bool in_message = false;
    bool is_over = false;
    ByteString message{};

    Impl(conformance::Role role, bool deflates)
        : engine(Connection::adopt(
              role == conformance::Role::server ? Role::server : Role::client,
              Opened{.subprotocol = {},
                     .deflate = deflates ? std::optional(DeflateParameters{}) : std::nullopt,
                     .fields = {}},
              Options{.deflate = {.codecs = deflates ? &codecs : nullptr}}, entropy, Time{})) {}

    void follow(ByteView bytes) {
        while (const auto frame = frames.next(bytes)) {
            if (!frame->is_control()) {
                in_message = !frame->fin;
            }
        }
    }

    void take(const Event& event, std::vector<Reaction>& out) {
        if (const auto* data = std::get_if<MessageData>(&event)) {
            message.insert(message.end(), data->payload.begin(), data->payload.end());
            if (data->last) {
                out.push_back({.kind = Reaction::Kind::message,
                               .opcode = static_cast<std::uint8_t>(data->type),
                               .payload = std::exchange(message, {})});
            }
        } else if (const auto* ping = std::get_if<Ping>(&event)) {
            out.push_back({.kind = Reaction::Kind::ping,
                           .payload = {ping->payload.begin(), ping->payload.end()}});
        } else if (const auto* close = std::get_if<CloseReceived>(&event)) {
            Reaction reaction{.kind = Reaction::Kind::close};
            if (close->code != CloseCode::no_status) {
                reaction.code = static_cast<std::uint16_t>(close->code);
            }
            out.push_back(std::move(reaction));
            is_over = true;
        } else if (const auto* failed = std::get_if<Failed>(&event)) {
            out.push_back({.kind = Reaction::Kind::failure, .error = failed->error});
            is_over = true;
        }
    }
};

ReferencePeer::ReferencePeer(conformance::Role role, bool deflates)
    : impl_(std::make_unique<Impl>(role, deflates)) {}
ReferencePeer::ReferencePeer(ReferencePeer&&) noexcept = default;
ReferencePeer& ReferencePeer::operator=(ReferencePeer&&) noexcept = default;
ReferencePeer::~ReferencePeer() = default;

std::vector<Reaction> ReferencePeer::feed(ByteView bytes) {
    std::vector<Reaction> reactions;
    impl_->follow(bytes);
    ByteString copy(bytes.begin(), bytes.end());  // next() unmasks in place
    MutableBytes in(copy);
    while (!impl_->is_over) {
        const auto event = impl_->engine.next(in);
        if (!event) {
            break;
        }
        impl_->take(*event, reactions);
    }
    impl_->engine.consume(impl_->engine.queued());
    return reactions;
}

bool ReferencePeer::is_over() const noexcept {
    return impl_->is_over;
}

bool ReferencePeer::is_inside_frame() const noexcept {
    return !impl_->frames.is_at_boundary();
}

bool ReferencePeer::is_inside_message() const noexcept {
    return impl_->in_message;
}

namespace {

using conformance::FrameSpec;
using conformance::MessageSpec;
namespace wire = conformance::wire;

constexpr wire::Key kKey = {std::byte{0x37}, std::byte{0xFA}, std::byte{0x21}, std::byte{0x3D}};

void append(ByteString& out, const FrameSpec& frame, bool we_mask, std::uint64_t seed) {
    const ByteString body = conformance::body_of(frame, make_payload(frame.payload, seed));
    wire::RawFrame raw = conformance::raw_frame(frame, body);
    if (frame.mask.value_or(we_mask)) {
        raw.key = frame.key.value_or(kKey);
    }
    append_frame(out, raw);
}

void append(ByteString& out, const MessageSpec& message, bool we_mask, std::uint64_t seed) {
    ByteString whole = make_payload(message.payload, seed);
    if (message.compress) {
        whole = compress(whole, {}, *message.compress);
    }
    std::size_t offset = 0;
    std::vector<std::size_t> sizes;
    std::size_t left = whole.size();
    for (const std::uint64_t size : message.fragments) {
        sizes.push_back(std::min<std::size_t>(left, size));
        left -= sizes.back();
    }
    const std::size_t each = message.fragment_size.value_or(std::max<std::size_t>(left, 1));
    for (; left > each; left -= each) {
        sizes.push_back(each);
    }
    sizes.push_back(left);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        wire::RawFrame raw{.fin = i + 1 == sizes.size(),
                           .rsv = static_cast<std::uint8_t>(i == 0 && message.compress ? 4 : 0),
                           .opcode = i == 0 ? message.opcode : std::uint8_t{0},
                           .payload = std::span(whole).subspan(offset, sizes[i])};
        if (we_mask) {
            raw.key = kKey;
        }
        append_frame(out, raw);
        offset += sizes[i];
    }
}

}  // namespace

ByteString bytes_of(const Json& item, bool we_mask, std::uint64_t seed) {
    const std::vector<conformance::Item> parsed = conformance::parse_items(item, "");
    ByteString out;
    for (const conformance::Item& each : parsed) {
        if (const auto* frame = std::get_if<FrameSpec>(&each.what)) {
            append(out, *frame, we_mask, seed);
        } else if (const auto* message = std::get_if<MessageSpec>(&each.what)) {
            append(out, *message, we_mask, seed);
        } else {
            const auto& raw = std::get<conformance::RawSpec>(each.what);
            const ByteString bytes = make_payload(raw.bytes, seed);
            out.insert(out.end(), bytes.begin(), bytes.end());
        }
    }
    return out;
}

}  // namespace wsproof::netfuzz
