// What Connection::next() returns. Events are trivially copyable; their views die at the next
// non-const call on the Connection or when the input buffer goes away, whichever is first.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <variant>
#include <wsproof/error.hpp>
#include <wsproof/options.hpp>
#include <wsproof/types.hpp>

namespace wsproof {

// UpgradeRequest: a server answers it with accept() or reject(); next() waits until it does.
struct UpgradeRequest {
    std::string_view target;
    std::string_view host;
    std::string_view origin;                         // empty if absent
    std::span<const std::string_view> subprotocols;  // in the client's order of preference
    std::span<const Field> fields;                   // all of them, as sent
};

// Refused: the server answered something other than 101. What came of the body stands in the input
// buffer; the next call of next() discards it.
struct Refused {
    int status;
    std::span<const Field> fields;
};

// Opened: RFC 6455 §4.1, the connection is established.
struct Opened {
    std::string_view subprotocol;              // empty if none
    std::optional<DeflateParameters> deflate;  // permessage-deflate was negotiated, RFC 7692
    std::span<const Field> fields;             // client: of the response; server: empty
};

// MessageData is a piece of a message: unmasked, inflated; text is valid as far as it goes (RFC
// 6455 §8.1), but a piece may split a code point.
struct MessageData {
    MessageType type;
    bool first;
    bool last;
    Bytes payload;  // inside the caller's buffer or the inflate chunk
};

struct Ping {
    Bytes payload;
};

struct Pong {
    Bytes payload;
};

// CloseReceived: the peer's Close; code is no_status if it had none (RFC 6455 §7.1.5).
struct CloseReceived {
    CloseCode code;
    std::string_view reason;
};

// Failed: RFC 6455 §7.1.7, we fail the connection. `offset` counts all received bytes, handshake
// included, up to and with the one that offends; in a compressed message, up to and with the header
// of the frame that offends. It does not depend on how the input was cut.
struct Failed {
    Error error;
    std::uint64_t offset;
};

// Closed: RFC 6455 §7.1.4, exactly once and always last.
struct Closed {
    bool clean;      // a Close went each way
    CloseCode code;  // RFC 6455 §7.1.5: the peer's, no_status if it had none, abnormal without one
    Error error;     // none if clean; what Failed said, or close_timeout, or eof_before_close
};

using Event = std::variant<UpgradeRequest, Refused, Opened, MessageData, Ping, Pong, CloseReceived,
                           Failed, Closed>;
static_assert(std::is_trivially_copyable_v<Event>);

}  // namespace wsproof
