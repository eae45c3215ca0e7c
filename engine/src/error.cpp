// The table of errors, one row per enumerator, and the registry of close codes.
#include <array>
#include <cstddef>
#include <wsproof/error.hpp>

namespace wsproof {

namespace {

struct Row {
    Error error;
    ErrorInfo info;
};

constexpr auto kNone = ErrorKind::none;
constexpr auto kUsage = ErrorKind::usage;
constexpr auto kHandshake = ErrorKind::handshake;
constexpr auto kProtocol = ErrorKind::protocol;
constexpr auto kLimit = ErrorKind::limit;
constexpr auto kTimeout = ErrorKind::timeout;
constexpr auto kTransport = ErrorKind::transport;
constexpr auto kApplication = ErrorKind::application;
constexpr auto kMemory = ErrorKind::memory;

// Close codes: RFC 6455 §7.4.1. Before the connection is open there is nothing to send a Close on.
constexpr auto kNo = CloseCode::no_status;
constexpr auto kProtocolError = CloseCode::protocol_error;
constexpr auto kInvalidPayload = CloseCode::invalid_payload;
constexpr auto kTooBig = CloseCode::message_too_big;
constexpr auto kPolicy = CloseCode::policy_violation;

// clang-format off
constexpr std::array kRows = {
    Row{Error::none, {"none", kNone, kNo, "", "no error"}},

    Row{Error::wrong_state, {"wrong_state", kUsage, kNo, "RFC 6455 §4.1", "not possible in this state of the connection"}},
    Row{Error::message_open, {"message_open", kUsage, kNo, "RFC 6455 §5.4", "another message has been begun and is not finished"}},
    Row{Error::no_message_open, {"no_message_open", kUsage, kNo, "RFC 6455 §5.4", "no message has been begun"}},
    Row{Error::control_too_long, {"control_too_long", kUsage, kNo, "RFC 6455 §5.5", "a control frame carries at most 125 bytes"}},
    Row{Error::unsendable_close_code, {"unsendable_close_code", kUsage, kNo, "RFC 6455 §7.4", "this close code may not appear on the wire"}},
    Row{Error::invalid_utf8_argument, {"invalid_utf8_argument", kUsage, kNo, "RFC 6455 §5.6", "the text to be sent is not UTF-8"}},
    Row{Error::invalid_argument, {"invalid_argument", kUsage, kNo, "RFC 6455 §4", "an argument cannot be put on the wire"}},
    Row{Error::output_full, {"output_full", kUsage, kNo, "RFC 6455 §10.4", "too many bytes are waiting to be sent"}},

    Row{Error::malformed_head, {"malformed_head", kHandshake, kNo, "RFC 6455 §4.2.1", "the HTTP head is malformed"}},
    Row{Error::bad_method, {"bad_method", kHandshake, kNo, "RFC 6455 §4.1", "the request's method is not GET"}},
    Row{Error::bad_http_version, {"bad_http_version", kHandshake, kNo, "RFC 6455 §4.1", "the HTTP version is not 1.1 or higher"}},
    Row{Error::bad_host, {"bad_host", kHandshake, kNo, "RFC 6455 §4.2.1", "the Host field is missing or bad"}},
    Row{Error::missing_upgrade, {"missing_upgrade", kHandshake, kNo, "RFC 6455 §4.2.1", "the Upgrade field does not say websocket"}},
    Row{Error::missing_connection_upgrade, {"missing_connection_upgrade", kHandshake, kNo, "RFC 6455 §4.2.1", "the Connection field does not say Upgrade"}},
    Row{Error::bad_key, {"bad_key", kHandshake, kNo, "RFC 6455 §4.2.1", "Sec-WebSocket-Key is missing or bad"}},
    Row{Error::bad_version, {"bad_version", kHandshake, kNo, "RFC 6455 §4.4", "Sec-WebSocket-Version is not 13"}},
    Row{Error::bad_accept, {"bad_accept", kHandshake, kNo, "RFC 6455 §4.1", "Sec-WebSocket-Accept does not answer the key"}},
    Row{Error::unoffered_subprotocol, {"unoffered_subprotocol", kHandshake, kNo, "RFC 6455 §4.1", "the chosen subprotocol was not offered"}},
    Row{Error::bad_extension, {"bad_extension", kHandshake, kNo, "RFC 6455 §9.1", "Sec-WebSocket-Extensions is malformed or was not offered"}},
    Row{Error::upgrade_refused, {"upgrade_refused", kHandshake, kNo, "RFC 6455 §4.1", "the answer to the upgrade was not 101"}},

    Row{Error::reserved_bits, {"reserved_bits", kProtocol, kProtocolError, "RFC 6455 §5.2", "a reserved bit is set without an extension"}},
    Row{Error::reserved_opcode, {"reserved_opcode", kProtocol, kProtocolError, "RFC 6455 §5.2", "the opcode is reserved"}},
    Row{Error::missing_mask, {"missing_mask", kProtocol, kProtocolError, "RFC 6455 §5.1", "a client's frame is not masked"}},
    Row{Error::unexpected_mask, {"unexpected_mask", kProtocol, kProtocolError, "RFC 6455 §5.1", "a server's frame is masked"}},
    Row{Error::length_not_minimal, {"length_not_minimal", kProtocol, kProtocolError, "RFC 6455 §5.2", "the length is not in its shortest form"}},
    Row{Error::length_msb_set, {"length_msb_set", kProtocol, kProtocolError, "RFC 6455 §5.2", "the top bit of the length is set"}},
    Row{Error::fragmented_control, {"fragmented_control", kProtocol, kProtocolError, "RFC 6455 §5.5", "a control frame is fragmented"}},
    Row{Error::long_control, {"long_control", kProtocol, kProtocolError, "RFC 6455 §5.5", "a control frame is longer than 125 bytes"}},
    Row{Error::orphan_continuation, {"orphan_continuation", kProtocol, kProtocolError, "RFC 6455 §5.4", "there is no message to continue"}},
    Row{Error::interrupted_message, {"interrupted_message", kProtocol, kProtocolError, "RFC 6455 §5.4", "a message starts inside another"}},
    Row{Error::invalid_utf8, {"invalid_utf8", kProtocol, kInvalidPayload, "RFC 6455 §8.1", "the text is not UTF-8"}},
    Row{Error::bad_deflate, {"bad_deflate", kProtocol, kInvalidPayload, "RFC 7692 §7.2.2", "the compressed data cannot be inflated"}},
    Row{Error::one_byte_close, {"one_byte_close", kProtocol, kProtocolError, "RFC 6455 §5.5.1", "a Close carries one byte"}},
    Row{Error::invalid_close_code, {"invalid_close_code", kProtocol, kProtocolError, "RFC 6455 §7.4", "the close code may not appear on the wire"}},

    Row{Error::head_too_big, {"head_too_big", kLimit, kNo, "RFC 6455 §10.4", "the HTTP head is longer than allowed"}},
    Row{Error::too_many_fields, {"too_many_fields", kLimit, kNo, "RFC 6455 §10.4", "the HTTP head has more fields than allowed"}},
    Row{Error::frame_too_big, {"frame_too_big", kLimit, kTooBig, "RFC 6455 §10.4", "the frame is longer than allowed"}},
    Row{Error::message_too_big, {"message_too_big", kLimit, kTooBig, "RFC 6455 §10.4", "the message is longer than allowed"}},
    Row{Error::too_many_fragments, {"too_many_fragments", kLimit, kPolicy, "RFC 6455 §10.4", "the message has more fragments than allowed"}},

    Row{Error::handshake_timeout, {"handshake_timeout", kTimeout, kNo, "RFC 6455 §7.1.7", "the opening handshake took too long"}},
    Row{Error::pong_timeout, {"pong_timeout", kTimeout, kPolicy, "RFC 6455 §5.5.2", "the peer did not answer a Ping in time"}},
    Row{Error::close_timeout, {"close_timeout", kTimeout, kNo, "RFC 6455 §7.1.1", "the peer did not answer our Close in time"}},

    Row{Error::eof_before_close, {"eof_before_close", kTransport, kNo, "RFC 6455 §7.1.5", "the transport ended without a closing handshake"}},
    Row{Error::aborted, {"aborted", kApplication, kPolicy, "RFC 6455 §7.1.7", "the application failed the connection"}},
    Row{Error::out_of_memory, {"out_of_memory", kMemory, kNo, "RFC 6455 §7.1.7", "memory ran out"}},
};
// clang-format on
static_assert(kRows.size() == kErrorCount);

consteval bool is_in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (kRows[i].error != static_cast<Error>(i)) {
            return false;
        }
    }
    return true;
}
static_assert(is_in_order(), "info() finds a row by the value of its enumerator");

}  // namespace

const ErrorInfo& info(Error error) noexcept {
    const auto index = static_cast<std::size_t>(error);
    return kRows[index < kRows.size() ? index : 0].info;
}

bool is_sendable(CloseCode code) noexcept {
    const auto value = static_cast<unsigned>(code);
    // RFC 6455 §7.4.1: 1004 has no meaning yet; 1005, 1006 and 1015 are for local use. 1012 to 1014
    // were registered later. §7.4.2: 0-999 are not used, 1016-2999 are reserved for revisions.
    return (value >= 1000 && value <= 1003) || (value >= 1007 && value <= 1014) ||
           (value >= 3000 && value <= 4999);
}

}  // namespace wsproof
