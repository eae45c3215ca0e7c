#include "peer.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "deflate_stream.hpp"
#include "wire/digest.hpp"
#include "wire/http_request.hpp"

namespace wsproof::fuzz {

namespace wire = conformance::wire;

namespace {

std::string line(std::string_view name, std::string_view value) {
    return std::string(name) + ": " + std::string(value) + "\r\n";
}

// field_of: "X-Field: " and the data of an operation, without what ends a line.
std::string field_of(const Op& op) {
    std::string value;
    for (const std::byte byte : op.data) {
        const char c = static_cast<char>(byte);
        value += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
    }
    return line("X-Field", value);
}

constexpr std::array<std::string_view, 8> kOffers = {
    "permessage-deflate",
    "permessage-deflate; client_max_window_bits",
    "permessage-deflate; client_max_window_bits=10; server_max_window_bits=9",
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
    "x-other; a=\"b\\c\", permessage-deflate; server_max_window_bits=\"8\"",
    "permessage-deflate; server_max_window_bits=16, permessage-deflate",
    "permessage-deflate; unknown, permessage-deflate; client_max_window_bits=\"15\"",
    "permessage-deflate; client_max_window_bits=8, permessage-deflate",
};

constexpr std::array<std::string_view, 8> kAgreements = {
    "permessage-deflate",
    "permessage-deflate; server_max_window_bits=10",
    "permessage-deflate; client_max_window_bits=9",
    "permessage-deflate; server_no_context_takeover",
    "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
    "permessage-deflate; client_max_window_bits=\"12\"; server_max_window_bits=15",
    "permessage-deflate; server_max_window_bits=8; client_max_window_bits=8",
    "permessage-deflate; server_max_window_bits=15; client_no_context_takeover",
};

// spoil changes a character, or the case of a letter.
void spoil(std::string& key, std::size_t at, bool keeps_letters) {
    const auto letter = std::find_if(key.begin() + static_cast<std::ptrdiff_t>(at), key.end(),
                                     [](char c) { return c >= 'a' && c <= 'z'; });
    if (keeps_letters && letter != key.end()) {
        *letter = static_cast<char>(*letter - 'a' + 'A');
    } else {
        key[at] ^= 1;
    }
}

}  // namespace

std::uint16_t code_of(const Op& op) noexcept {
    constexpr std::array<std::uint16_t, 12> kCodes = {1000, 1001, 1002, 1003, 1007, 1008,
                                                      1009, 1010, 1011, 3000, 4999, 1014};
    constexpr std::array<std::uint16_t, 12> kRareCodes = {0,    999,  1004, 1005, 1006, 1012,
                                                          1013, 1015, 1016, 2999, 5000, 65'535};
    return op.b < 0xE0   ? kCodes[op.a % kCodes.size()]
           : op.b < 0xF0 ? kRareCodes[op.a % kRareCodes.size()]
                         : static_cast<std::uint16_t>((op.b & 0xFU) * 400U + op.a);
}

void Peer::put(wire::RawFrame raw, unsigned damage, Buffer& out) {
    bool masked = engine_ == Role::server;
    std::uint64_t declared = raw.payload.size();
    switch (damage) {
        case 1:
            masked = !masked;
            break;
        case 2:
            raw.length = wire::LengthForm::bits16;
            break;
        case 3:
            raw.length = wire::LengthForm::bits64;
            break;
        case 4:
            ++declared;
            break;
        case 5:
            declared = std::uint64_t{1} << 62;
            break;
        case 6:
            declared |= std::uint64_t{1} << 63;
            break;
        case 7:
            raw.rsv |= 1U << (key_ % 3);
            break;
        case 8:
            raw.fin = !raw.fin;
            break;
        default:
            break;
    }
    if (declared != raw.payload.size()) {
        raw.declared = declared;
        raw.length = declared > 0xFFFF ? wire::LengthForm::bits64 : raw.length;
    }
    if (masked) {
        key_ = static_cast<std::uint8_t>(key_ * 29U + 7U);
        raw.key = wire::Key{std::byte{key_}, std::byte{0x5A}, std::byte{0}, std::byte{0xFF}};
    }
    wire::append_frame(out, raw);
}

void Peer::frame(const Op& op, Buffer& out) {
    const unsigned choice = op.a & 0xFU;
    const bool fin = (op.a & 0x10U) == 0;
    std::uint8_t opcode = 0;
    Buffer payload = op.data;
    if (choice < 7) {  // whatever data frame is legal now
        opcode = in_message_ ? 0 : choice < 4 ? 1 : 2;
        is_text_ = in_message_ ? is_text_ : opcode == 1;
        if (is_text_ && (op.a & 0x20U) == 0) {
            payload = fill(op.data, op.data.size(), true);
        }
    } else if (choice < 11) {
        opcode = choice < 9 ? 9 : 10;
        payload.resize(std::min<std::size_t>(payload.size(), 125));
    } else {
        opcode = static_cast<std::uint8_t>(choice == 11   ? op.b & 0xFU
                                           : choice == 12 ? 0
                                                          : choice - 12);
    }
    wire::RawFrame raw{.opcode = opcode, .payload = payload};
    if (opcode < 8) {
        raw.fin = fin;
        in_message_ = !fin;
    }
    put(raw, damage_of(op.b), out);
}

void Peer::put_fragments(std::uint8_t opcode, std::uint8_t rsv, Bytes payload, std::uint8_t how,
                         Buffer& out) {
    const std::size_t count = 1 + (how & 7U);
    const bool pings = (how & 8U) != 0;
    const std::size_t size = payload.size() / count;
    for (std::size_t i = 0; i < count; ++i) {
        const bool is_last = i + 1 == count;
        const Bytes part = is_last ? payload : payload.first(size);
        payload = payload.subspan(part.size());
        put({.fin = is_last,
             .rsv = i == 0 ? rsv : std::uint8_t{0},
             .opcode = i == 0 ? opcode : std::uint8_t{0},
             .payload = part},
            0, out);
        if (pings && !is_last) {
            put({.opcode = 9, .payload = part.first(std::min<std::size_t>(part.size(), 5))}, 0,
                out);
        }
    }
}

void Peer::message(const Op& op, Buffer& out) {
    const bool is_text = (op.a & 0x80U) == 0;
    put_fragments(is_text ? 1 : 2, 0, fill(op.data, size_of(op.b), is_text), op.a, out);
}

void Peer::compressed(const Op& op, Buffer& out) {
    const bool is_client = engine_ == Role::server;  // which the peer is
    const int bits = !deflate_   ? 15
                     : is_client ? deflate_->client_max_window_bits
                                 : deflate_->server_max_window_bits;
    const bool forgets = deflate_ && (is_client ? deflate_->client_no_context_takeover
                                                : deflate_->server_no_context_takeover);
    Input recipe(op.data);
    const DeflateStream stream = make_stream(recipe, forgets ? Bytes() : Bytes(history_.view()),
                                             std::size_t{1} << bits, damage_of(op.b));
    const bool is_text = (op.a & 0x80U) != 0 &&
                         std::all_of(stream.content.begin(), stream.content.end(), [](std::byte b) {
                             return (b & std::byte{0x80}) == std::byte{0};
                         });
    put_fragments(is_text ? 1 : 2, 4, stream.bytes, op.a, out);
    history_.append(stream.content);
}

void Peer::close(const Op& op, Buffer& out) {
    const std::uint16_t code = code_of(op);
    Buffer payload;
    if ((op.a & 0xC0U) != 0xC0U) {
        payload = {static_cast<std::byte>(code >> 8), static_cast<std::byte>(code & 0xFF)};
        Buffer reason = fill(op.data, op.data.size(), (op.a & 0x20U) == 0);
        reason.resize(std::min<std::size_t>(reason.size(), 123));
        payload.insert(payload.end(), reason.begin(), reason.end());
    }
    put({.opcode = 8, .payload = payload}, damage_of(op.b), out);
}

std::string Peer::request(const Op& op) const {
    const unsigned damage = damage_of(op.b);
    const bool is_absolute = (op.a & 0x10U) != 0;
    const bool is_other = (op.a & 0x20U) != 0;  // the same damage, done otherwise
    std::string text = damage == 1 ? "POST " : "GET ";
    text += is_absolute ? "http://example.com/chat?room=1" : "/chat?room=1";
    text += damage == 2 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
    if (damage != 3) {
        text += line("Host", "example.com");
    }
    text += line("Upgrade", damage == 6 ? "h2c" : "websocket");
    text += line("Connection", damage == 7 ? "close" : "keep-alive, Upgrade");
    text += line("Sec-WebSocket-Key",
                 damage == 4 && !is_other ? "dGhlIHNhbXBsZQ==" : "dGhlIHNhbXBsZSBub25jZQ==");
    if (damage == 4 && is_other) {
        text += line("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    }
    text += line("Sec-WebSocket-Version", damage != 5 ? "13" : is_other ? "013" : "12");
    if (damage == 8 && is_other) {
        text += is_absolute ? line("Content-Length", "5") : line("Transfer-Encoding", "chunked");
    }
    if ((op.a & 1U) != 0) {
        text += line("Sec-WebSocket-Extensions", kOffers[op.b % kOffers.size()]);
    }
    if ((op.a & 2U) != 0) {
        text += line("Sec-WebSocket-Protocol", "chat, echo");
    }
    if ((op.a & 4U) != 0) {
        text += field_of(op);
    }
    if ((op.a & 8U) != 0) {
        text += line("Origin", "http://example.com");
    }
    return text + (damage == 8 && !is_other ? "\n\n" : "\r\n");
}

std::string Peer::response(const Op& op, Bytes request_bytes) {
    wire::HttpRequestReader reader;
    wire::ByteView in = request_bytes;
    const auto request = reader.next(in);
    const auto keys =
        request ? request->values("Sec-WebSocket-Key") : std::vector<std::string_view>();
    const unsigned damage = damage_of(op.b);
    std::string accept = wire::accept_key(keys.empty() ? std::string_view() : keys.front());
    const bool is_other = (op.a & 0x20U) != 0;
    if (damage == 2) {
        spoil(accept, op.a >> 6, is_other);
    }
    std::string text = (op.a & 0x10U) != 0 ? "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" : "";
    text += damage == 7 ? "HTTP/1.0" : "HTTP/1.1";
    text += damage == 1 ? " 400 Bad Request\r\n" : " 101 Switching Protocols\r\n";
    if (damage != 3) {
        text += line("upgrade", "WebSocket");
    }
    text += line("Connection", is_other ? "keep-alive, Upgrade" : "Upgrade");
    text += line("Sec-WebSocket-Accept", accept);
    if (damage == 8) {
        text += line("Sec-WebSocket-Accept", accept);
    }
    const bool was_offered = request && !request->values("Sec-WebSocket-Extensions").empty();
    if (((op.a & 1U) != 0 && was_offered) || damage == 5) {
        text += line("Sec-WebSocket-Extensions", kAgreements[op.b % kAgreements.size()]);
    }
    if ((op.a & 2U) != 0 || damage == 4) {
        text += line("Sec-WebSocket-Protocol", damage != 4 ? "echo" : is_other ? "Echo" : "other");
    }
    if ((op.a & 4U) != 0) {
        text += field_of(op);
    }
    return text + (damage == 6 ? " folded\r\n\r\n" : "\r\n");
}

void Peer::handshake(const Op& op, Bytes request_bytes, Buffer& out) {
    const std::string head = engine_ == Role::server ? request(op) : response(op, request_bytes);
    const Bytes bytes = std::as_bytes(std::span(head));
    out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace wsproof::fuzz
