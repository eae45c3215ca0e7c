#include "differential.hpp"

#include <string>
#include <utility>
#include <variant>
#include <wsproof/connection.hpp>
#include <wsproof/frame.hpp>
#include <wsproof/message_reader.hpp>

#include "peer.hpp"
#include "require.hpp"
#include "setting.hpp"

namespace wsproof::fuzz {
namespace {

constexpr std::size_t kStreamMax = std::size_t{200} << 10;  // bytes

Buffer copy(Bytes bytes) {
    return {bytes.begin(), bytes.end()};
}

std::string describe(const Opinion& opinion) {
    std::string text = std::to_string(opinion.delivered.size()) + " delivered";
    for (const Delivered& each : opinion.delivered) {
        text += ", " + std::to_string(each.opcode) + " of " + std::to_string(each.payload.size());
    }
    text += "; " + std::string(info(opinion.error).name);
    text += opinion.is_refused ? "; refused with " + std::to_string(opinion.refused_with) : "";
    text += opinion.is_closed ? "; closed with " + std::to_string(opinion.closed_with) : "";
    return text;
}

std::string hex_of(Bytes bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::byte each : bytes) {
        text += kDigits[std::to_integer<std::size_t>(each >> 4)];
        text += kDigits[std::to_integer<std::size_t>(each & std::byte{0x0F})];
    }
    return text;
}

}  // namespace

Buffer frames_of(const Script& script, Role receiver) {
    Peer peer(receiver);
    Buffer stream;
    for (const Op& op : script.ops) {
        if (op.kind == OpKind::frame) {
            peer.frame(op, stream);
        } else if (op.kind == OpKind::message) {
            peer.message(op, stream);
        } else if (op.kind == OpKind::close) {
            peer.close(op, stream);
        } else if (op.kind == OpKind::raw) {
            stream.insert(stream.end(), op.data.begin(), op.data.end());
        }
        if (stream.size() > kStreamMax) {
            break;
        }
    }
    return stream;
}

Opinion ask_engine(Role role, Bytes stream) {
    Options options;
    options.limits.frame = kUnlimited;
    options.limits.message = kDifferentialLimit;
    FixedEntropy entropy;
    Connection connection = Connection::adopt(role, {}, options, entropy, Time{});
    MessageReader reader(kDifferentialLimit);
    Opinion opinion;
    Buffer bytes = copy(stream);
    MutableBytes in(bytes);
    while (const auto event = connection.next(in)) {
        if (const auto* piece = std::get_if<MessageData>(&*event)) {
            require(reader.add(*piece) == Error::none, "a message within the limit is kept");
            if (const auto& message = reader.message()) {
                opinion.delivered.push_back(
                    {static_cast<std::uint8_t>(message->type), copy(message->payload)});
            }
        } else if (const auto* ping = std::get_if<Ping>(&*event)) {
            opinion.delivered.push_back({9, copy(ping->payload)});
        } else if (const auto* pong = std::get_if<Pong>(&*event)) {
            opinion.delivered.push_back({10, copy(pong->payload)});
        } else if (const auto* close = std::get_if<CloseReceived>(&*event)) {
            opinion.is_closed = true;
            opinion.closed_with = static_cast<std::uint16_t>(close->code);
        } else if (const auto* failed = std::get_if<Failed>(&*event)) {
            opinion.is_refused = true;
            opinion.error = failed->error;
            opinion.refused_with = static_cast<std::uint16_t>(info(failed->error).close_code);
        }
    }
    return opinion;
}

void compare(Role role, Bytes stream, const Other& other) {
    Opinion ours = ask_engine(role, stream);
    Opinion theirs = other.ask(role, stream);
    // One may see a fault in what there is of a frame for which the other waits to the end: wslay
    // in the reason of a Close, the engine in headers.
    Buffer longer = copy(stream);
    longer.resize(stream.size() + kHeaderSizeMax + kControlPayloadMax);
    if (ours.is_refused && !theirs.is_refused && !theirs.is_closed) {
        theirs = other.ask(role, longer);
    } else if (theirs.is_refused && !ours.is_refused && !ours.is_closed) {
        ours = ask_engine(role, longer);
    }
    const bool is_same =
        ours.delivered == theirs.delivered && ours.is_refused == theirs.is_refused &&
        ours.refused_with == theirs.refused_with && ours.is_closed == theirs.is_closed &&
        ours.closed_with == theirs.closed_with;
    if (!is_same && !other.is_known_difference(ours, theirs)) {
        broken("the engine and another implementation differ\nengine: " + describe(ours) +
               "\nother:  " + describe(theirs) + "\nstream: " + hex_of(stream));
    }
}

}  // namespace wsproof::fuzz
