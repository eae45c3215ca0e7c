// Every error the engine can report, with its kind, its close code and its clause.
#pragma once

#include <cstdint>
#include <string_view>

namespace wsproof {

// CloseCode is a status code of RFC 6455 §7.4. Any 16-bit value is representable: a peer may send
// one we have no name for.
enum class CloseCode : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unsupported_data = 1003,
    no_status = 1005,
    abnormal = 1006,
    invalid_payload = 1007,
    policy_violation = 1008,
    message_too_big = 1009,
    mandatory_extension = 1010,
    internal_error = 1011,
};

// ErrorKind is what callers branch on; the exact Error is for logs and tests. `usage` means:
// refused, nothing changed. All other kinds but `none` are final for the connection.
enum class ErrorKind : std::uint8_t {
    none,
    usage,
    handshake,
    protocol,
    limit,
    timeout,
    transport,
    application,
    memory,
};

// Error has one enumerator per violated requirement; info() gives each one's row.
enum class Error : std::uint8_t {
    none,
    // usage
    wrong_state,
    message_open,
    no_message_open,
    control_too_long,
    unsendable_close_code,
    invalid_utf8_argument,
    invalid_argument,
    output_full,
    // handshake
    malformed_head,
    bad_method,
    bad_http_version,
    bad_host,
    missing_upgrade,
    missing_connection_upgrade,
    bad_key,
    bad_version,
    bad_accept,
    unoffered_subprotocol,
    bad_extension,
    upgrade_refused,
    // protocol
    reserved_bits,
    reserved_opcode,
    missing_mask,
    unexpected_mask,
    length_not_minimal,
    length_msb_set,
    fragmented_control,
    long_control,
    orphan_continuation,
    interrupted_message,
    invalid_utf8,
    bad_deflate,
    one_byte_close,
    invalid_close_code,
    // limit
    head_too_big,
    too_many_fields,
    frame_too_big,
    message_too_big,
    too_many_fragments,
    // timeout
    handshake_timeout,
    pong_timeout,
    close_timeout,
    // transport
    eof_before_close,
    // the application's own reason, see Connection::abort()
    aborted,
    // memory
    out_of_memory,
};
inline constexpr std::uint8_t kErrorCount = static_cast<std::uint8_t>(Error::out_of_memory) + 1;

struct ErrorInfo {
    std::string_view name;  // "orphan_continuation"
    ErrorKind kind;
    CloseCode close_code;       // what RFC 6455 §7.1.7 tells the peer; no_status if nothing
    std::string_view citation;  // "RFC 6455 §5.4"
    std::string_view text;      // a short sentence for people
};

// info returns the row of `error`: a constant table, valid for ever.
[[nodiscard]] const ErrorInfo& info(Error error) noexcept;

// is_sendable says whether `code` may appear on the wire: registered codes but 1004, 1005, 1006 and
// 1015, and the ranges for libraries and private use (RFC 6455 §7.4, IANA registry of 2026-10-05).
[[nodiscard]] bool is_sendable(CloseCode code) noexcept;

}  // namespace wsproof
